from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.catalog.plurals import IRREGULAR, IRREGULAR_ENDINGS, UNCOUNTABLE, plural, singular

PAIRS = """
category categories, status statuses, address addresses, box boxes, person people, child children, user
users, bus buses, day days, key keys, query queries, company companies, tax taxes, index indexes, match
matches, class classes, process processes, business businesses, house houses, warehouse warehouses, purchase
purchases, license licenses, response responses, database databases, cache caches, movie movies, menu menus,
hero heroes, photo photos, shoe shoes, quiz quizzes, leaf leaves, life lives, move moves, archive archives,
cpu cpus, api apis, taxi taxis, analysis analyses, alias aliases, schema schemas, quota quotas, bonus
bonuses, virus viruses, campus campuses, lens lenses, size sizes, case cases, release releases, expense
expenses, woman women, salesman salesmen, human humans, specimen specimens, salesperson salespeople,
grandchild grandchildren, criterion criteria, matrix matrices, tie ties, use uses, cause causes, clause
clauses, branch branches, wish wishes, inventory inventories, currency currencies, city cities, sale sales,
detail details, setting settings, image images, invoice invoices, price prices, device devices, language
languages, employee employees, axis axes, epoch epochs, territory territories, survey surveys, chief chiefs,
video videos, id ids, coach coaches, headache headaches, exercise exercises, base bases, course courses,
horse horses, universe universes, issue issues, queue queues, value values, metric metrics, gas gases, hash
hashes, foot feet, vertex vertices, waltz waltzes
"""


@pytest.mark.parametrize("pair", PAIRS.replace("\n", " ").split(","))
def test_the_words_of_databases_go_both_ways(pair: str) -> None:
    one, many = pair.split()
    assert (plural(one), singular(many), plural(many), singular(one)) == (many, one, many, one)


@pytest.mark.parametrize("word", ["news", "series", "species", "data", "metadata", "media", "equipment", "userdata"])
def test_some_words_have_one_form(word: str) -> None:
    assert (singular(word), plural(word)) == (word, word)


@pytest.mark.parametrize(("many", "one"), [("indices", "index"), ("cacti", "cactus"), ("volcanos", "volcano")])
def test_second_plurals_are_understood(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize("word", ["", "x", "v2", "2024"])
def test_what_is_no_word_has_one_form(word: str) -> None:
    assert (singular(word), plural(word)) == (word, word)


words = st.sampled_from(sorted({*IRREGULAR, *IRREGULAR.values(), *IRREGULAR_ENDINGS, *UNCOUNTABLE}))
stems = st.text(alphabet="abcdefghiklmnoprstuvwxyz", max_size=5)
endings = st.sampled_from(["", "s", "es", "y", "ies", "ch", "ches", "x", "xes", "ss", "sses", "is", "men", "children"])
made_up = st.builds("".join, st.tuples(stems, endings))


@given(word=words | made_up)
def test_the_singular_of_a_singular_is_itself(word: str) -> None:
    assert singular(singular(word)) == singular(word)


# `bayous` could be a singular like `status`, `alias` or `lens` a plural, and `busses` is the plural of `bus`, too.
@given(word=words | made_up.filter(lambda word: not singular(word).endswith(("u", "xi", "si", "sse", "uss", "gass"))))
def test_the_plural_of_a_plural_is_itself(word: str) -> None:
    assert plural(plural(word)) == plural(word)
