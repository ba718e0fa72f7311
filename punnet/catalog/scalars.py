"""The scalars of the API: their formats, and how a client's value becomes one that a source takes."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Literal

from punnet.catalog.types import DataType

Family = Literal["boolean", "equality", "ordered", "text", "opaque"]
"""Which filter operators a scalar has; `opaque` can only be asked whether it is null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One scalar of the API."""

    name: str
    description: str
    family: Family
    parse: Callable[[object], object]
    """From a client's JSON value to Python's own value for it; raises ValueError saying what it wants."""
    specified_by: str | None = None


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"wants {what} as a string")
    return value


def parse_string(value: object) -> str:
    """Any text that a database can hold."""
    text = _text(value, "text")
    if "\x00" in text:
        raise ValueError("cannot hold the character U+0000")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("cannot hold half of a surrogate pair")
    return text


def parse_int(value: object) -> int:
    """32 bits, as GraphQL's Int."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("wants a whole number")
    if not -(2**31) <= value < 2**31:
        raise ValueError("wants a whole number of 32 bits")
    return value


def parse_big_int(value: object) -> int:
    """64 bits, as a string or a number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("wants a whole number of 64 bits, best as a string")
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,19}", value):
        raise ValueError("wants a whole number of 64 bits in decimal digits")
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError("wants a whole number of 64 bits")
    return number


def parse_decimal(value: object) -> Decimal:
    """An exact number; a JSON number is taken by its shortest decimal form."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("wants an exact number, best as a string")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("wants an exact number such as '12.50'") from None
    if not number.is_finite() or abs(number.adjusted()) > 16_000:
        raise ValueError("wants a finite number with fewer than 16,000 digits")
    return number


def parse_float(value: object) -> float:
    """A finite double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("wants a number")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError("wants a number within the range of a double") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("wants a finite number")
    return number


def parse_boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("wants true or false")
    return value


def parse_uuid(value: object) -> uuid.UUID:
    """A UUID in its usual form, with or without hyphens."""
    try:
        return uuid.UUID(_text(value, "a UUID"))
    except ValueError:
        raise ValueError("wants a UUID such as 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'") from None


def parse_date_time(value: object) -> datetime:
    """A moment, in RFC 3339 with an offset."""
    text = _text(value, "a moment")
    moment = _from_iso(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError("wants a moment with an offset such as '2024-05-01T12:30:00Z'")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("wants a moment between the years 1 and 9999") from None


def parse_local_date_time(value: object) -> datetime:
    """A date and a time of day, without an offset."""
    moment = _from_iso(_text(value, "a date and time"))
    if moment is None or moment.tzinfo is not None:
        raise ValueError("wants a date and time without an offset such as '2024-05-01T12:30:00'")
    return moment


def _from_iso(text: str) -> datetime | None:
    # fromisoformat() also takes basic forms and week dates, which RFC 3339 does not know.
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def parse_date(value: object) -> date:
    """A day, in RFC 3339."""
    text = _text(value, "a date")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("wants a date such as '2024-05-01'")


_END_OF_DAY = "24:00:00"


def parse_local_time(value: object) -> time | str:
    """A time of day, without an offset; the end of the day, which Python does not have, as text."""
    text = _text(value, "a time of day")
    if text == _END_OF_DAY:
        return text
    moment = _time_from_iso(text)
    if moment is None or moment.tzinfo is not None:
        raise ValueError("wants a time of day such as '12:30:00'")
    return moment


def parse_offset_time(value: object) -> time | str:
    """A time of day with an offset; the end of the day, which Python does not have, as text."""
    text = _text(value, "a time of day with an offset")
    is_end = text.startswith(_END_OF_DAY)
    moment = _time_from_iso(text.replace(_END_OF_DAY, "00:00:00") if is_end else text)
    if moment is None or moment.tzinfo is None:
        raise ValueError("wants a time of day with an offset such as '12:30:00+02:00'")
    return text if is_end else moment


def _time_from_iso(text: str) -> time | None:
    if not re.match(r"\d\d:\d\d", text):
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


_DURATION = re.compile(r"-?P(?=.)(-?\d+Y)?(-?\d+M)?(-?\d+W)?(-?\d+D)?(T(?=.)(-?\d+H)?(-?\d+M)?(-?\d+(\.\d{1,6})?S)?)?")


def parse_duration(value: object) -> str:
    """A span of time, in ISO 8601."""
    text = _text(value, "a duration")
    if len(text) > 100 or not _DURATION.fullmatch(text):
        raise ValueError("wants an ISO 8601 duration such as 'P1DT2H30M'")
    return text


def parse_base64(value: object) -> bytes:
    """Bytes in base64."""
    try:
        return base64.b64decode(_text(value, "base64"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("wants bytes in base64") from None


def parse_json(value: object) -> object:
    """Any JSON value; a number in a document can be too large for one, as 1e400."""
    level = [value]
    while level:
        if any(isinstance(each, float) and not isfinite(each) for each in level):
            raise ValueError("wants numbers within the range of a double")
        level = [item for each in level for item in _items(each)]
    return value


def _items(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def parse_inet(value: object) -> str:
    """An address, with or without the length of a network's prefix."""
    try:
        return str(ipaddress.ip_interface(_text(value, "an address")))
    except ValueError:
        raise ValueError("wants an IP address such as '192.0.2.1' or '2001:db8::1/64'") from None


