"""Where GraphiQL's files are found: below the endpoint, so that a team that mounts it moves them along."""

from typing import Final

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from punnet.server.graphiql.assets import graphiql_assets

ASSETS_PATH: Final = "/-/graphiql"


def graphiql_routes(path: str) -> list[BaseRoute]:
    """List what GraphiQL's page needs beside the endpoint that serves it, found at `path` in the same app.

    Put it before a mount of the endpoint, which would swallow everything below its path.
    """
    return [Mount(f"{path.rstrip('/')}{ASSETS_PATH}", app=graphiql_assets, name="graphiql")]


def leading_to(path: str, otherwise: ASGIApp) -> ASGIApp:
    """An app for what no route answers: it leads from the root to GraphiQL, which is what a person looks for there."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] == f"{root}/":
            await RedirectResponse(f"{root}{path}")(scope, receive, send)
        else:
            await otherwise(scope, receive, send)

    return app
