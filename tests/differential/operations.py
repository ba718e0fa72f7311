"""Valid operations at random: whatever a client could ask of a generated schema.

The selections of one place share a scope, which remembers what each response key stands for, so that fields that
are asked twice merge and never conflict.
"""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    parse,
)
from hypothesis import strategies as st

from punnet.planning.meaning import (
    Collection,
    RowByKey,
    RowsById,
    ToMany,
    ToOne,
    WhereColumn,
    WhereLogic,
    input_meaning_of,
    meaning_of,
)
from tests.differential.api import Api, row_type

DEPTH = 4
ODD_ALIASES = (
    "_", "__", "_0", "__typename", "id", "nodes", "node", "cursor", "totalCount", "data", "errors", "true", "null",
    "on", "query", "fragment", "r", "n", "q", "k", "j", "c0", "c1", "k0", "t0", "t1", "p0", "e0", "A" * 70, "x" * 200,
)  # fmt: skip
DIRECTIONS = ("ASC", "DESC", "ASC_NULLS_FIRST", "ASC_NULLS_LAST", "DESC_NULLS_FIRST", "DESC_NULLS_LAST")

Draw = Callable[[st.SearchStrategy[Any]], Any]
TEXTS = (
    "",
    "a",
    "A",
    "e",
    "it's",
    "\\",
    "a\\",
    "%",
    "_",
    '"',
    "👍",
    "\t",
    "é",
    "ß",
    "1",
    "$1",
    "x' or '1'='1",
    "a\u0301",
)
BEYOND_FLOAT4 = (1.7976931348623157e308, 5e-324)
"""What `Float` takes, and not every column of that scalar."""

GENERIC: dict[str, tuple[Any, ...]] = {
    "Int": (0, 1, -1, 2, 7, 2147483647, -2147483648),
    "BigInt": ("0", 1, "9223372036854775807", "-9223372036854775808", 5),
    "Decimal": ("0", "1.5", "1.50", 1, 0.1, "-1e-30", "1e100", "12345678901234567890.5"),
    "Float": (0, 1, -0.0, 0.1, 1e-7, 1e20, *BEYOND_FLOAT4),
    "String": TEXTS,
    "ID": (*TEXTS, 2, "7"),
    "Boolean": (True, False),
    "UUID": ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE7DEC11D0A76500A0C91E6BF6"),
    "DateTime": ("2024-05-01T12:30:00Z", "2024-05-01T12:30:00.123456+05:45", "0001-01-01T00:00:00Z"),
    "LocalDateTime": ("2024-05-01T12:30:00", "2024-05-01T12:30:00.1", "9999-12-31T23:59:59"),
    "Date": ("2024-05-01", "0001-01-01", "2024-02-29"),
    "LocalTime": ("12:30:00", "00:00", "24:00:00", "12:30:00.000001"),
    "OffsetTime": ("12:30:00+02:00", "12:30:00Z", "24:00:00+15:59"),
    "Duration": ("P1D", "PT0S", "P-1Y2M", "-P1D", "PT-0.5S", "P1W", "P999999999999Y"),
    "Base64": ("", "AA==", "//79/A=="),
    "Inet": ("192.0.2.1", "192.0.2.1/24", "2001:db8::1"),
    "Cidr": ("192.0.2.0/24", "2001:db8::/32"),
    "MacAddr": ("08:00:2b:01:02:03", "08002b010203", "08:00:2b:01:02:03:04:05"),
}


_ALIAS = re.compile(r"^\w+: ")


