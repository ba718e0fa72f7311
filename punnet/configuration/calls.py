"""What joins and entities have in common: a call of a source, by keys that `match` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Protocol

from pydantic import AfterValidator

from punnet.configuration.operations import BatchConfiguration
from punnet.configuration.problems import Finding


def _call(text: str) -> str:
    source, _, operation = text.partition(".")
    if not source or not operation:
        raise ValueError("wants a source and an operation such as 'stock.listInventory', or a root field: 'shop.order'")
    return text


CallText = Annotated[str, AfterValidator(_call)]


class Calling(Protocol):
    """A table of a configuration that calls a source, or none."""

    @property
    def call(self) -> str | None:
        """`source.operation`."""

    @property
    def match(self) -> Mapping[str, str]:
        """By parameter, the field that it takes."""

    @property
    def batch(self) -> BatchConfiguration | None:
        """How many keys are answered in one call."""


def source_of(calling: Calling) -> str:
    """The source that answers; nothing where none is called."""
    return (calling.call or "").partition(".")[0]


def operation_of(calling: Calling) -> str:
    """What is called there."""
    return (calling.call or "").partition(".")[2]


def unknown_sources(table: str, callers: Mapping[int, Calling], names: Sequence[str]) -> Iterator[Finding]:
    """Find what calls a source that is not there."""
    for i, caller in callers.items():
        if caller.call is not None and source_of(caller) not in names:
            at = (table, i, "call")
            yield Finding(location=at, what="there is no such source", value=source_of(caller), choices=tuple(names))


def unknown_operations(
    table: str, callers: Mapping[int, Calling], operations: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Find what calls an operation that is not there, of the sources whose operations are given."""
    for i, caller in callers.items():
        names = operations.get(source_of(caller))
        if names is not None and operation_of(caller) not in names:
            what = f"'{source_of(caller)}' has no such operation"
            yield Finding(location=(table, i, "call"), what=what, value=operation_of(caller), choices=tuple(names))


def unmatched_keys(table: str, i: int, caller: Calling, batch: BatchConfiguration) -> Iterator[Finding]:
    """Find what a batch's key and the parameters do not agree in."""
    at = (table, i, "match")
    if isinstance(batch.key, str) and len(caller.match) > 1:
        what = "has several parameters, so the batch's key wants a table from parameters to members"
        yield Finding(location=at, what=what)
    elif isinstance(batch.key, Mapping) and set(batch.key) != set(caller.match):
        yield Finding(location=at, what="has other parameters than the batch's key")
