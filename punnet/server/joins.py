"""Joins and entities of a configuration, as the values that the schema is made of."""

from __future__ import annotations

from collections.abc import Mapping

from punnet.catalog.entities import Entity, ServiceEntity, Stub
from punnet.catalog.joins import DEFAULT_MAX_KEYS, Batch, Join, Reference
from punnet.configuration.calls import Calling
from punnet.configuration.configuration import Configuration
from punnet.configuration.entities import EntityConfiguration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.operations import BatchConfiguration


def chosen_joins(configuration: Configuration) -> list[Join | Reference]:
    """The joins in their order."""
    return [_join(configuration, join) for join in configuration.joins]


def chosen_entities(configuration: Configuration) -> list[Entity]:
    """The types that other subgraphs share."""
    return [_entity(configuration, entity) for entity in configuration.entities]


def _join(configuration: Configuration, join: JoinConfiguration) -> Join | Reference:
    if join.entity is not None:
        return Reference(on=join.on, field=join.field, entity=join.entity, match=tuple(join.match.items()))
    return Join(
        on=join.on,
        field=join.field,
        call=join.call or "",
        match=_match(configuration, join),
        batch=_batch(configuration.batch_of(join), join.match),
        is_list=join.many,
        value=join.value,
    )


def _entity(configuration: Configuration, entity: EntityConfiguration) -> Entity:
    if entity.call is None:
        return Stub(type=entity.type, key=entity.key, fields=tuple(entity.fields.items()))
    return ServiceEntity(
        type=entity.type,
        key=entity.key,
        call=entity.call,
        match=_match(configuration, entity),
        batch=_batch(configuration.batch_of(entity), entity.match),
    )


def _match(configuration: Configuration, caller: Calling) -> tuple[tuple[str, str], ...]:
    batch = configuration.batch_of(caller)
    if batch is None or batch.parameter is None:
        return tuple(caller.match.items())
    # Keys that go as a list of objects: each parameter is a member of them.
    return tuple((f"{batch.parameter}[].{name}", value) for name, value in caller.match.items())


def _batch(batch: BatchConfiguration | None, match: Mapping[str, str]) -> Batch | None:
    if batch is None:
        return None
    key: tuple[str, ...] = ()
    if isinstance(batch.key, Mapping):
        key = tuple(batch.key[name] for name in match)
    elif batch.key is not None:
        key = (batch.key,)
    return Batch(key=key, in_order=batch.order, max_keys=batch.max or DEFAULT_MAX_KEYS)