def parse_cidr(value: object) -> str:
    """A network."""
    try:
        return str(ipaddress.ip_network(_text(value, "a network")))
    except ValueError:
        raise ValueError("wants an IP network such as '192.0.2.0/24'") from None


def parse_mac_address(value: object) -> str:
    """Six or eight octets in hexadecimal."""
    text = _text(value, "a MAC address")
    if not re.fullmatch(
        r"[0-9A-Fa-f]{2}(?:([:-]?)[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?:(?:\1[0-9A-Fa-f]{2}){2})?)", text
    ):
        raise ValueError("wants a MAC address such as '08:00:2b:01:02:03'")
    return text


_SCALARS = (
    Scalar(name="Int", description="A whole number of 32 bits.", family="ordered", parse=parse_int),
    Scalar(name="Float", description="A double.", family="ordered", parse=parse_float),
    Scalar(name="String", description="Text.", family="text", parse=parse_string),
    Scalar(name="Boolean", description="True or false.", family="boolean", parse=parse_boolean),
    Scalar(
        name="BigInt",
        description='A whole number of 64 bits, as a string of decimal digits: `"9007199254740993"`.',
        family="ordered",
        parse=parse_big_int,
    ),
    Scalar(
        name="Decimal",
        description='An exact number of any size, as a string that keeps its scale: `"12.50"`.',
        family="ordered",
        parse=parse_decimal,
    ),
    Scalar(
        name="UUID",
        description="A universally unique identifier, as 32 hexadecimal digits with hyphens.",
        family="ordered",
        parse=parse_uuid,
        specified_by="https://www.rfc-editor.org/rfc/rfc9562",
    ),
    Scalar(
        name="DateTime",
        description="A moment in UTC: `2024-05-01T12:30:00.123456Z`. Input takes any offset.",
        family="ordered",
        parse=parse_date_time,
        specified_by="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    Scalar(
        name="LocalDateTime",
        description="A date and a time of day without an offset: `2024-05-01T12:30:00`.",
        family="ordered",
        parse=parse_local_date_time,
    ),
    Scalar(name="Date", description="A day: `2024-05-01`.", family="ordered", parse=parse_date),
    Scalar(
        name="LocalTime",
        description="A time of day without an offset: `12:30:00`.",
        family="ordered",
        parse=parse_local_time,
    ),
    Scalar(
        name="OffsetTime",
        description="A time of day with an offset: `12:30:00+02:00`.",
        family="ordered",
        parse=parse_offset_time,
    ),
    Scalar(
        name="Duration",
        description="A span of time in ISO 8601: `P1DT2H30M`.",
        family="ordered",
        parse=parse_duration,
    ),
    Scalar(
        name="Base64",
        description="Bytes in base64, without line breaks.",
        family="equality",
        parse=parse_base64,
        specified_by="https://www.rfc-editor.org/rfc/rfc4648",
    ),
    Scalar(
        name="JSON",
        description="Any JSON value, as the database holds it.",
        family="opaque",
        parse=parse_json,
        specified_by="https://www.rfc-editor.org/rfc/rfc8259",
    ),
    Scalar(
        name="Inet",
        description="An IP address, with the length of its network's prefix where it has one: `192.0.2.1/24`.",
        family="ordered",
        parse=parse_inet,
    ),
    Scalar(name="Cidr", description="An IP network: `192.0.2.0/24`.", family="ordered", parse=parse_cidr),
    Scalar(
        name="MacAddr",
        description="A MAC address of six or eight octets: `08:00:2b:01:02:03`.",
        family="ordered",
        parse=parse_mac_address,
    ),
)

