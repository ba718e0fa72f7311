"""TLS and HTTP/2, with an authority of the test's own."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import Event, RequestReceived, StreamReset

from punnet.configuration.services import ServiceConfiguration
from punnet.sources.http.transport.client import WreqTransport
from punnet.sources.http.transport.errors import ConnectFailed, ServiceMisconfigured
from punnet.sources.http.transport.values import HttpRequest, HttpResponse
from tests.sources.http.transport.upstreams import fine, upstream


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def client_files(authority: trustme.CA, tmp_path: Path) -> tuple[Path, Path]:
    issued = authority.issue_cert("punnet@example.org")
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    loaded = load_pem_private_key(issued.private_key_pem.bytes(), None)
    key.write_bytes(loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, key


def serving(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


async def get(settings: ServiceConfiguration, url: str) -> HttpResponse:
    made = WreqTransport("shop", settings, time.monotonic)
    try:
        return await made.send(HttpRequest(method="GET", url=url), time.monotonic() + 30)
    finally:
        await made.close()


@pytest.fixture
def quiet_loop() -> Iterator[None]:
    """Refused handshakes are the test's purpose; asyncio's server reports them to the loop."""
    loop = asyncio.get_event_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, _context: None)
    yield
    loop.set_exception_handler(before)


async def test_an_authority_of_ones_own(authority: trustme.CA, ca_file: Path) -> None:
    async with upstream(fine, tls=serving(authority, "127.0.0.1")) as server:
        assert (await get(ServiceConfiguration(ca_file=ca_file), server.url)).status == 200


@pytest.mark.usefixtures("quiet_loop")
async def test_an_unknown_authority_is_not_trusted(authority: trustme.CA) -> None:
    async with upstream(fine, tls=serving(authority, "127.0.0.1")) as server:
        with pytest.raises(ConnectFailed) as caught:
            await get(ServiceConfiguration(), server.url)
    assert "certificate is not valid" in caught.value.where
    assert server.seen == []


@pytest.mark.usefixtures("quiet_loop")
async def test_a_certificate_of_another_name_is_not_trusted(authority: trustme.CA, ca_file: Path) -> None:
    async with upstream(fine, tls=serving(authority, "shop.example")) as server:
        with pytest.raises(ConnectFailed):
            await get(ServiceConfiguration(ca_file=ca_file), server.url)


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What servers of plain http say to the first bytes of TLS."""
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    writer.close()


async def test_a_port_that_speaks_no_tls_is_told() -> None:
    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectFailed) as caught:
            await get(ServiceConfiguration(), f"https://127.0.0.1:{port}")
    assert caught.value.where == "what answered speaks no TLS: the port may be one for http instead of https"


async def test_verification_can_be_switched_off(authority: trustme.CA) -> None:
    async with upstream(fine, tls=serving(authority, "shop.example")) as server:
        assert (await get(ServiceConfiguration(verify=False), server.url)).status == 200


async def test_a_client_certificate_is_shown(
    authority: trustme.CA, ca_file: Path, client_files: tuple[Path, Path]
) -> None:
    context = serving(authority, "127.0.0.1")
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    certificate, key = client_files
    settings = ServiceConfiguration(ca_file=ca_file, client_certificate=certificate, client_key=key)
    async with upstream(fine, tls=context) as server:
        assert (await get(settings, server.url)).status == 200


@pytest.mark.parametrize("name", ["ca_file", "client_certificate"])
def test_files_are_read_at_the_start(name: str, tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    with pytest.raises(ServiceMisconfigured, match=r"nonsense\.pem"):
        WreqTransport("shop", ServiceConfiguration.model_validate({name: nonsense}), time.monotonic)
    with pytest.raises(ServiceMisconfigured, match="cannot be read"):
        WreqTransport("shop", ServiceConfiguration.model_validate({name: tmp_path / "none.pem"}), time.monotonic)


class Http2(asyncio.Protocol):
    """Answers every stream but those of /hang; counts connections and resets."""

    connections = 0
    resets = 0
    asked: ClassVar[asyncio.Event]
    transports: ClassVar[list[asyncio.Transport]]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        type(self).connections += 1
        type(self).transports.append(transport)
        self.transport = transport
        self.state = H2Connection(H2Configuration(client_side=False))
        self.state.initiate_connection()
        transport.write(self.state.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self.state.receive_data(data):
            self.react(event)
        self.transport.write(self.state.data_to_send())

    def react(self, event: Event) -> None:
        if isinstance(event, StreamReset):
            type(self).resets += 1
            self.asked.set()
        if isinstance(event, RequestReceived):
            self.asked.set()
            if (b":path", b"/hang") not in event.headers:
                self.state.send_headers(event.stream_id, [(":status", "200"), ("content-length", "2")])
                self.state.send_data(event.stream_id, b"h2", end_stream=True)


@asynccontextmanager
async def http2(authority: trustme.CA) -> AsyncIterator[tuple[str, type[Http2]]]:
    class Serving(Http2):
        asked = asyncio.Event()
        transports: ClassVar[list[asyncio.Transport]] = []

    context = serving(authority, "127.0.0.1")
    context.set_alpn_protocols(["h2"])
    server = await asyncio.get_running_loop().create_server(Serving, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", Serving
    finally:
        server.close()
        for transport in Serving.transports:
            transport.abort()


async def test_concurrent_calls_share_an_http2_connection(authority: trustme.CA, ca_file: Path) -> None:
    async with http2(authority) as (url, server):
        made = WreqTransport("shop", ServiceConfiguration(ca_file=ca_file, http2=True), time.monotonic)
        request = HttpRequest(method="GET", url=f"{url}/a")
        await made.send(request, time.monotonic() + 30)
        answers = await asyncio.gather(*(made.send(request, time.monotonic() + 30) for _ in range(20)))
        await made.close()
    assert {answer.body for answer in answers} == {b"h2"}
    assert server.connections == 1


async def test_cancelling_a_call_resets_its_http2_stream_alone(authority: trustme.CA, ca_file: Path) -> None:
    async with http2(authority) as (url, server):
        made = WreqTransport("shop", ServiceConfiguration(ca_file=ca_file, http2=True), time.monotonic)
        call = asyncio.create_task(made.send(HttpRequest(method="GET", url=f"{url}/hang"), time.monotonic() + 30))
        await asyncio.wait_for(server.asked.wait(), 30)
        server.asked.clear()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await asyncio.wait_for(server.asked.wait(), 30)
        answer = await made.send(HttpRequest(method="GET", url=f"{url}/a"), time.monotonic() + 30)
        await made.close()
    assert (server.resets, server.connections, answer.body) == (1, 1, b"h2")
