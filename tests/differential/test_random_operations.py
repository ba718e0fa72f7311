"""Random operations are answered alike both ways, byte for byte, in as few statements as each way promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.differential.api import Api, api_of
from tests.differential.comparing import AT_LENGTH, QUICK, compare
from tests.differential.operations import operations
from tests.engines import Ways


@pytest.fixture(scope="session")
async def shop_api(shop: Ways) -> Api:
    return await api_of(shop, is_small=False)


@pytest.fixture(scope="session")
async def nasty_api(nasty: Ways) -> Api:
    return await api_of(nasty, is_small=True)


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_the_shop(shop_api: Api, data: st.DataObject) -> None:
    await compare(shop_api, data.draw(operations(shop_api)))


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_the_nasty_database(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(operations(nasty_api)))


@pytest.mark.judge
@AT_LENGTH
@given(data=st.data())
async def test_both_ways_agree_on_the_shop_at_length(shop_api: Api, data: st.DataObject) -> None:
    await compare(shop_api, data.draw(operations(shop_api)))


@pytest.mark.judge
@AT_LENGTH
@given(data=st.data())
async def test_both_ways_agree_on_the_nasty_database_at_length(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(operations(nasty_api)))
