"""OAuth 2 client credentials (RFC 6749, section 4.4): one token for all calls of a service, renewed in time."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode

import orjson

from punnet.configuration.headers import CONTROL
from punnet.configuration.services import OAuth2Configuration
from punnet.sources.errors import SourceFailed, SourceTimeout
from punnet.sources.http.transport.errors import ConnectFailed, ServiceTimeout, TokenRefused
from punnet.sources.http.transport.single_flight import SingleFlight
from punnet.sources.http.transport.values import Clock, HttpRequest, HttpResponse

Send = Callable[[HttpRequest, float], Awaitable[HttpResponse]]

# RFC 6749 leaves the life of a token open where the server does not say it.
_ASSUMED_LIFE_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token, and until when it is good."""

    value: str = field(repr=False)
    renew_at: float
    """From here on a new one is asked for; the old one serves if there is none to be had."""
    ends_at: float


class Tokens:
    """The access token of one service, fetched once for all who need it."""

    def __init__(
        self, source: str, settings: OAuth2Configuration, *, send: Send, clock: Clock, timeout_s: float
    ) -> None:
        self._source = source
        self._settings = settings
        self._send = send
        self._clock = clock
        self._timeout_s = timeout_s
        self._token: Token | None = None
        self._flights: SingleFlight[str, Token] = SingleFlight()

    async def token(self, deadline: float) -> Token:
        """Give a token that is good now.

        Raises:
            TokenRefused: the authorization server gave none.
            SourceFailed, SourceTimeout: it could not be asked.
        """
        now = self._clock()
        token = self._token
        if token is not None and now < token.renew_at:
            return token
        try:
            return await self._flights.run("token", self._fetch, timeout_s=deadline - now)
        except TimeoutError as error:
            raise ServiceTimeout(self._source, why="no access token came in time") from error
        except (SourceFailed, SourceTimeout):
            if token is not None and token is self._token and self._clock() < token.ends_at:
                return token
            raise

    def refuse(self, token: Token) -> None:
        """Take note that the service did not accept a token; a newer one is not touched."""
        if self._token is token:
            self._token = None

    async def close(self) -> None:
        """Give up fetching."""
        await self._flights.close()

    async def _fetch(self) -> Token:
        asked_at = self._clock()
        try:
            response = await self._send(token_request(self._settings), asked_at + self._timeout_s)
        except ConnectFailed as error:
            told = error.during("asking the authorization server for a token")
            told.fix = "start it, or correct the token_url of the source's oauth2"
            raise told from error
        self._token = read_token(self._source, response, asked_at, self._settings.refresh_before_s)
        return self._token


def token_request(settings: OAuth2Configuration) -> HttpRequest:
    """Ask for a token: the form of RFC 6749, section 4.4.2, with the client's password as section 2.3.1 has it."""
    form = {"grant_type": "client_credentials"}
    if settings.scopes:
        form["scope"] = " ".join(settings.scopes)
    if settings.audience is not None:
        form["audience"] = settings.audience
    headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")]
    secret = settings.client_secret.get_secret_value()
    if settings.secret_in_body:
        form |= {"client_id": settings.client_id, "client_secret": secret}
    else:
        credentials = f"{quote_plus(settings.client_id)}:{quote_plus(secret)}".encode()
        headers.append(("authorization", f"Basic {b64encode(credentials).decode()}"))
    return HttpRequest(
        method="POST", url=settings.token_url, headers=tuple(headers), body=urlencode(form).encode("ascii")
    )


def read_token(source: str, response: HttpResponse, asked_at: float, refresh_before_s: float) -> Token:
    """Read the answer to a `token_request`.

    Raises:
        TokenRefused: it holds no bearer token.
    """
    if response.status != 200:
        raise TokenRefused(source, why=f"the authorization server answered with status {response.status}")
    try:
        answer = orjson.loads(response.body)
        value, kind = answer["access_token"], answer.get("token_type", "bearer")
        life_s = float(answer.get("expires_in", _ASSUMED_LIFE_S))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise TokenRefused(source, why="the authorization server's answer holds no token") from None
    if not isinstance(value, str) or not value or not value.isascii() or CONTROL.search(value):
        raise TokenRefused(source, why="the authorization server's answer holds no token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise TokenRefused(source, why="the authorization server gave a token that is no bearer token")
    renew_at = asked_at + life_s - min(refresh_before_s, life_s / 2)
    return Token(value=value, renew_at=renew_at, ends_at=asked_at + life_s)
