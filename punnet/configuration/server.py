"""`[server]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from punnet.configuration.identity import IdentityConfiguration
from punnet.configuration.section import Seconds, Section


def _url_path(text: str) -> str:
    if not text.startswith("/") or any(character in text for character in "?#{} "):
        raise ValueError("wants the path of a URL such as '/graphql'")
    return text


UrlPath = Annotated[str, AfterValidator(_url_path)]


class ServerConfiguration(Section):
    """How the API is served."""

    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    workers: int = Field(default=1, ge=1, le=256, description="Processes that answer.")
    path: UrlPath = Field(default="/graphql", description="Where the endpoint is mounted.")
    graphiql: bool = Field(default=True, description="Whether a browser gets GraphiQL at the endpoint.")
    max_body_bytes: int = Field(default=1_000_000, ge=1, description="The largest request body.")
    max_operations: int = Field(default=10, ge=1, description="Operations that one request may hold, as an array.")
    retry_interval_s: Seconds = Field(
        default=1, description="How long to wait between attempts to reach a source that is down."
    )
    stop_timeout_s: Seconds = Field(
        default=5, description="How long requests at work have to end when the server is told to stop."
    )
    stop_delay_s: float = Field(
        default=0,
        ge=0,
        allow_inf_nan=False,
        description="How long to go on after SIGTERM, while `/readyz` answers 503, before requests are refused.",
    )
    document_cache_size: int = Field(default=1000, ge=1, description="Parsed documents to keep.")
    plan_cache_size: int = Field(default=2000, ge=1, description="Plans to keep, of all operations together.")
    federated_tracing: bool = Field(
        default=False, description="Whether a gateway that asks for it is told how long each field took."
    )
    identity: IdentityConfiguration | None = Field(default=None, description="How a gateway says who asks.")
