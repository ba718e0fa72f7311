"""The scalar that carries a value of a type and format.

`integer` is Int, and BigInt only with the format int64: few services say how large their numbers become, and a
string in place of every number would be a burden. A value beyond 32 bits is then a field error, never a wrong value.

`time` is String: to the JSON Schema it has an offset, while most services write none, and each of the API's two
scalars of a time of day would refuse what the other takes.
"""

from __future__ import annotations

_TEXT = {
    "byte": "Base64",
    "base64": "Base64",
    "date": "Date",
    "date-time": "DateTime",
    "date-time-local": "LocalDateTime",
    "local-date-time": "LocalDateTime",
    "local-time": "LocalTime",
    "partial-time": "LocalTime",
    "time-local": "LocalTime",
    "duration": "Duration",
    "uuid": "UUID",
    "decimal": "Decimal",
    # Services that fear for JavaScript's numbers write them as texts.
    "int64": "BigInt",
    "uint64": "Decimal",
}
_WHOLE = {"int64": "BigInt", "long": "BigInt", "uint32": "BigInt", "uint64": "Decimal"}
_NUMBER = {"decimal": "Decimal", "int32": "Int", "int64": "BigInt", "long": "BigInt"}

TEXT_SCALARS = frozenset({"String", *_TEXT.values()}) - {"BigInt"}
"""Whose values are JSON strings, whatever the service's own form of them."""


def scalar_of(type_name: str, format_name: str | None) -> str | None:
    """The name of the scalar; None for binary content, which no answer in JSON can hold."""
    wanted = (format_name or "").lower()
    if type_name == "string":
        return None if wanted == "binary" else _TEXT.get(wanted, "String")
    if type_name == "integer":
        return _WHOLE.get(wanted, "Int")
    if type_name == "number":
        return _NUMBER.get(wanted, "Float")
    return "Boolean" if type_name == "boolean" else None