class Missing:
    """A variable that the request leaves out."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class CursorWish:
    """A variable to be filled with a cursor of a page that is asked before."""

    variable: str
    collection: str
    order: str
    """The argument `orderBy` as a literal, or nothing."""
    place: int


@dataclass(frozen=True, slots=True)
class Operation:
    """A request, and how many statements it may take."""

    text: str
    variables: dict[str, Any]
    wishes: tuple[CursorWish, ...]
    is_sound: bool
    """Whether every value in it means something, so that no way has to ask another."""
    compiled_statements: int
    resolved_statements: int


@dataclass(slots=True)
class Taken:
    """What a response key stands for."""

    signature: str
    below: Scope = field(default_factory=dict)


Scope = dict[str, Taken]


@dataclass(frozen=True, slots=True)
class Fragment:
    name: str
    type_name: str
    text: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class EnumName:
    name: str


@st.composite
def operations(draw: Draw, api: Api) -> Operation:
    """A valid operation on this API."""
    return _Writer(draw, api).operation()


class _Writer:
    """Writes one operation."""

    def __init__(self, draw: Draw, api: Api) -> None:
        self._draw = draw
        self._api = api
        self._heads: list[str] = []
        self._values: dict[str, Any] = {}
        self._wishes: list[CursorWish] = []
        self._fragments: list[Fragment] = []
        self._numbers = 0
        self._id_statements = 0
        self._is_sound = True

    # -- choices ---------------------------------------------------------------------------------

    def chance(self, percent: int) -> bool:
        # The simplest draw is "no", so that examples shrink to plain operations.
        return bool(self._draw(st.integers(0, 99)) >= 100 - percent)

    def one(self, choices: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- the document ----------------------------------------------------------------------------

    def operation(self) -> Operation:
        query = self._api.schema.query_type
        assert query is not None
        scope: Scope = {}
        roots = [root for _ in range(self._draw(st.integers(1, 3))) for root in self._roots(query, scope)]
        name = self.one(("", " ", " Q ", " query "))
        body = " ".join(roots)
        fragments = self._used_fragments(body)
        heads = [head for head in self._heads if _is_used(head.partition(":")[0], [body, *fragments])]
        head = f"({', '.join(heads)})" if heads else ""
        text = "\n".join([f"query{name}{head} {{ {body} }}", *fragments])
        values = {name: value for name, value in self._values.items() if value is not MISSING}
        resolved = sum(_statements(self._api.schema, text)) + self._id_statements
        return Operation(text, values, tuple(self._wishes), self._is_sound, len(scope) + self._id_statements, resolved)

    def _used_fragments(self, body: str) -> list[str]:
        """The fragments that are spread: one that conflicted where it was made may not be."""
        used: dict[str, str] = {}
        texts = [body]
        while texts:
            text = texts.pop()
            for fragment in self._fragments:
                if fragment.name not in used and _is_used(f"...{fragment.name}", [text]):
                    used[fragment.name] = fragment.text
                    texts.append(fragment.text)
        return list(used.values())

    def _roots(self, query: GraphQLObjectType, scope: Scope) -> Iterator[str]:
        """A root, and at times the same once more under another key."""
        ids = self._id_statements
        root = self._root(query, scope)
        yield root if self.chance(90) else f"... on Query {{ {root} }}"
        if self.chance(20):
            self._id_statements += self._id_statements - ids
            key, field_ = f"again{self.number()}", _ALIAS.sub("", root)
            # Nothing else is asked under this key, so what is below it does not matter.
            scope[key] = Taken(field_)
            yield f"{key}: {field_}"

    def _root(self, query: GraphQLObjectType, scope: Scope) -> str:
        names = {name: meaning_of(field_) for name, field_ in self._api.roots.items()}
        kind: type = self.one((Collection, Collection, Collection, RowByKey, RowsById))
        of_kind = [name for name, meaning in names.items() if isinstance(meaning, kind)]
        return self._field(query, self.one(of_kind or list(names)), DEPTH, scope)

    # -- selections ------------------------------------------------------------------------------

    def _selection(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, scope: Scope) -> str:
        items = [self._item(type_, depth, scope) for _ in range(self._draw(st.integers(1, 4 if depth > 2 else 2)))]
        return "{ " + " ".join(items) + " }"

    def _item(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, scope: Scope) -> str:
        if isinstance(type_, GraphQLInterfaceType) and self.chance(70):
            return self._inline(self._row_of_any_type(), depth, scope)
        choice = self._draw(st.integers(0, 99))
        if choice >= 92:
            return self._inline(type_, depth, scope)
        if choice >= 84:
            return self._spread(type_, depth, scope)
        if choice >= 80:
            return self._aliased("__typename", scope, "__typename") + self._directives()
        return self._field(type_, self._field_name(type_, depth), depth, scope)

    def _row_of_any_type(self) -> GraphQLObjectType:
        node = self._api.schema.type_map["Node"]
        assert isinstance(node, GraphQLInterfaceType)
        types = self._api.schema.get_implementations(node).objects
        filled = [type_ for type_ in types if self._api.rows.get(type_.name)]
        found: GraphQLObjectType = self.one(filled or types)
        return found

    def _inline(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, scope: Scope) -> str:
        conditions = [f" on {type_.name}"]
        if isinstance(type_, GraphQLObjectType) and type_.interfaces:
            conditions.append(" on Node")
        condition = self.one(conditions)
        if condition == " on Node":
            node = self._api.schema.type_map["Node"]
            assert isinstance(node, GraphQLInterfaceType)
            return f"...{condition}{self._directives()} {{ {self._field(node, 'nodeId', 0, scope)} }}"
        return f"...{condition}{self._directives()} {self._selection(type_, depth, scope)}"

    def _spread(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, scope: Scope) -> str:
        for fragment in self._fragments:
            if fragment.type_name == type_.name and _can_absorb(scope, fragment.scope) and self.chance(70):
                _absorb(scope, fragment.scope)
                return f"...{fragment.name}{self._directives()}"
        own: Scope = {}
        name = self.one(("F", "on_", "fragment", "true", "_")) + str(self.number())
        body = self._selection(type_, min(depth, 1), own)
        if not _can_absorb(scope, own):
            return self._aliased("__typename", scope, "__typename")
        self._fragments.append(Fragment(name, type_.name, f"fragment {name} on {type_.name} {body}", own))
        _absorb(scope, own)
        return f"...{name}{self._directives()}"

    def _field_name(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        links = [name for name, each in type_.fields.items() if isinstance(meaning_of(each), ToOne | ToMany)]
        others = [name for name in type_.fields if name not in links]
        if links and depth > 0 and self.chance(45):
            return str(self.one(links))
        return str(self.one(others or ["__typename"]))

    def _field(self, type_: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int, scope: Scope) -> str:
        if name == "__typename":
            return self._aliased("__typename", scope, "__typename")
        definition = type_.fields[name]
        arguments = self._arguments(definition, name)
        # One parent's field under a key of another's would conflict, unless both give the same.
        signature = f"{type_.name}.{name}{arguments}"
        if name == "nodeId":
            signature = "nodeId"
        text = self._aliased(name, scope, signature)
        key = text.partition(":")[0].strip()
        below = get_named_type(definition.type)
        text += arguments + self._directives()
        if isinstance(below, GraphQLObjectType | GraphQLInterfaceType):
            is_link = isinstance(meaning_of(definition), ToOne | ToMany)
            text += " " + self._selection(below, depth - 1 if is_link else depth, scope[key].below)
        return text

    def _aliased(self, name: str, scope: Scope, signature: str) -> str:
        key = name
        if self.chance(25):
            key = self.one(ODD_ALIASES) if self.chance(60) else f"a{self.number()}"
        taken = scope.get(key)
        if taken is not None and taken.signature != signature:
            key = f"b{self.number()}"
        scope.setdefault(key, Taken(signature))
        return name if key == name else f"{key}: {name}"

    def _directives(self) -> str:
        if not self.chance(12):
            return ""
        directive = self.one(("skip", "include"))
        if self.chance(50):
            return f" @{directive}(if: {self.one(('true', 'false'))})"
        type_ = "Boolean!"
        return f" @{directive}(if: {self._variable(type_, self.one((True, False)))})"

    # -- arguments -------------------------------------------------------------------------------

    def _arguments(self, definition: GraphQLField, name: str) -> str:
        match meaning_of(definition):
            case Collection() | ToMany():
                parts = self._connection_arguments(definition)
            case RowByKey():
                parts = self._key_arguments(definition)
            case RowsById(_, argument, is_list):
                ids = [self._id() for _ in range(self._draw(st.integers(0, 4)) if is_list else 1)]
                self._id_statements += len(ids)
                type_ = definition.args[argument].type
                parts = [f"{argument}: {self._input(ids if is_list else ids[0], type_)}"]
            case _:
                parts = []
        return f"({', '.join(parts)})" if parts else ""

    def _key_arguments(self, definition: GraphQLField) -> list[str]:
        row = get_named_type(definition.type).name
        whole = [each for each in self._api.rows.get(row, ()) if all(name in each for name in definition.args)]
        sample = self.one(whole) if whole and self.chance(80) else {}
        return [
            f"{name}: {self._input(self._leaf(argument.type, row, name, sample.get(name)), argument.type)}"
            for name, argument in definition.args.items()
        ]

    def _id(self) -> str:
        if self._api.ids and self.chance(80):
            return str(self.one(self._api.ids))
        self._is_sound = False
        type_name = self.one([*self._api.collections, "Nobody", ""])
        parts = self.one(
            (
                [type_name, "999999"],
                [type_name, "--5"],
                [type_name, ""],
                [type_name, "1", "1"],
                [type_name, 'a"\\👍'],
                [type_name],
                [type_name, 1],
                [],
                "text",
                {},
            )
        )
        stale = as_id(parts)
        return str(self.one((stale, "", "?", "a", stale + "A", "é")) if self.chance(20) else stale)

    def _connection_arguments(self, definition: GraphQLField) -> list[str]:
        row = row_type(definition)
        has_cursors = "after" in definition.args
        # The plain lists of these tests are of relations with keys.
        has_key = has_cursors or isinstance(get_nullable_type(definition.type), GraphQLList)
        parts: list[str] = []
        if self.chance(40):
            parts.append("where: " + self._where_argument(definition, row))
        order = self._order(definition, row, is_whole=not has_key)
        follows = has_cursors and self.chance(15)
        if order:
            # Before a cursor of this order it must not be left out.
            write = self._input if follows or not has_key else self._argument
            parts.append("orderBy: " + write(order, definition.args["orderBy"].type))
        if not self._api.is_small or self.chance(60):
            parts.append("first: " + self._count(definition, "first", is_bound=not self._api.is_small))
        if follows:
            parts.append("after: " + self._cursor(row, order))
        if self.chance(15):
            parts.append("offset: " + self._count(definition, "offset", is_bound=False))
        return parts

    def _count(self, definition: GraphQLField, name: str, *, is_bound: bool) -> str:
        count = self._draw(st.integers(0, 3))
        if self.chance(1):
            self._is_sound, count = False, -1
        type_ = definition.args[name].type
        return self._input(count, GraphQLNonNull(GraphQLInt)) if is_bound else self._argument(count, type_)

    def _order(self, definition: GraphQLField, row: GraphQLObjectType, *, is_whole: bool) -> list[dict[str, Any]]:
        if "orderBy" not in definition.args:
            return []
        type_ = get_named_type(definition.args["orderBy"].type)
        assert isinstance(type_, GraphQLInputObjectType)
        names = list(type_.fields)
        # Rows without a key are in no order of their own: where all that can be ordered is, they are.
        some = self._draw(st.permutations(names)) if is_whole else []
        if not is_whole and self.chance(50):
            some = self._draw(st.lists(st.sampled_from(names), max_size=3))
        return [{name: EnumName(self.one(DIRECTIONS))} for name in some]

    def _cursor(self, row: GraphQLObjectType, order: list[dict[str, Any]]) -> str:
        if self.chance(5):
            self._is_sound = False
            return self._argument(self.one(("", "x", "bm8", "WyJhIl0")), GraphQLString)
        variable = f"v{self.number()}"
        self._heads.append(f"${variable}: String")
        literal = f"(orderBy: {_literal(order)})" if order else ""
        place = self._draw(st.integers(0, 4))
        self._wishes.append(CursorWish(variable, self._api.collections[row.name], literal, place))
        return f"${variable}"

    def _where_argument(self, definition: GraphQLField, row: GraphQLObjectType) -> str:
        type_ = get_named_type(definition.args["where"].type)
        assert isinstance(type_, GraphQLInputObjectType)
        where = self._where(type_, row.name, 2)
        return self._argument({**where, **self._nothing(type_)} if self.chance(10) else where, type_)

    def _nothing(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        """A condition that is plainly false."""
        columns = [
            name
            for name, each in type_.fields.items()
            if isinstance(input_meaning_of(each), WhereColumn) and "in" in get_named_type(each.type).fields
        ]
        choices: list[dict[str, Any]] = [{"or": []}, {"not": {}}, {"and": [{"or": []}]}]
        return dict(self.one([*choices, *({name: {"in": []}} for name in columns)]))

    def _where(self, type_: GraphQLInputObjectType, row: str, depth: int) -> dict[str, Any]:
        where: dict[str, Any] = {}
        for _ in range(self._draw(st.integers(0, 2))):
            columns = [name for name, each in type_.fields.items() if isinstance(input_meaning_of(each), WhereColumn)]
            name = self.one(columns)
            where[name] = self._comparison(get_named_type(type_.fields[name].type), row, name)
        if depth and self.chance(30):
            words = [name for name, each in type_.fields.items() if isinstance(input_meaning_of(each), WhereLogic)]
            word = self.one(words)
            parts = [self._where(type_, row, depth - 1) for _ in range(self._draw(st.integers(0, 2)))]
            where[word] = parts if isinstance(get_nullable_type(type_.fields[word].type), GraphQLList) else (
                parts[0] if parts else {}
            )  # fmt: skip
        return where

    def _comparison(self, type_: Any, row: str, name: str) -> dict[str, Any]:
        comparison: dict[str, Any] = {}
        for _ in range(self._draw(st.integers(0, 2))):
            operator = self.one(list(type_.fields))
            taken = type_.fields[operator].type
            if isinstance(get_nullable_type(taken), GraphQLList):
                item = get_nullable_type(taken).of_type
                comparison[operator] = [self._leaf(item, row, name) for _ in range(self._draw(st.integers(0, 3)))]
            elif operator == "isNull":
                comparison[operator] = self.one((True, False))
            else:
                comparison[operator] = self._leaf(taken, row, name)
        return comparison

    def _leaf(self, type_: GraphQLInputType, row: str, name: str, sample: Any = None) -> Any:
        named = get_named_type(type_)
        if isinstance(named, GraphQLEnumType):
            return EnumName(sample or self.one(list(named.values)))
        if sample is not None:
            return sample
        samples = self._api.samples(row, name)
        if samples and self.chance(60):
            return self.one(samples)
        value = self.one(GENERIC[named.name])
        if named.name in ("Duration", "MacAddr", "String", "ID") or value in BEYOND_FLOAT4:
            self._is_sound = False
        return value

    # -- values: as literals, and with variables in the place of any part ------------------------

    def _argument(self, value: Any, type_: GraphQLInputType) -> str:
        """A value of a nullable argument, or null, or nothing at all."""
        if self.chance(4):
            return "null"
        if self.chance(4):
            return self._variable(str(get_nullable_type(type_)), self.one((None, MISSING)))
        return self._input(value, type_)

    def _input(self, value: Any, type_: GraphQLInputType) -> str:
        if self.chance(25):
            return self._lifted(value, type_)
        nullable: Any = get_nullable_type(type_)
        if isinstance(nullable, GraphQLList) and isinstance(value, list):
            return f"[{', '.join(self._input(item, nullable.of_type) for item in value)}]"
        if isinstance(nullable, GraphQLInputObjectType) and isinstance(value, dict):
            pairs = [f"{key}: {self._member(item, nullable, key)}" for key, item in value.items()]
            return f"{{{', '.join(pairs)}}}"
        return _literal(value)

    def _member(self, value: Any, type_: GraphQLInputObjectType, key: str) -> str:
        member = type_.fields[key].type
        if type_.is_one_of:
            return self._input(value, GraphQLNonNull(get_nullable_type(member)))
        if self.chance(2):
            return self._variable(str(member), MISSING)
        if self.chance(1):
            self._is_sound = False
            return "null" if self.chance(50) else self._variable(str(member), None)
        return self._input(value, member)

    def _lifted(self, value: Any, type_: GraphQLInputType) -> str:
        nullable = get_nullable_type(type_)
        is_required = isinstance(type_, GraphQLNonNull) or self.chance(50)
        plain = _plain(value)
        if self.chance(15):
            return self._variable(f"{nullable}", MISSING, default=_literal(value), is_required=False)
        return self._variable(f"{nullable}", plain, is_required=is_required)

    def _variable(self, type_: str, value: Any, *, default: str = "", is_required: bool = False) -> str:
        name = f"v{self.number()}"
        required = "!" if is_required and not type_.endswith("!") else ""
        self._heads.append(f"${name}: {type_}{required}" + (f" = {default}" if default else ""))
        self._values[name] = value
        return f"${name}"


def as_id(parts: object) -> str:
    """A global id of these parts, right or wrong."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _is_used(name: str, texts: Sequence[str]) -> bool:
    return any(re.search(re.escape(name) + r"\b", text) for text in texts)


