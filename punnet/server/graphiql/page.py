"""GraphiQL's page, as the GraphQL endpoint answers a browser."""

from html import escape
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from punnet.server.graphiql.assets import DIST
from punnet.server.graphiql.missing import render_missing
from punnet.server.graphiql.policy import SECURITY_HEADERS
from punnet.server.graphiql.routes import ASSETS_PATH


def wants_graphiql(scope: Scope) -> bool:
    """Whether a person in a browser asks, and not a client with a query in the URL."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    request = Request(scope)
    return "query" not in request.query_params and "text/html" in request.headers.get("accept", "").lower()


async def graphiql_page(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with GraphiQL or, where it was never built, with how to get it."""
    try:
        # Read at each request, for it is small, and a build becomes visible without a restart.
        built = await anyio.Path(DIST / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        page = render_missing(endpoint=str(Request(scope).url.replace(query="", fragment="")))
    else:
        page = built.replace("{assets}", escape(assets_url(scope["path"])))
    # The page names the hashed files, so it must always be fresh.
    response = HTMLResponse(page, headers={**SECURITY_HEADERS, "cache-control": "no-cache", "vary": "accept"})
    await response(scope, receive, send)


def assets_url(path: str) -> str:
    """Say where the assets are, as a URL relative to a page at `path`.

    Relative, because a proxy in front may add a prefix that we never see. A browser resolves it against the
    page's folder, which ends before the last segment of the path.
    """
    last_segment = path.rpartition("/")[2]
    return f"./{quote(last_segment)}{ASSETS_PATH}" if last_segment else f".{ASSETS_PATH}"
