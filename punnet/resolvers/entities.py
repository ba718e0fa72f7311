"""Fields that give objects of several types: by global ids, and by the representations of other subgraphs."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLFieldResolver, GraphQLTypeResolver

from punnet.errors import BadUserInput, PunnetError, ValueNotRepresentable
from punnet.loaders.calls import Calls
from punnet.planning.choice import Address, Addressing, Asked, asked_by_type
from punnet.planning.entities import CalledEntity, CalledKey, GivenEntity, OwnEntity, Representations, RowEntity
from punnet.planning.ids import GlobalIds
from punnet.planning.level import LevelPlanner
from punnet.planning.meaning import Entities, RowsById, Subgraph
from punnet.planning.read import Read
from punnet.planning.selection import Selected
from punnet.resolvers.context import RequestContext, ResolveInfo
from punnet.resolvers.rows import first_row
from punnet.sources.rows import KnownRow, RowValues

Found = list[object]
"""A row, an object of a team's code, an error that is this item's own, or None, in the place of each item."""

Fill = Callable[[Found, str, Asked], Awaitable[None]]
"""Puts in what is asked of one type."""


def rows_by_id_resolver(meaning: RowsById) -> GraphQLFieldResolver:
    """Resolve one row or several by global ids, of whatever types these name."""

    async def find(info: ResolveInfo, ids: Sequence[object]) -> Found:
        return await _find(meaning.ids, ids, _rows_of_types(info, meaning.ids).fill)

    async def resolve_one(_root: object, info: ResolveInfo, **arguments: str) -> object:
        [found] = await find(info, [arguments[meaning.argument]])
        if isinstance(found, Exception):
            raise found
        return found

    async def resolve_list(_root: object, info: ResolveInfo, **arguments: list[str]) -> Found:
        return await find(info, arguments[meaning.argument])

    return resolve_list if meaning.is_list else resolve_one


def entities_resolver(meaning: Entities) -> GraphQLFieldResolver:
    """Resolve the objects that representations name; one that is wrong fails alone."""
    kind_of = meaning.representations.kind_of

    async def resolve(_root: object, info: ResolveInfo, **arguments: list[object]) -> Found:
        given = arguments[meaning.argument]
        rows = _rows_of_types(info, meaning.representations)

        async def fill(found: Found, type_name: str, asked: Asked) -> None:
            match kind_of[type_name]:
                case RowEntity():
                    await rows.fill(found, type_name, asked)
                case OwnEntity(_, _, resolve_own):
                    await _fill_own(found, asked, resolve_own, info, given)
                case GivenEntity():
                    _fill_given(found, asked, type_name)
                case CalledEntity(keys=keys):
                    await _fill_called(found, asked, type_name, keys, info.context.calls)
            if type_name in meaning.representations.required:
                _know_better(found, asked, type_name, meaning.representations, given)

        return await _find(meaning.representations, given, fill)

    return resolve


def subgraph_resolver(meaning: Subgraph) -> GraphQLFieldResolver:
    """Resolve what the subgraph tells about itself."""

    def resolve(_root: object, _info: ResolveInfo) -> Subgraph:
        return meaning

    return resolve


def resolve_sdl(subgraph: Subgraph, _info: ResolveInfo) -> str:
    """Resolve the subgraph's schema as text."""
    return subgraph.sdl()


def entity_type_resolver(name_of_own: Callable[[object], str | None]) -> GraphQLTypeResolver:
    """Tell which type an entity has; `name_of_own` knows the objects of a team's code."""

    def resolve(value: object, *_: object) -> str | None:
        return value.type_name if isinstance(value, RowValues | TypedObject) else name_of_own(value)

    return resolve


async def _find(addressing: Addressing, items: Sequence[object], fill: Fill) -> Found:
    addresses = [_address(addressing, item) for item in items]
    found: Found = [address if isinstance(address, Exception) else None for address in addresses]
    asked = asked_by_type(None if isinstance(address, Exception) else address for address in addresses)
    await asyncio.gather(*(fill(found, *each) for each in asked.items()))
    return found


