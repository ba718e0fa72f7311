"""Random representations of every kind of entity are answered alike both ways."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.joins.depot import Depot
from tests.joins.ways import JoinedWays
from tests.random_examples import quick

QUICK = quick(35)

SKUS = st.sampled_from(["BER-0001", "APL-0001", "CHE-0001", "no such thing", 'ü\\"/'])
NUMBERS = st.integers(-1, 9)
ANYTHING = st.sampled_from([None, True, 1.5, 2**40, "", "x", [], ["x"], {}, {"id": 1}, "\x00", "7"])
TEXTS = st.sampled_from(["theirs", "", "a/b?c", "2"])
MAKERS = st.fixed_dictionaries({"id": NUMBERS | TEXTS}, optional={"town": TEXTS, "other": ANYTHING})

KINDS: dict[str, tuple[dict[str, st.SearchStrategy[Any]], dict[str, st.SearchStrategy[Any]]]] = {
    "Article": (
        {"id": NUMBERS | TEXTS, "sku": SKUS},
        {"note": TEXTS, "price": NUMBERS},
    ),
    "Maker": ({"id": NUMBERS}, {"town": TEXTS}),
    "Variant": ({"sku": SKUS, "maker": MAKERS}, {}),
    "Place": ({"order": st.integers(1, 9), "line": st.integers(1, 3)}, {}),
    "Carrier": ({"id": TEXTS}, {}),
    "Item": ({"sku": SKUS}, {"season": ANYTHING}),
    "Shipment": ({"orderId": NUMBERS}, {"carrierId": TEXTS}),
    "Supplier": ({"id": NUMBERS}, {"name": TEXTS}),
    "Product": ({"id": NUMBERS}, {"sku": SKUS, "stock": NUMBERS, "description": TEXTS}),
    "Nothing": ({"id": NUMBERS}, {}),
}
SELECTION = """
  __typename
  ... on Article { id note price
    item { sku onHand supplierId } product { name described } reviews(first: 2) { nodes { rating } } echo twin { id } }
  ... on Variant { sku maker { id categories { totalCount } } item { season } }
  ... on Maker { id categories(first: 1) { nodes { name maker { id } } } }
  ... on Place { order line shelf }
  ... on Item { sku onHand season bins { code } }
  ... on Shipment { orderId weight carrier { id } carried stops { town } }
  ... on Supplier { id name }
  ... on Product { id sku described stockThing { id kind } stockMaker { id categories { totalCount } }
    article { id item { sku } twin { id product { id } } } category { maker { id } } }
"""


@st.composite
def representations(draw: st.DrawFn, *, wrong: bool) -> dict[str, Any]:
    """One of any type; with `wrong` any of its values may be anything, or not there."""
    name = draw(st.sampled_from([*KINDS][: None if wrong else -1]))
    whole, others = KINDS[name]
    made: dict[str, Any] = draw(st.fixed_dictionaries(whole, optional=others))
    if wrong:
        made |= draw(st.dictionaries(st.sampled_from([*whole, *others]), ANYTHING, max_size=1))
    return {"__typename": name, **made}


async def agreed(subgraph: JoinedWays, asked: list[Any]) -> None:
    query = f"query ($of: [_Any!]!) {{ _entities(representations: $of) {{ {SELECTION} }} }}"
    await subgraph.agreed(query, {"of": asked})


@QUICK
@given(asked=st.lists(representations(wrong=False), min_size=1, max_size=12))
async def test_both_ways_agree(built_subgraph: JoinedWays, depot: Depot, asked: list[Any]) -> None:
    await agreed(built_subgraph, asked)


@QUICK
@given(asked=st.lists(representations(wrong=True) | ANYTHING.filter(lambda item: item is not None), max_size=8))
async def test_both_ways_agree_on_wrong_ones(built_subgraph: JoinedWays, depot: Depot, asked: list[Any]) -> None:
    await agreed(built_subgraph, asked)
