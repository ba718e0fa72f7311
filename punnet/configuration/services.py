"""What is said about any HTTP service: how it is called, and as whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, model_validator

from punnet.configuration.headers import HeaderName, HeaderValue
from punnet.configuration.problems import Finding
from punnet.configuration.section import FilePath, Prefix, Seconds, Section, ServiceUrl, refuse

HostText = Annotated[str, StringConstraints(to_lower=True)]


class OAuth2Configuration(Section):
    """OAuth 2 client credentials, by which a service knows this server."""

    token_url: ServiceUrl = Field(description="Where tokens are given out.")
    client_id: str = Field(min_length=1, description="This server's name there.")
    client_secret: SecretStr = Field(description="Its secret.")
    scopes: tuple[str, ...] = Field(default=(), description="What to ask for; empty: what is given.")
    audience: str | None = Field(default=None, description="Which service the token is for, where that is asked.")
    secret_in_body: bool = Field(
        default=False, description="Whether id and secret go in the form, where the Basic scheme is not taken."
    )
    refresh_before_s: float = Field(
        default=30, ge=0, allow_inf_nan=False, description="How long before its end a token is replaced."
    )


class ServiceConfiguration(Section):
    """What all HTTP services have in common. The limits are those of each worker."""

    prefix: Prefix | None = Field(default=None, description="What the names of its types and root fields begin with.")
    mutations: bool = Field(default=False, description="Whether operations other than GET are served, as mutations.")
    headers: Mapping[HeaderName, HeaderValue] = Field(default_factory=dict, description="Sent with every call.")
    forward_headers: tuple[HeaderName, ...] = Field(
        default=(), description="Headers of the client's request that are passed on."
    )
    oauth2: OAuth2Configuration | None = Field(default=None, description="OAuth 2 client credentials.")
    connect_timeout_s: Seconds = Field(default=3, description="How long making a connection may take.")
    total_timeout_s: Seconds = Field(
        default=10, description="How long a call may take: waiting, retries and redirects included."
    )
    concurrency: int = Field(default=50, ge=1, description="Calls at the same time.")
    queue: int = Field(default=1000, ge=0, description="Calls that may wait for a place; further ones fail at once.")
    attempts: int = Field(
        default=3, ge=1, le=10, description="How often an idempotent call is tried, the first time included."
    )
    backoff_base_s: float = Field(
        default=0.1, ge=0, allow_inf_nan=False, description="The longest wait before the first retry; it doubles."
    )
    backoff_cap_s: float = Field(default=2, ge=0, allow_inf_nan=False, description="The longest wait before any retry.")
    breaker_failures: int = Field(
        default=10, ge=1, description="Failures that open the breaker, if they are half of the window's calls or more."
    )
    breaker_window_s: Seconds = Field(default=10, description="For how long a failure counts.")
    breaker_open_s: Seconds = Field(default=5, description="How long the service is left alone before a probe.")
    max_calls: int = Field(default=1000, ge=1, description="Calls in one operation.")
    max_response_bytes: int = Field(default=10_000_000, ge=1, description="The largest answer, unpacked.")
    cache_bytes: int = Field(
        default=16_000_000, ge=0, description="Memory for answers that may be cached; 0: no cache."
    )
    ca_file: FilePath | None = Field(
        default=None, description="PEM file of the authorities to trust, instead of the system's."
    )
    client_certificate: FilePath | None = Field(default=None, description="PEM file of the certificate to show.")
    client_key: FilePath | None = Field(default=None, description="PEM file of its key.")
    verify: bool = Field(default=True, description="Whether the service must show a valid certificate.")
    http2: bool = Field(default=False, description="Whether HTTP/2 may be agreed on, over TLS.")
    max_redirects: int = Field(default=5, ge=0, description="Redirects that a call follows.")
    redirect_hosts: tuple[HostText, ...] = Field(
        default=(), description="Other hosts, `host` or `host:port`, that redirects may lead to."
    )
    redirect_downgrade: bool = Field(default=False, description="Whether a redirect may lead from https to http.")

    @model_validator(mode="after")
    def _says_everything_once(self) -> ServiceConfiguration:
        refuse([*self._header_findings(), *self._certificate_findings()])
        return self

    def _header_findings(self) -> Iterator[Finding]:
        seen = {"authorization"} if self.oauth2 is not None else set()
        for name in self.headers:
            if name.lower() in seen:
                is_token = self.oauth2 is not None and name.lower() == "authorization"
                what = "is set already by oauth2" if is_token else "is there already in another case"
                yield Finding(location=("headers", name), what=what)
            seen.add(name.lower())

    def _certificate_findings(self) -> Iterator[Finding]:
        if self.client_key is not None and self.client_certificate is None:
            yield Finding(location=("client_key",), what="wants a client_certificate beside it")
