"""The value table: for each Postgres type its scalar, its output as JSON text, and its input.

Both ways of execution select the same expression, so what they answer cannot differ. In the text of a value that the
scalar cannot carry is `chr(1)`, the mark UNREPRESENTABLE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from punnet.catalog.types import DataType
from punnet.sources.postgres.sql import Function, Sql, compose, concatenate, identifier, literal

Expression = Callable[[Sql], Sql]


def _in_quotes(value: Sql) -> Sql:
    """The text of a value that needs no escape, as a JSON string."""
    return concatenate([literal('"'), compose("{}::text", value), literal('"')])


def _template(template: str) -> Expression:
    """An expression that names the value as `{}` any number of times."""
    return lambda value: compose(template, *([value] * template.count("{}")))


_JSON_SCALAR = Sql((Function("json_scalar", since=17, before="to_json"),))
"""Either makes a JSON string of a text; the newer one finds out once a statement, not once a row, that it is one."""


def json_string(value: Sql) -> Sql:
    """The value, cast to text, as a JSON string."""
    return compose("{}({}::text)::text", _JSON_SCALAR, value)


def plain_json_string(value: Sql) -> Sql:
    """The same without the cast: of a text, or of a value whose text by a cast would be another."""
    return compose("{}({})::text", _JSON_SCALAR, value)


def _string(template: str, suffix: str = "") -> Expression:
    """An expression of a text that needs no escape, as a JSON string that ends in the suffix."""
    return lambda value: concatenate([literal('"'), _template(template)(value), literal(f'{suffix}"')])


_PLAIN = _template("{}::text")
# The quotes stand outside of the cases, where they become one constant with the keys around them.
# A numeric column with a precision cannot hold infinity, but NaN.
_NUMERIC = _string("case when {} in ('NaN','Infinity','-Infinity') then chr(1) else {}::text end")
_NUMERIC_WITH_PRECISION = _string("case when {} = 'NaN' then chr(1) else {}::text end")
_FLOAT = _template("case when {} in ('NaN','Infinity','-Infinity') then chr(1) else {}::text end")
# Years outside of 1 to 9999 are no RFC 3339.
# What cannot be carried is asked for, not what can: a null must come out as null, and is neither.
_TIMESTAMPTZ = _string(
    "case when {} < '0001-01-01 00:00:00+00' or {} >= '10000-01-01 00:00:00+00' then chr(1)"
    " else replace(({} at time zone interval '0')::text, ' ', 'T') end",
    "Z",
)
_TIMESTAMP = _string(
    "case when {} < '0001-01-01' or {} >= '10000-01-01' then chr(1) else replace({}::text, ' ', 'T') end"
)
_DATE = _string("case when {} < '0001-01-01' or {} >= '10000-01-01' then chr(1) else {}::text end")
_TIMETZ = _template(r"""'"'||regexp_replace({}::text, '([+-]\d\d)$', '\1:00')||'"'""")
_INTERVAL = _string("case when not isfinite({}) then chr(1) else {}::text end")
_BYTEA = _template("""'"'||translate(encode({}, 'base64'), E'\\n', '')||'"'""")


@dataclass(frozen=True, slots=True)
class _Rule:
    scalar: str
    json: Expression


_RULES = {
    "bool": _Rule("Boolean", _PLAIN),
    "int2": _Rule("Int", _PLAIN),
    "int4": _Rule("Int", _PLAIN),
    "int8": _Rule("BigInt", _in_quotes),
    "numeric": _Rule("Decimal", _NUMERIC),
    "float4": _Rule("Float", _FLOAT),
    "float8": _Rule("Float", _FLOAT),
    "text": _Rule("String", plain_json_string),
    "varchar": _Rule("String", plain_json_string),
    "bpchar": _Rule("String", plain_json_string),
    "name": _Rule("String", json_string),
    "char": _Rule("String", json_string),
    "uuid": _Rule("UUID", _in_quotes),
    "timestamptz": _Rule("DateTime", _TIMESTAMPTZ),
    "timestamp": _Rule("LocalDateTime", _TIMESTAMP),
    "date": _Rule("Date", _DATE),
    "time": _Rule("LocalTime", _in_quotes),
    "timetz": _Rule("OffsetTime", _TIMETZ),
    "interval": _Rule("Duration", _INTERVAL),
    "bytea": _Rule("Base64", _BYTEA),
    "json": _Rule("JSON", _PLAIN),
    "jsonb": _Rule("JSON", _PLAIN),
    # Cast to text an address gets the length of its prefix even where it is the whole address.
    "inet": _Rule("Inet", plain_json_string),
    "cidr": _Rule("Cidr", _in_quotes),
    "macaddr": _Rule("MacAddr", _in_quotes),
    "macaddr8": _Rule("MacAddr", _in_quotes),
}
# What Postgres prints of these, infinities included, JSON strings hold as it is.
_NEED_NO_ESCAPE = frozenset(
    ("bool", "int2", "int4", "int8", "numeric", "float4", "float8", "uuid", "timestamptz", "timestamp", "date", "time",
     "timetz", "interval", "inet", "cidr", "macaddr", "macaddr8")
)  # fmt: skip
_WHOLE_NUMBERS = {"int2", "int4", "int8"}
_EXTENSION_RULES = {"citext": _Rule("String", json_string)}


def scalar_of(namespace: str, name: str) -> str:
    """The scalar of a base type; none for a type that the API does not know."""
    rule = _RULES.get(name) if namespace == "pg_catalog" else _EXTENSION_RULES.get(name)
    return "" if rule is None else rule.scalar


def type_sql(data_type: DataType) -> str:
    """The type's qualified name, for a cast."""
    if data_type.kind == "array" and data_type.element is not None:
        return f"{type_sql(data_type.element)}[]"
    return statement_text(identifier(data_type.namespace, data_type.name))


