"""Random operations over joined sources are answered alike both ways, in no more calls than their keys need."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.joins.depot import Depot
from tests.joins.selections import DEPTH, operations
from tests.joins.ways import Joined, JoinedWays
from tests.random_examples import at_length, quick
from tests.sources.http.transport.upstreams import Seen, status

QUICK = quick(35)
AT_LENGTH = at_length(1_500)

BATCHES = {"/items": 100, "/quotes": 5, "/notes": 100, "/marks": 4, "/spots": 100, "/weights": 7}
"""The most keys of each call that has a batch form."""
TROUBLE = ("/shipments/[35]$", "/suppliers/[37]$", "/suppliers/.*/goods", "/items\\?", "/quotes", "/weights", "/echo")


def keys_of(seen: Seen) -> list[str]:
    """The keys of a call with a batch form."""
    query = parse_qs(urlsplit(seen.path).query)
    if seen.body:
        [keys] = json.loads(seen.body).values()
        return [json.dumps(key) for key in keys]
    [values] = query.values()
    return [key for value in values for key in value.replace("|", ",").split(",")]


def assert_no_needless_call(answer: Joined, query: str) -> None:
    by_path: dict[str, list[Seen]] = {}
    for seen in answer.calls:
        by_path.setdefault(urlsplit(seen.path).path, []).append(seen)
    for path, calls in by_path.items():
        if path not in BATCHES:
            # An unbatched key makes a path of its own; `search` and the roots are asked by their arguments.
            assert Counter(seen.path for seen in calls).most_common(1)[0][1] == 1, f"{query}\n{answer.targets}"
            continue
        asked = [seen for seen in calls if "sku=a&sku=b" not in seen.path]
        keys = [key for seen in asked for key in keys_of(seen)]
        assert len(keys) == len(set(keys)), f"{query}\n{answer.targets}"
        assert len(asked) <= len(keys) // BATCHES[path] + DEPTH, f"{query}\n{answer.targets}"


async def compare(ways: JoinedWays, query: str, trouble: set[str]) -> None:
    ways.depot.reset()
    ways.depot.trouble.update({pattern: status(500) for pattern in trouble})
    resolved = await ways.resolved(query)
    compiled = await ways.compiled(query)
    asked = f"\n{query}\n{trouble}\ncompiled {compiled.body!r}\nresolved {resolved.body!r}"
    assert not compiled.has_no_plan, asked
    assert compiled.same_as(resolved), asked
    assert resolved.codes <= {"SOURCE_FAILED"}, asked
    assert trouble or not resolved.errors, asked
    assert_no_needless_call(compiled, query)
    assert_no_needless_call(resolved, query)
    if not trouble:
        assert keys_asked(compiled) == keys_asked(resolved), asked


def keys_asked(answer: Joined) -> set[tuple[str, str]]:
    asked: set[tuple[str, str]] = set()
    for seen in answer.calls:
        path = urlsplit(seen.path).path
        keys = keys_of(seen) if path in BATCHES else [seen.path]
        asked |= {(path, key) for key in keys}
    return asked


@QUICK
@given(data=st.data())
async def test_both_ways_agree(built: JoinedWays, depot: Depot, data: st.DataObject) -> None:
    await compare(built, data.draw(operations(built.schema)), set())


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_trouble(built: JoinedWays, depot: Depot, data: st.DataObject) -> None:
    trouble = data.draw(st.sets(st.sampled_from(TROUBLE), min_size=1, max_size=3))
    await compare(built, data.draw(operations(built.schema)), trouble)


@pytest.mark.judge
@AT_LENGTH
@given(data=st.data())
async def test_both_ways_agree_at_length(built: JoinedWays, depot: Depot, data: st.DataObject) -> None:
    trouble = data.draw(st.sets(st.sampled_from(TROUBLE), max_size=2))
    await compare(built, data.draw(operations(built.schema)), trouble)
