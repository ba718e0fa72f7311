"""The client behind the transport: wreq. No other module knows it. See docs/adr/0010-http-client.md."""

from __future__ import annotations

import asyncio
import re
import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import wreq

from punnet.configuration.services import ServiceConfiguration
from punnet.errors import PunnetError
from punnet.sources.http.transport.errors import (
    AnswerMalformed,
    AnswerTooLarge,
    ConnectFailed,
    ConnectionLost,
    ServiceClosed,
    ServiceMisconfigured,
    ServiceTimeout,
)
from punnet.sources.http.transport.values import Clock, HttpRequest, HttpResponse

_METHODS: dict[str, wreq.Method] = {
    "GET": wreq.Method.GET,
    "HEAD": wreq.Method.HEAD,
    "POST": wreq.Method.POST,
    "PUT": wreq.Method.PUT,
    "PATCH": wreq.Method.PATCH,
    "DELETE": wreq.Method.DELETE,
    "OPTIONS": wreq.Method.OPTIONS,
    "TRACE": wreq.Method.TRACE,
}
# The client's exceptions have no base of their own.
_CLIENT_ERRORS = (
    wreq.BodyError,
    wreq.BuilderError,
    wreq.ConnectionError,
    wreq.ConnectionResetError,
    wreq.DecodingError,
    wreq.ProxyConnectionError,
    wreq.RequestError,
    wreq.TimeoutError,
    wreq.TlsError,
)
# Its texts tell apart what its classes do not; they also hold the URL, which must not leave this module.
_NO_HTTP = re.compile(r"Parse\(|InvalidChunk|kind: InvalidInput|kind: InvalidData|Decode, source: Kind\(")


class WreqTransport:
    """A pool of connections to one service."""

    def __init__(self, source: str, settings: ServiceConfiguration, clock: Clock) -> None:
        """Read the certificates; nothing is connected yet.

        Raises:
            ServiceMisconfigured: a certificate or key cannot be read.
        """
        self._source = source
        self._max_bytes = settings.max_response_bytes
        self._clock = clock
        self._options = _client_options(source, settings)
        self._client = wreq.Client(**self._options)
        self._is_closed = False

    async def send(self, request: HttpRequest, deadline: float) -> HttpResponse:
        """Send a request and read the answer, as the protocol says."""
        remaining_s = deadline - self._clock()
        if self._is_closed:
            raise ServiceClosed(self._source)
        if remaining_s <= 0:
            raise ServiceTimeout(self._source, why="the time was over before it was asked")
        try:
            return await self._exchange(request, timedelta(seconds=remaining_s))
        except _CLIENT_ERRORS as error:
            # Without the cause: its text holds the URL.
            raise self._told_apart(error, is_late=self._clock() >= deadline) from None
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._is_closed and not (caller and caller.cancelling()):
                # Closing the client ends its calls as if their tasks had been cancelled.
                raise ServiceClosed(self._source) from None
            raise

    async def close(self) -> None:
        """Close the connections; calls at work fail."""
        self._is_closed = True
        self._client.close()

    async def _exchange(self, request: HttpRequest, remaining: timedelta) -> HttpResponse:
        client = self._client_to(request)
        options: dict[str, Any] = {"headers": dict(request.headers), "timeout": remaining}
        if request.body is not None:
            options["body"] = request.body
        response = await client.request(_METHODS[request.method], request.url, **options)
        # Closed by hand: the traceback of a cancelled call would keep the response, and with it the connection.
        async with response:
            body = b"" if request.method == "HEAD" else await self._read(response)
        headers = tuple([(str(name, "latin-1"), str(value, "latin-1")) for name, value in response.headers])
        return HttpResponse(status=response.status.as_int(), headers=headers, body=body)

    async def _read(self, response: wreq.Response) -> bytes:
        length = response.content_length
        if length is not None and length <= self._max_bytes:
            return bytes(await response.bytes())
        if length is not None:
            await response.close()
            raise AnswerTooLarge(self._source, max_bytes=self._max_bytes)
        pieces: list[bytes] = []
        left = self._max_bytes
        async with response.stream() as stream:
            async for piece in stream:
                if isinstance(piece, memoryview):
                    left -= len(piece)
                    if left < 0:
                        raise AnswerTooLarge(self._source, max_bytes=self._max_bytes)
                    pieces.append(bytes(piece))
        return b"".join(pieces)

    def _client_to(self, request: HttpRequest) -> wreq.Client:
        if not request.addresses:
            return self._client
        # A client of its own for one call: redirects to other hosts are rare, and making one takes microseconds.
        pinned = wreq.DnsOptions(system_dns=True)
        pinned.add_resolve(urlsplit(request.url).hostname or "", [ip_address(each) for each in request.addresses])
        return wreq.Client(**(self._options | {"dns_options": pinned}))

    def _told_apart(self, error: Exception, *, is_late: bool) -> PunnetError:
        text = str(error)
        if isinstance(error, wreq.TimeoutError) or (is_late and "TimedOut" in text):
            return ServiceTimeout(self._source, why="it had not answered whole at the deadline")
        if isinstance(error, wreq.BuilderError):
            return ServiceMisconfigured(
                self._source, what="a URL of the service cannot be called", fix="correct the source's URL"
            )
        if isinstance(error, (wreq.ConnectionError, wreq.ProxyConnectionError, wreq.TlsError)):
            return ConnectFailed(self._source, why=_why_no_connection(text))
        if _NO_HTTP.search(text):
            return AnswerMalformed(self._source, why="what it answered is not well-formed HTTP")
        return ConnectionLost(self._source, why="it closed the connection before it had answered whole")