def _address(addressing: Addressing, item: object) -> Address | BadUserInput | None:
    try:
        return addressing.address(item)
    except BadUserInput as error:
        return error


@dataclass(slots=True)
class _RowsOfTypes:
    """The rows of each type that the items of one field name."""

    context: RequestContext
    planner: LevelPlanner
    selected: Selected
    addressing: GlobalIds | Representations
    _reads: dict[tuple[str, tuple[int, ...]], Read] = field(default_factory=dict)

    async def fill(self, found: Found, type_name: str, asked: Asked) -> None:
        """Put the rows of one type in their places."""
        read = self._read_of(type_name, asked.by)
        loader = self.context.loaders.rows_by_key(read)
        loads = (loader.load(key) for key in asked.keys(read))
        results = await asyncio.gather(*loads, return_exceptions=True)
        for places, rows in zip(asked.places.values(), results, strict=True):
            for place in places:
                found[place] = rows if isinstance(rows, BaseException) else _row_or_error(rows)

    def _read_of(self, type_name: str, by: tuple[int, ...]) -> Read:
        if (type_name, by) not in self._reads:
            rows = self.addressing.rows_of(type_name)
            if rows is None:
                raise TypeError(f"the objects of '{type_name}' are no rows")
            read = self.planner.row_of_type(self.selected, type_name, *rows)
            self._reads[type_name, by] = read.asked_by(by)
        return self._reads[type_name, by]


def _row_or_error(rows: Sequence[RowValues]) -> RowValues | PunnetError | None:
    try:
        return first_row(rows)
    except PunnetError as error:
        return error


def _rows_of_types(info: ResolveInfo, addressing: GlobalIds | Representations) -> _RowsOfTypes:
    context = info.context
    return context.level(info, lambda planner, selected: _RowsOfTypes(context, planner, selected, addressing))


async def _fill_own(
    found: Found, asked: Asked, resolve: Callable[..., object], info: ResolveInfo, given: Sequence[Any]
) -> None:
    places = [place for each in asked.places.values() for place in each]
    objects = await asyncio.gather(*(_own(resolve, info, given[place]) for place in places), return_exceptions=True)
    for place, value in zip(places, objects, strict=True):
        found[place] = value


async def _own(resolve: Callable[..., object], info: ResolveInfo, representation: Mapping[str, object]) -> object:
    value = resolve(info, representation)
    return await value if inspect.isawaitable(value) else value


def _know_better(
    found: Found, asked: Asked, type_name: str, representations: Representations, items: Sequence[object]
) -> None:
    """Have joined fields of the objects take what the representations know."""
    for places in asked.places.values():
        for place in places:
            try:
                known = representations.given_of(type_name, items[place])
            except BadUserInput as error:
                found[place] = error
            else:
                found[place] = _with_known(found[place], known)


def _with_known(value: object, known: Mapping[str, object]) -> object:
    match value:
        case RowValues() if known:
            return KnownRow(value.type_name, value.values, known)
        case TypedObject():
            return TypedObject(value.type_name, {**value, **known})
        case _:
            return value


class TypedObject(dict[str, object]):
    """An object of a service or another subgraph that knows its type."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str, members: Mapping[str, object]) -> None:
        super().__init__(members)
        self.type_name = type_name


def _fill_given(found: Found, asked: Asked, type_name: str) -> None:
    for (_, (text,)), places in asked.places.items():
        value = TypedObject(type_name, orjson.loads(text))
        for place in places:
            found[place] = value


async def _fill_called(found: Found, asked: Asked, type_name: str, keys: tuple[CalledKey, ...], calls: Calls) -> None:
    loads = (calls.loader(keys[number].call).load(tuple(orjson.loads(text))) for number, (text,) in asked.places)
    answers = await asyncio.gather(*loads, return_exceptions=True)
    for places, answer in zip(asked.places.values(), answers, strict=True):
        for place in places:
            found[place] = _typed(type_name, answer)


def _typed(type_name: str, answer: object) -> object:
    if answer is None or isinstance(answer, BaseException):
        return answer
    if not isinstance(answer, dict):
        return ValueNotRepresentable(what="A source gave something else where an object has to be.")
    return TypedObject(type_name, answer)
