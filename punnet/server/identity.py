"""Who asks, by what a gateway says in a request's headers."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from punnet.access.session import ANONYMOUS, Identity
from punnet.configuration.identity import IdentityConfiguration
from punnet.errors import ClientCode
from punnet.server.protocol import NotAnswered

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(slots=True)
class Caller:
    """Who asks, and what of the request's headers may go further."""

    identity: Identity
    headers: Headers


Identify = Callable[[Headers], Caller]
"""From a request's headers to its caller; raises NotAnswered where the request is refused."""


def anonymous(headers: Headers) -> Caller:
    """Nobody in particular: there is no gateway whose word would count."""
    return Caller(ANONYMOUS, headers)


class GatewayIdentity:
    """Believes what headers say of the caller where another one proves that they come from the gateway.

    Of anybody else, these headers are not only not believed but not there: a service that is given some of a
    request's headers relies on them, too. The secret goes nowhere.
    """

    def __init__(self, configuration: IdentityConfiguration) -> None:
        self._secret_header = _lower(configuration.secret_header)
        self._secret = configuration.secret.get_secret_value().encode()
        self._role_header = _lower(configuration.role_header)
        self._roles = frozenset(configuration.roles)
        self._claims = {name: _lower(header) for name, header in configuration.claims.items()}
        self._believed = frozenset((self._role_header, *self._claims.values()))
        self._required = configuration.required

    def __call__(self, headers: Headers) -> Caller:
        """The caller of a request with these headers."""
        others = [(name, value) for name, value in headers if name != self._secret_header]
        if self._is_from_gateway(headers):
            identity = self._identity(headers)
        else:
            identity = ANONYMOUS
            others = [(name, value) for name, value in others if name not in self._believed]
        if self._required and identity is ANONYMOUS:
            raise _unauthenticated()
        return Caller(identity, others)

    def _is_from_gateway(self, headers: Headers) -> bool:
        given = [value for name, value in headers if name == self._secret_header]
        if not given:
            return False
        # A wrong one is not taken for none: its gateway would serve its users as strangers, and nobody would notice.
        if len(given) > 1 or not hmac.compare_digest(given[0], self._secret):
            raise _unauthenticated()
        return True

    def _identity(self, headers: Headers) -> Identity:
        role = _only(headers, self._role_header)
        if not role:
            return ANONYMOUS
        if role not in self._roles:
            raise NotAnswered(403, "There is no such role.", code=ClientCode.FORBIDDEN)
        said = {name: _only(headers, header) for name, header in self._claims.items()}
        return Identity(role=role, claims=MappingProxyType({name: value for name, value in said.items() if value}))


def _only(headers: Headers, name: bytes) -> str:
    """The value of a header, empty where there is none."""
    values = [value for key, value in headers if key == name]
    try:
        # Of two, one would be the client's own that the gateway let through: nobody knows which.
        [value] = values or [b""]
        return value.decode()
    except ValueError:
        message = f"The header '{name.decode()}' must be there once at most, in UTF-8."
        raise NotAnswered(400, message) from None


def _unauthenticated() -> NotAnswered:
    return NotAnswered(401, "The gateway must say who asks.", code=ClientCode.UNAUTHENTICATED)


def _lower(name: str) -> bytes:
    return name.lower().encode()