def _why_no_connection(text: str) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is not valid for its name, or not from an authority that is trusted"
    if "WRONG_VERSION_NUMBER" in text:
        return "what answered speaks no TLS: the port may be one for http instead of https"
    if "SSL" in text:
        return "no TLS connection could be agreed on"
    if "ConnectionRefused" in text:
        return "it refused the connection"
    if "connect timeout" in text or "TimedOut" in text:
        return "no connection was made within connect_timeout_s"
    if "dns" in text.lower():
        return "its name has no address"
    return "no connection could be made"


def _client_options(source: str, settings: ServiceConfiguration) -> dict[str, Any]:
    options: dict[str, Any] = {
        "connect_timeout": timedelta(seconds=settings.connect_timeout_s),
        "redirect": wreq.Policy.none(),
        "cookie_store": False,
        "referer": False,
        # A proxy would look names up once more, behind the back of the rule for redirects.
        "no_proxy": True,
        "dns_options": wreq.DnsOptions(system_dns=True),
        "pool_max_idle_per_host": settings.concurrency,
        "tls_verify": _authorities(source, settings),
    }
    if not settings.http2:
        options["http1_only"] = True
    if settings.client_certificate is not None:
        options["tls_identity"] = _identity(source, settings.client_certificate, settings.client_key)
    return options


def _authorities(source: str, settings: ServiceConfiguration) -> bool | wreq.CertStore:
    if not settings.verify:
        return False
    if settings.ca_file is not None:
        pem = _read(source, settings.ca_file)
        try:
            # The client takes a file without certificates for an empty store, and blames the service later.
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem.decode("ascii"))
            return wreq.CertStore.from_pem_stack(pem)
        except (ssl.SSLError, UnicodeError, ValueError, wreq.BuilderError, wreq.TlsError) as error:
            what = f"the file '{settings.ca_file}' holds no certificates"
            raise ServiceMisconfigured(source, what=what, fix="give certificates in PEM as ca_file") from error
    system = ssl.get_default_verify_paths().cafile
    if system is None:
        # No such file on macOS and Windows: the client brings a list of its own.
        return True
    return wreq.CertStore.from_pem_stack(_read(source, Path(system)))


def _identity(source: str, certificate: Path, key: Path | None) -> wreq.Identity:
    try:
        return wreq.Identity.from_pkcs8_pem(_read(source, certificate), _read(source, key or certificate))
    except (wreq.BuilderError, wreq.TlsError) as error:
        raise ServiceMisconfigured(
            source,
            what=f"the certificate '{certificate}' cannot be used with its key",
            fix="give a certificate and its key as PEM; `openssl pkcs8 -topk8 -nocrypt` makes a PKCS #8 key",
        ) from error


def _read(source: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"the file '{path}' cannot be read: {error.strerror}"
        raise ServiceMisconfigured(source, what=what, fix="correct the path, or who may read it") from error
