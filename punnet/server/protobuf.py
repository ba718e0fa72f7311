"""Just enough of protobuf's wire format to write messages: protobuf.dev/programming-guides/encoding."""

from __future__ import annotations

_BYTES_FOLLOW = 2


def write_number(message: bytearray, field: int, value: int) -> None:
    """Append a field that is an unsigned integer."""
    _write_varint(message, field << 3)
    _write_varint(message, value)


def write_bytes(message: bytearray, field: int, value: bytes | bytearray) -> None:
    """Append a field that is a string in UTF-8, or a message."""
    _write_varint(message, field << 3 | _BYTES_FOLLOW)
    _write_varint(message, len(value))
    message += value


def _write_varint(message: bytearray, value: int) -> None:
    while value >= 0x80:
        message.append(value & 0x7F | 0x80)
        value >>= 7
    message.append(value)