SCALARS = {scalar.name: scalar for scalar in _SCALARS}
"""The scalars that the types of columns have by themselves."""


def parse_id(value: object) -> str:
    """A string or a whole number, as GraphQL's ID."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("wants a string or a whole number")
    return parse_string(str(value))


def _parse_int_id(value: object) -> int:
    text = parse_id(value)
    if not re.fullmatch(r"-?[0-9]{1,19}", text):
        raise ValueError("wants a whole number of 32 bits")
    return parse_int(int(text))


def _parse_big_int_id(value: object) -> int:
    return parse_big_int(parse_id(value))


def _parse_uuid_id(value: object) -> uuid.UUID:
    return parse_uuid(parse_id(value))


ID = Scalar(name="ID", description="An identifier: a string, whatever is inside.", family="equality", parse=parse_id)
"""What configuration can make of a column's scalar. Its values are strings, also those of numbers."""

_NAMED = {**SCALARS, ID.name: ID}
_PARSERS_OF_IDS: dict[str, Callable[[object], object]] = {
    "Int": _parse_int_id,
    "BigInt": _parse_big_int_id,
    "UUID": _parse_uuid_id,
    "String": parse_id,
}
_SCALARS_OF_IDS = {"int2": "Int", "int4": "Int", "int8": "BigInt", "uuid": "UUID"}
"""By the names of types, the scalar that they have where they are no IDs; that of all others is String."""


def is_shared(name: str) -> bool:
    """Whether a scalar is one of those that every schema can have."""
    return name in _NAMED


def can_be_id(data_type: DataType) -> bool:
    """Whether the values of a type can go as IDs."""
    base = data_type.base()
    return base.kind == "base" and base.scalar in (*_PARSERS_OF_IDS, ID.name)


def with_ids(data_type: DataType) -> DataType:
    """The type with its values as IDs, also below its domains."""
    if data_type.kind == "domain" and data_type.element is not None:
        return replace(data_type, element=with_ids(data_type.element))
    return replace(data_type, scalar=ID.name)


def scalar_behind(data_type: DataType) -> Scalar:
    """The scalar of a base type; of an ID, one that parses what can be a value of its column."""
    if data_type.scalar != ID.name:
        return scalar_named(data_type.scalar)
    return replace(ID, parse=_PARSERS_OF_IDS[_SCALARS_OF_IDS.get(data_type.name, "String")])


def json_scalar(data_type: DataType) -> str:
    """The scalar that has a base type's JSON: of an ID, one whose values are strings, too."""
    if data_type.scalar != ID.name:
        return data_type.scalar
    scalar = _SCALARS_OF_IDS.get(data_type.name, "String")
    return "BigInt" if scalar == "Int" else scalar


def is_comparable(data_type: DataType) -> bool:
    """Whether values can be told apart and put in order: what filters, orders and keys need."""
    base = data_type.base()
    if base.kind == "enum":
        return True
    return base.kind == "base" and bool(base.scalar) and scalar_named(base.scalar).family != "opaque"


_ALIKE = (
    {"int2", "int4", "int8", "numeric", "float4", "float8"},
    {"text", "varchar", "bpchar", "name", "citext"},
)


def can_be_compared(one: DataType, other: DataType) -> bool:
    """Whether a value of one type can equal one of the other."""
    one, other = one.base(), other.base()
    if not is_comparable(one) or not is_comparable(other):
        return False
    is_same = (one.namespace, one.name) == (other.namespace, other.name)
    return is_same or any({one.name, other.name} <= names for names in _ALIKE if {one.kind, other.kind} == {"base"})


def scalar_named(name: str) -> Scalar:
    """The scalar of that name; one that the API does not know carries the database's text."""
    return _NAMED.get(name) or Scalar(
        name=name,
        description=f"A value of the database's type `{name}`, as its text.",
        family="opaque",
        parse=parse_string,
    )
