"""A configuration of the documentation, served."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check as configured
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment, Way

Runtimes = Mapping[Way, Runtime]
Environment = Mapping[str, str]


@asynccontextmanager
async def served(text: str, environment: Environment) -> AsyncIterator[Runtimes]:
    """What the configuration serves, in each way."""
    configuration = configured(tomllib.loads(text), environment)
    assert isinstance(configuration, Configuration), configuration
    async with AsyncExitStack() as stack:
        runtimes = {way: Runtime(Deployment(configuration=configuration, way=way)) for way in Way}
        for runtime in runtimes.values():
            stack.push_async_callback(runtime.stop)
            await runtime.start()
        yield runtimes
