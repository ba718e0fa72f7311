"""Which headers a call carries, and whose word counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from punnet.configuration.headers import CONTROL, FRAMING
from punnet.configuration.services import ServiceConfiguration
from punnet.sources.http.transport.errors import HeaderRefused
from punnet.sources.http.transport.trace import RandomBytes, trace_headers
from punnet.sources.http.transport.values import Headers, HttpRequest

# They come from the incoming request as a whole, and the unpacking of answers is the client's business.
_NOT_THE_CALLS_OWN = FRAMING | {"accept-encoding", "traceparent", "tracestate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHeaders:
    """The headers of one call."""

    headers: Headers = field(repr=False)
    """All but those of the trace: what tells it apart from other calls."""
    sent: Headers = field(repr=False)
    """All."""
    forwarded: bool
    """Whether one of them came from the incoming request: the answer may be meant for its user alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHeaders:
    """The headers of the incoming request, made once for an operation: all of its calls belong to one trace."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By name in lower case."""
    trace: Headers = ()
    composed: dict[object, OwnHeaders] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By service and what a call brings: an operation's many calls of one have the same headers, composed once."""

    @classmethod
    def of(cls, incoming: Iterable[tuple[str, str]], random_bytes: RandomBytes = os.urandom) -> CallerHeaders:
        """Read the incoming headers; a repeated one is joined by commas (cookies by semicolons)."""
        values: dict[str, str] = {}
        for name, value in incoming:
            key = name.lower()
            if key in values:
                values[key] += _comma(key) + value
            else:
                values[key] = value
        trace = trace_headers(values.get("traceparent"), values.get("tracestate"), random_bytes)
        return cls(values=values, trace=trace)


class HeaderRule:
    """Composes the headers of the calls of one service."""

    def __init__(self, source: str, settings: ServiceConfiguration) -> None:
        self._source = source
        self._static: Headers = tuple(
            (name.lower(), value.get_secret_value()) for name, value in settings.headers.items()
        )
        self._fixed = {name for name, _ in self._static} | _NOT_THE_CALLS_OWN
        if settings.oauth2 is not None:
            self._fixed.add("authorization")
        forward = dict.fromkeys(map(str.lower, settings.forward_headers))
        self._forward = tuple(name for name in forward if name not in self._fixed)

    def compose(self, request: HttpRequest, caller: CallerHeaders) -> OwnHeaders:
        """Put together what a call carries.

        The configuration's word counts most, then what is forwarded, then what the call brings itself: an argument
        that ends in a header can replace neither a secret nor a user's credentials.

        Raises:
            HeaderRefused: a value has characters that would end the header.
        """
        key = (self, request.headers)
        composed = caller.composed.get(key)
        if composed is None:
            composed = caller.composed[key] = self._composed(request.headers, caller)
        return composed

    def _composed(self, own: Headers, caller: CallerHeaders) -> OwnHeaders:
        composed = dict(self._static)
        came_in = {name: value for name in self._forward if (value := caller.values.get(name)) is not None}
        taken = self._fixed | came_in.keys()
        composed |= came_in
        for name, value in own:
            key = name.lower()
            if key not in taken:
                composed[key] = f"{composed[key]}{_comma(key)}{value}" if key in composed else value
        for name, value in composed.items():
            if CONTROL.search(value):
                raise HeaderRefused(self._source, name=name)
        composed.setdefault("accept", "application/json")
        composed.setdefault("user-agent", "punnet")
        headers = tuple(composed.items())
        return OwnHeaders(headers=headers, sent=headers + caller.trace, forwarded=bool(came_in))


def _comma(name: str) -> str:
    return "; " if name == "cookie" else ", "