def _plain(value: Any) -> Any:
    match value:
        case EnumName(name):
            return name
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def _literal(value: Any) -> str:
    match value:
        case EnumName(name):
            return name
        case dict():
            return "{" + ", ".join(f"{key}: {_literal(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case _:
            return json.dumps(value)


def _can_absorb(scope: Scope, other: Scope) -> bool:
    return all(
        key not in scope or (scope[key].signature == taken.signature and _can_absorb(scope[key].below, taken.below))
        for key, taken in other.items()
    )


def _absorb(scope: Scope, other: Scope) -> None:
    for key, taken in other.items():
        if key in scope:
            _absorb(scope[key].below, taken.below)
        else:
            scope[key] = copy.deepcopy(taken)


# -- how many statements the way of the resolvers may take ---------------------------------------


def _statements(schema: GraphQLSchema, text: str) -> Iterator[int]:
    """For each field that leads to rows, one; one more for a connection, which may count."""
    document = parse(text)
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}

    def below(selections: SelectionSetNode, type_: Any) -> Iterator[int]:
        for selection in selections.selections:
            match selection:
                case FragmentSpreadNode():
                    fragment = fragments[selection.name.value]
                    yield from below(fragment.selection_set, _narrowed(schema, fragment, type_))
                case InlineFragmentNode():
                    yield from below(selection.selection_set, _narrowed(schema, selection, type_))
                case FieldNode() if selection.selection_set is not None:
                    definition = type_.fields[selection.name.value]
                    yield _statements_of(definition)
                    yield from below(selection.selection_set, get_named_type(definition.type))

    for definition in document.definitions:
        if not isinstance(definition, FragmentDefinitionNode):
            yield from below(definition.selection_set, schema.query_type)  # type: ignore[attr-defined]


def _narrowed(schema: GraphQLSchema, fragment: FragmentDefinitionNode | InlineFragmentNode, type_: Any) -> Any:
    condition = fragment.type_condition
    return type_ if condition is None else schema.type_map[condition.name.value]


def _statements_of(definition: GraphQLField) -> int:
    match meaning_of(definition):
        case ToOne() | RowByKey():
            return 1
        case ToMany() | Collection():
            return 2
        case _:
            return 0