def statement_text(sql: Sql) -> str:
    """The text of SQL that has no parameters."""
    return "".join(part for part in sql.flat() if isinstance(part, str))


def printed(data_type: DataType, value: Sql) -> Sql:
    """What Postgres prints of a value, as a JSON string; null where the value is."""
    base = data_type.base()
    needs_no_escape = base.namespace == "pg_catalog" and base.name in _NEED_NO_ESCAPE
    return _in_quotes(value) if needs_no_escape else json_string(value)


def base_rule(data_type: DataType) -> Expression:
    """How a base type becomes JSON text."""
    name = data_type.name
    if data_type.scalar == "ID" and name in _WHOLE_NUMBERS:
        return _in_quotes
    if data_type.namespace == "pg_catalog":
        if name == "numeric" and data_type.has_modifier:
            return _NUMERIC_WITH_PRECISION
        rule = _RULES.get(name)
    else:
        rule = _EXTENSION_RULES.get(name)
    return rule.json if rule is not None else json_string


def input_cast(data_type: DataType) -> str:
    """The SQL type that a parameter of this type is cast to, from what the scalar's `parse` gives.

    Numbers, booleans, enums and moments travel as they are; all else as text, so that no codec has to know its type.
    Casts of texts to moments and enums are not immutable: a filter would cast them for each row.
    """
    base = data_type.base()
    if base.kind == "enum":
        return type_sql(base)
    if base.namespace == "pg_catalog":
        if base.name in ("int2", "int4"):
            return "int4"
        if base.name in ("int8", "float8", "bool", "text", "timestamptz", "timestamp", "date"):
            return base.name
        if base.name == "float4":
            # Compared as float4: as doubles, 0.1 would not equal what the column holds for 0.1.
            return "float8::float4"
        if base.name == "varchar":
            return "text"
        if base.name == "numeric":
            return "text::numeric"
    return f"text::{type_sql(base)}"


_STABLE_INPUT = frozenset(("timestamptz", "timestamp", "date", "time", "timetz", "interval"))


def has_stable_input(data_type: DataType) -> bool:
    """Whether a cast of a text to this type depends on settings, so that Postgres makes it for each row."""
    base = data_type.base()
    return base.kind == "enum" or (base.namespace == "pg_catalog" and base.name in _STABLE_INPUT)


def list_cast(data_type: DataType) -> str:
    """Like `input_cast`, for an array of such parameters."""
    cast = input_cast(data_type)
    for sent_as in ("text::", "float8::"):
        if cast.startswith(sent_as):
            return f"{sent_as.removesuffix('::')}[]::{cast.removeprefix(sent_as)}[]"
    return f"{cast}[]"
