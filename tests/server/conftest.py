from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from punnet import Settings
from tests.server.serving import serving


@pytest.fixture(scope="session")
async def shop(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    """The sample shop, served."""
    async with serving(Settings(database_url=shop_url)) as client:
        yield client
