"""The FastAPI app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Route

from punnet.schema.build import OwnCode
from punnet.server.endpoint import ContextOf, GraphQLEndpoint
from punnet.server.graphiql import graphiql_routes
from punnet.server.service import Service
from punnet.server.settings import Settings


def create_app(settings: Settings, own: OwnCode | None = None, context_of: ContextOf | None = None) -> FastAPI:
    """The app that serves a database: GraphQL at `settings.path`, and `/healthz` and `/readyz`.

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
    return make_app(Service(settings, own), context_of)


def make_app(service: Service, context_of: ContextOf | None = None, *, is_patient: bool = False) -> FastAPI:
    """The app around a service, which it starts unless that has been done, and stops.

    Args:
        service: what is served.
        context_of: see `create_app`.
        is_patient: whether to wait even for a database that refuses us, instead of ending.
    """
    settings = service.settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await (service.start_patiently() if is_patient else service.start())
        try:
            yield
        finally:
            await service.stop()

    app = FastAPI(title="Punnet", lifespan=lifespan, openapi_url=None)
    app.state.service = service
    endpoint = GraphQLEndpoint(
        lambda: service.engine,
        graphiql=settings.graphiql,
        max_body_bytes=settings.max_body_bytes,
        context_of=context_of,
    )
    if settings.graphiql:
        app.router.routes.extend(graphiql_routes(settings.path))
    app.router.routes.append(Route(settings.path, endpoint, methods=None))

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        """Whether the process answers at all."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether requests can be answered, and if not, why."""
        readiness = await service.check()
        if readiness.state == "ready":
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": readiness.state, "reason": readiness.reason}, status_code=503)

    return app
