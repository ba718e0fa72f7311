"""Bodies that a service packed (RFC 9110, section 8.4), within a limit of what they may become."""

from __future__ import annotations

import zlib

from punnet.sources.http.transport.errors import AnswerMalformed, AnswerTooLarge

ACCEPTED = "gzip, deflate"
_GZIP = 16 + zlib.MAX_WBITS
_PLAIN_DEFLATE = -zlib.MAX_WBITS


def unpack(source: str, body: bytes, coding: str, max_bytes: int) -> bytes:
    """The body as it was before it was packed.

    Raises:
        AnswerMalformed: it is not packed as it says, or in a way that was not asked for.
        AnswerTooLarge: it would become larger than `max_bytes`.
    """
    for each in reversed([part.strip().lower() for part in coding.split(",")]):
        if body and each != "identity":
            body = _unpack_once(source, body, each, max_bytes)
    return body


def _unpack_once(source: str, body: bytes, coding: str, max_bytes: int) -> bytes:
    try:
        match coding:
            case "gzip" | "x-gzip":
                unpacked = _inflate(body, _GZIP, max_bytes)
            case "deflate":
                unpacked = _inflate(body, _deflate_form(body), max_bytes)
            case _:
                raise AnswerMalformed(source, why="its answer is packed in a way that it was not asked for")
    except (zlib.error, EOFError):
        raise AnswerMalformed(source, why="its answer is not packed as it says") from None
    if len(unpacked) > max_bytes:
        raise AnswerTooLarge(source, max_bytes=max_bytes)
    return unpacked


def _deflate_form(body: bytes) -> int:
    # Some servers send it without the header that the RFC wants (section 8.4.1.2).
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return zlib.MAX_WBITS if has_header else _PLAIN_DEFLATE


def _inflate(body: bytes, form: int, max_bytes: int) -> bytes:
    """At most one byte more than may be: enough to tell that it is too much."""
    pieces: list[bytes] = []
    left = max_bytes + 1
    while body and left > 0:
        unpacker = zlib.decompressobj(form)
        pieces.append(unpacker.decompress(body, left))
        left -= len(pieces[-1])
        if left > 0 and not unpacker.eof:
            raise EOFError
        # gzip may have several members, one behind the other.
        body = unpacker.unused_data if form == _GZIP else b""
    return b"".join(pieces)
