"""Random operations are answered alike both ways, also where a configuration says more than the database does."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.catalog.overrides import ColumnOverride, LinkEnd, Overrides, RelationOverride, RelationshipOverride
from punnet.catalog.relations import WayBack
from punnet.schema.build import Choices
from tests.differential.api import Api, api_of
from tests.differential.comparing import AT_LENGTH, QUICK, compare
from tests.differential.operations import operations
from tests.engines import both_ways

# Where a field that may not be null fails at once, graphql-core leaves the coroutines of its siblings unawaited.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Collect them here, so that no later test is blamed."""
    yield
    gc.collect()


def _ids(table: str, *columns: str, name: str | None = None, key: tuple[str, ...] = ()) -> RelationOverride:
    """Columns as IDs, the first one by another name."""
    return RelationOverride(
        source="default",
        relation=f"public.{table}",
        name=name,
        key=key,
        columns=tuple(
            ColumnOverride(column=column, is_id=True, name=None if number else "theId")
            for number, column in enumerate(columns)
        ),
    )


def _link(
    table: str, column: str, *, to: str, key: str = "id", non_null: bool = False, way_back: WayBack = "connection"
) -> RelationshipOverride:
    return RelationshipOverride(
        source="default",
        start=LinkEnd(relation=f"public.{table}", columns=(column,)),
        target=LinkEnd(relation=f"public.{to}", columns=(key,)),
        non_null=non_null,
        way_back=way_back,
    )


OVERRIDES = Overrides(
    relations=[
        _ids("orders", "id", "customer_id", name="PurchaseOrder"),
        _ids("order_lines", "order_id", "product_id"),
        _ids("products", "id", "sku", "stock"),
        _ids("categories", "slug", "parent_id"),
        _ids("best_sellers", "product_id", name="Best", key=("product_id",)),
        _ids("monthly_revenue", "category_id", name="Turnover", key=("month", "category_id")),
    ],
    relationships=[
        _link("best_sellers", "product_id", to="products"),
        _link("reviews", "product_id", to="best_sellers", key="product_id"),
        _link("reviews", "product_id", to="products", way_back="list"),
        _link("order_lines", "product_id", to="products", non_null=True, way_back="list"),
        _link("order_lines", "order_id", to="orders", non_null=True, way_back="list"),
        _link("orders", "customer_id", to="customers", non_null=True, way_back="list"),
        _link("categories", "parent_id", to="categories", way_back="list"),
    ],
)


@pytest.fixture(scope="session")
async def overridden(shop_url: str) -> AsyncIterator[Api]:
    async with both_ways(shop_url, choices=Choices(overrides=OVERRIDES)) as ways:
        yield await api_of(ways, is_small=False)


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_a_shop_with_overrides(overridden: Api, data: st.DataObject) -> None:
    await compare(overridden, data.draw(operations(overridden)))


@pytest.mark.judge
@AT_LENGTH
@given(data=st.data())
async def test_both_ways_agree_on_a_shop_with_overrides_at_length(overridden: Api, data: st.DataObject) -> None:
    await compare(overridden, data.draw(operations(overridden)))
