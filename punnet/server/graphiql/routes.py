"""Where GraphiQL's files are found: below the endpoint, so that a team that mounts it moves them along."""

from typing import Final

from starlette.routing import BaseRoute, Mount

from punnet.server.graphiql.assets import graphiql_assets

ASSETS_PATH: Final = "/-/graphiql"


def graphiql_routes(path: str) -> list[BaseRoute]:
    """List what GraphiQL's page needs beside the endpoint that serves it, found at `path` in the same app.

    Put it before a mount of the endpoint, which would swallow everything below its path.
    """
    return [Mount(f"{path.rstrip('/')}{ASSETS_PATH}", app=graphiql_assets, name="graphiql")]
