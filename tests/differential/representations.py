"""Representations at random: rows that are there and rows that are not, by any of their keys, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, get_named_type
from hypothesis import strategies as st

from punnet.planning.entities import EntityKey, Representations, RowEntity
from punnet.planning.meaning import ColumnField, Entities, meaning_of
from tests.differential.api import Api
from tests.differential.operations import GENERIC

Draw = Callable[[st.SearchStrategy[Any]], Any]

WRONG: tuple[Any, ...] = (
    {}, {"id": 1}, {"__typename": None}, {"__typename": "Nope", "id": 1}, {"__typename": "Query"},
    {"__typename": ["a"]}, 7, "Product", [], [{"__typename": "Product", "id": 1}], True,
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (None, "", "x", -1, 1.5, 2**31, 2**63, True, [], {}, "\x00", "9" * 30, "2024-05-01")


@dataclass(frozen=True, slots=True)
class Request:
    """An operation on `_entities`."""

    text: str
    representations: list[Any]

    @property
    def types(self) -> set[str]:
        """The types that it names, of those that there may be."""
        named = [each.get("__typename") for each in self.representations if isinstance(each, dict)]
        return {name for name in named if isinstance(name, str)}


def representations_of(api: Api) -> Representations:
    """The entities of an API."""
    meaning = meaning_of(api.roots["_entities"])
    if not isinstance(meaning, Entities):
        raise TypeError("an API without entities")
    return meaning.representations


@st.composite
def requests(draw: Draw, api: Api) -> Request:
    """Any number of representations, and fields of some of their types."""
    kinds = [kind for kind in representations_of(api).types if isinstance(kind, RowEntity)]
    named = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique_by=lambda kind: kind.name))
    given = [_representation(draw, api, draw(st.sampled_from(named))) for _ in range(draw(st.integers(0, 8)))]
    given += draw(st.lists(st.sampled_from(given), max_size=3)) if given else []
    if draw(st.integers(0, 9)) == 9:
        given.insert(draw(st.integers(0, len(given))), draw(st.sampled_from(WRONG)))
    fields = " ".join(_fragment(draw, api, kind.name) for kind in named)
    return Request(f"query Q($r: [_Any!]!) {{ _entities(representations: $r) {{ {fields} }} }}", given)


def _fragment(draw: Draw, api: Api, type_name: str) -> str:
    type_: Any = api.schema.type_map[type_name]
    plain = [name for name, field in type_.fields.items() if _is_plain(field)]
    # Under keys of their own: fields of the same name of two types may not merge.
    names = draw(st.lists(st.sampled_from(plain), max_size=4, unique=True))
    fields = " ".join(f"{type_name}_{name}: {name}" for name in names)
    typed = f"... on {type_name} {{ {fields} }}" if fields else ""
    others = draw(st.lists(st.sampled_from(["__typename", "... on Node { nodeId }"]), max_size=2))
    return " ".join([*others, typed]).strip() or "_: __typename"


def _is_plain(field: GraphQLField) -> bool:
    return isinstance(meaning_of(field), ColumnField) and not hasattr(get_named_type(field.type), "fields")


def _representation(draw: Draw, api: Api, kind: RowEntity) -> dict[str, Any]:
    rows = [row for row in api.rows.get(kind.name, ()) if row]
    row = draw(st.sampled_from(rows)) if rows and draw(st.integers(0, 9)) < 8 else {}
    keys = draw(st.lists(st.sampled_from(kind.keys), min_size=1, max_size=2))
    made: dict[str, Any] = {"__typename": kind.name}
    for key in keys:
        made |= _values(draw, api, kind.name, key, row)
    if draw(st.integers(0, 19)) == 19:
        made[draw(st.sampled_from([*made, "other"]))] = draw(st.sampled_from(ODD_VALUES))
    return made


def _values(draw: Draw, api: Api, type_name: str, key: EntityKey, row: dict[str, Any]) -> dict[str, Any]:
    type_: Any = api.schema.type_map[type_name]
    names = {each.column.name: name for name, field in type_.fields.items() if (each := _column_field(field))}
    values: dict[str, Any] = {}
    for field in key.fields:
        holder = type_ if field.within is None else get_named_type(type_.fields[field.within].type)
        own = names[field.column]
        value = row[own] if own in row else _any_value(draw, holder.fields[field.name])
        inner = values if field.within is None else values.setdefault(field.within, {})
        inner[field.name] = value
    return values


def _column_field(field: GraphQLField) -> ColumnField | None:
    meaning = meaning_of(field)
    return meaning if isinstance(meaning, ColumnField) else None


def _any_value(draw: Draw, field: GraphQLField) -> Any:
    named = get_named_type(field.type)
    if isinstance(named, GraphQLEnumType):
        return draw(st.sampled_from(list(named.values)))
    return draw(st.sampled_from(GENERIC[named.name]))


def literal_of(value: Any) -> str:
    """A JSON value as it stands in a document."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal_of(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal_of, value)) + "]"
    return json.dumps(value)
