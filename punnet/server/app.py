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

    It can be served as it is or mounted in a team's own FastAPI app, whose lifespan then has to run this one's:
    `app.router.lifespan_context(app)`.

    Args:
        settings: what to serve, and how.
        own: a team's Strawberry types beside the generated ones.
        context_of: what a team's resolvers find in `info.context.extra`, made for each request.
    """
    return make_app(Service(settings, own), context_of)


def make_app(service: Service, context_of: ContextOf | None = None) -> FastAPI:
    """The app around a service, which it starts unless that has been done, and stops."""
    settings = service.settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.start()
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
        readiness = service.readiness
        if readiness.state == "ready":
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": readiness.state, "reason": readiness.reason}, status_code=503)

    return app
