"""What is right with a call by keys, and worth a warning all the same."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.catalog.endpoints import Endpoint
from punnet.catalog.entities import ServiceEntity
from punnet.catalog.joins import Join
from punnet.planning.calls import KeyedCall


@dataclass(frozen=True, slots=True)
class UnbatchedField:
    """A field inside lists, or an entity, whose service has no batch form: with what it costs."""

    join: Join | ServiceEntity
    endpoint: Endpoint

    def __str__(self) -> str:
        return (
            f"{self.join}: '{self.endpoint.id}' takes one key a call: 100 rows make up to 100 calls.\n"
            f"  fix: if the service can answer for many keys, call that operation, or declare its batch form"
        )


@dataclass(frozen=True, slots=True)
class ChangingField:
    """A field, or an entity, whose operation may change things: a query is not expected to."""

    join: Join | ServiceEntity
    endpoint: Endpoint

    def __str__(self) -> str:
        return (
            f"{self.join}: '{self.endpoint.id}' is a {self.endpoint.method}: queries that ask for it will send that.\n"
            f"  fix: if it changes anything, call an operation that only reads; if it reads, this is as it should be"
        )


JoinWarning = ChangingField | UnbatchedField


def warnings_of(join: Join | ServiceEntity, call: KeyedCall) -> list[JoinWarning]:
    """What is worth a warning of a join or an entity that makes this call."""
    warnings: list[JoinWarning] = []
    if _may_change(call):
        warnings.append(ChangingField(join, call.endpoint))
    if call.batch is None:
        warnings.append(UnbatchedField(join, call.endpoint))
    return warnings


def _may_change(call: KeyedCall) -> bool:
    # A POST that gives an item for each of many keys is a look-up whose keys would not fit into a URL.
    return call.endpoint.method != "GET" and (call.endpoint.method != "POST" or call.batch is None)
