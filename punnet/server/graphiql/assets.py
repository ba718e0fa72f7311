"""The files that GraphiQL's build step writes."""

import os
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from punnet.server.graphiql.policy import SECURITY_HEADERS

DIST: Final = Path(__file__).parent / "dist"

# Said here and not asked of the system, whose tables differ: some call JavaScript plain text, which a browser
# refuses to run.
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}

# Every name holds a hash of the content, so what a name stands for never changes.
IMMUTABLE: Final = "public, max-age=31536000, immutable"


class GraphiqlAssets(StaticFiles):
    """An ASGI app for the built scripts, styles and workers; without a build, nothing is found."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by itself also when something is missing: the app around it may not know HTTPException."""
        try:
            await super().__call__(scope, receive, send)
        except HTTPException as missing:
            response = PlainTextResponse(
                missing.detail, missing.status_code, {**SECURITY_HEADERS, **(missing.headers or {})}
            )
            await response(scope, receive, send)

    async def check_config(self) -> None:
        """Accept a folder that is not there (yet): its files are just not found."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Send the gzipped twin of a file to those who take it."""
        suffix = os.path.splitext(path)[1]
        if suffix not in MEDIA_TYPES:
            raise HTTPException(status_code=404)
        accepts_gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        response = await super().get_response(f"{path}.gz" if accepts_gzip else path, scope)
        response.headers["cache-control"] = IMMUTABLE
        response.headers["vary"] = "accept-encoding"
        response.headers.update(SECURITY_HEADERS)
        if response.status_code != 304:
            response.headers["content-type"] = MEDIA_TYPES[suffix]
            if accepts_gzip:
                response.headers["content-encoding"] = "gzip"
        return response


graphiql_assets: Final = GraphiqlAssets(DIST / "assets")
