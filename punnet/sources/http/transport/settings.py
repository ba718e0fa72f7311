"""How one HTTP service is called: limits, trouble, TLS, headers."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class OAuthSettings(BaseModel):
    """OAuth 2 client credentials (RFC 6749, section 4.4): Punnet itself is the service's user."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_url: str = Field(description="Where tokens are given out.")
    client_id: str = Field(description="Punnet's name at the authorization server.")
    client_secret: SecretStr = Field(description="Its secret.")
    scopes: tuple[str, ...] = Field(default=(), description="What to ask for; empty: what the server gives.")
    audience: str | None = Field(default=None, description="Which service the token is for, where the server asks.")
    secret_in_body: bool = Field(
        default=False, description="Send id and secret in the form, for servers that do not take the Basic scheme."
    )
    refresh_before_s: float = Field(
        default=30, ge=0, description="How long before its end a token is replaced; at most half of its life."
    )


class ServiceSettings(BaseModel):
    """What a call of the service may take, and what happens in trouble. A worker process has these for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout_s: float = Field(default=3, gt=0, description="How long making a connection may take.")
    total_timeout_s: float = Field(
        default=10, gt=0, description="How long a call may take: waiting, retries and redirects included."
    )
    concurrency: int = Field(default=50, ge=1, description="Calls of the service at the same time.")
    queue: int = Field(default=1000, ge=0, description="Calls that may wait for a place; further ones fail at once.")
    attempts: int = Field(
        default=3, ge=1, le=10, description="How often an idempotent call is tried, the first time included."
    )
    backoff_base_s: float = Field(
        default=0.1, ge=0, description="The longest wait before the first retry; it doubles with each."
    )
    backoff_cap_s: float = Field(default=2, ge=0, description="The longest wait before any retry.")
    breaker_failures: int = Field(
        default=10, ge=1, description="Failures that open the breaker, if they are half of the window's calls or more."
    )
    breaker_window_s: float = Field(default=10, gt=0, description="For how long a failure counts.")
    breaker_open_s: float = Field(default=5, gt=0, description="How long the service is left alone before a probe.")
    max_calls: int = Field(default=1000, ge=1, description="Calls of the service in one operation.")
    max_response_bytes: int = Field(
        default=10_000_000, ge=1, description="The largest answer, unpacked; reading stops there."
    )
    cache_bytes: int = Field(
        default=16_000_000, ge=0, description="Memory for answers that the service lets be cached; 0: no cache."
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of the authorities to trust, instead of the system's."
    )
    client_certificate: Path | None = Field(default=None, description="PEM file of the certificate to show.")
    client_key: Path | None = Field(default=None, description="PEM file of its key, PKCS #8 without a passphrase.")
    verify: bool = Field(default=True, description="Whether the service must show a valid certificate.")
    http2: bool = Field(default=False, description="Whether HTTP/2 may be agreed on, over TLS.")
    max_redirects: int = Field(default=5, ge=0, description="Redirects that a call follows.")
    redirect_hosts: frozenset[str] = Field(
        default=frozenset(), description="Other hosts (`host` or `host:port`) that redirects may lead to."
    )
    redirect_downgrade: bool = Field(default=False, description="Whether a redirect may lead from https to http.")
    headers: dict[str, SecretStr] = Field(
        default_factory=dict, description="Sent with every call; nothing that a client sends replaces them."
    )
    forward: tuple[str, ...] = Field(
        default=(), description="Headers of the incoming request that are passed on, by name."
    )
    oauth: OAuthSettings | None = Field(default=None, description="OAuth 2 client credentials, if it wants them.")

    @field_validator("headers")
    @classmethod
    def _headers_can_be_sent(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in headers.items():
            if not HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no header name")
            if CONTROL.search(value.get_secret_value()):
                raise ValueError(f"the value of {name!r} holds a control character")
        return {name.lower(): value for name, value in headers.items()}

    @field_validator("forward")
    @classmethod
    def _names_are_header_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no header name")
        return tuple(dict.fromkeys(name.lower() for name in names))

    @field_validator("redirect_hosts")
    @classmethod
    def _hosts_are_lower_case(cls, hosts: frozenset[str]) -> frozenset[str]:
        return frozenset(host.lower() for host in hosts)
