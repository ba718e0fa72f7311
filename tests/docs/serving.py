"""A configuration of the documentation, served."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check as configured
from punnet.server.service import Service
from punnet.server.settings import Deployment, Way

Services = Mapping[Way, Service]
Environment = Mapping[str, str]


@asynccontextmanager
async def served(text: str, environment: Environment) -> AsyncIterator[Services]:
    """What the configuration serves, in each way."""
    configuration = configured(tomllib.loads(text), environment)
    assert isinstance(configuration, Configuration), configuration
    async with AsyncExitStack() as stack:
        services = {way: Service(Deployment(configuration=configuration, way=way)) for way in Way}
        for service in services.values():
            stack.push_async_callback(service.stop)
            await service.start()
        yield services
