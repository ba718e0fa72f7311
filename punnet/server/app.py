"""The FastAPI app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from punnet.configuration.configuration import Configuration
from punnet.schema.build import OwnCode
from punnet.server.endpoint import ContextOf, GraphQLEndpoint
from punnet.server.graphiql import graphiql_routes, leading_to
from punnet.server.identity import GatewayIdentity, anonymous
from punnet.server.log import configure_log_unless_done
from punnet.server.runtime import Runtime
from punnet.server.settings import Settings


class PunnetApp(FastAPI):
    """A FastAPI app that hands its endpoint's requests over before it does anything else with them.

    FastAPI's stack costs a small request as much as all of our own work. A team's middleware is not passed over:
    with any, every request goes through the stack.
    """

    def __init__(self, path: str, endpoint: ASGIApp, *, lifespan: Lifespan[Any]) -> None:
        super().__init__(title="Punnet", lifespan=lifespan, openapi_url=None)
        self._path = path
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if (
            scope["type"] == "http"
            and not self.user_middleware
            and scope["path"].removeprefix(scope.get("root_path", "")) == self._path
        ):
            scope["app"] = self
            await self._endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings | Configuration, own: OwnCode | None = None, context_of: ContextOf | None = None
) -> FastAPI:
    """The app that serves a database or a configuration: GraphQL at its path, and `/healthz` and `/readyz`.

    It can be served as it is, or mounted in a team's own app. Starlette does not run the lifespan of an app that is
    mounted, so the team's app has to, either as its own or inside it:

        graphql = create_app(settings)
        app = FastAPI(lifespan=graphql.router.lifespan_context)
        app.mount("/api", graphql)

        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with graphql.router.lifespan_context(app):
                yield

    Args:
        settings: what to serve, and how.
        own: a team's Strawberry types beside the generated ones.
        context_of: what a team's resolvers find in `info.context.extra`, made for each request.
    """
    configure_log_unless_done()
    return make_app(Runtime(settings, own), context_of)


def make_app(runtime: Runtime, context_of: ContextOf | None = None, *, is_patient: bool = False) -> FastAPI:
    """The app around a runtime, which it starts unless that has been done, and stops.

    Args:
        runtime: what is served.
        context_of: see `create_app`.
        is_patient: whether to wait even for a database that refuses us, instead of ending.
    """
    settings = runtime.configuration.server

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await (runtime.start_patiently() if is_patient else runtime.start())
        try:
            yield
        finally:
            await runtime.stop()

    endpoint = GraphQLEndpoint(
        lambda: runtime.engine,
        graphiql=settings.graphiql,
        max_body_bytes=settings.max_body_bytes,
        context_of=context_of,
        identify=anonymous if settings.identity is None else GatewayIdentity(settings.identity),
        federated_tracing=settings.federated_tracing,
        max_operations=settings.max_operations,
        stopping=runtime.stopping,
    )
    app = PunnetApp(settings.path, endpoint, lifespan=lifespan)
    app.state.runtime = runtime
    if settings.graphiql:
        app.router.routes.extend(graphiql_routes(settings.path))
        app.router.default = leading_to(settings.path, app.router.default)
    app.router.routes.append(Route(settings.path, endpoint, methods=None))

    _add_probes(app, runtime)
    return app


def _add_probes(app: FastAPI, runtime: Runtime) -> None:
    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        """Whether the process answers at all."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether requests can be answered, and if not, why."""
        readiness = await runtime.check()
        if readiness.state == "ready":
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": readiness.state, "reason": readiness.reason}, status_code=503)
