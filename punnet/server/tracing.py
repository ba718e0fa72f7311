"""Federated tracing: how long each field of an operation took, in the form that gateways know as `ftv1`.

The form is the message `Trace` of Apollo's `reports.proto` (github.com/apollographql/apollo-server, below
packages/usage-reporting-protobuf), of which a subgraph sends times and the tree of fields. What becomes a node, and
where an error goes, is as in Apollo Server's plugin InlineTrace (packages/server/src/plugin/traceTreeBuilder.ts).
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path

from punnet.resolvers.output import error_json
from punnet.server.protobuf import write_bytes, write_number

TRACE_HEADER = b"apollo-federation-include-trace"
TRACE_FORM = b"ftv1"

Nanoseconds = Callable[[], int]


@dataclass(slots=True, eq=False)
class _Node:
    """A field of the answer, or an item of a list, which has neither types nor times."""

    key: str | int | None
    """Its name in the answer, or its index; None for the root."""
    original_name: str = ""
    """The field's own name, where the answer has it by another."""
    type: str = ""
    parent_type: str = ""
    start_ns: int = 0
    end_ns: int = 0
    errors: list[Mapping[str, Any]] = field(default_factory=list)
    children: dict[str | int, _Node] = field(default_factory=dict)

    def child(self, key: str | int) -> _Node:
        """The node below this one, made where there is none yet."""
        found = self.children.get(key)
        if found is None:
            found = self.children[key] = _Node(key)
        return found


class FederatedTrace:
    """Records one request, from its making to its encoding. It is a middleware of graphql-core."""

    def __init__(self, clock: Nanoseconds = time.perf_counter_ns, wall_clock: Nanoseconds = time.time_ns) -> None:
        self._clock = clock
        self._wall_clock = wall_clock
        self._started_at = wall_clock()
        self._start = clock()
        self._root = _Node(None)

    def resolve(
        self, resolver: Callable[..., Any], source: object, info: GraphQLResolveInfo[Any], /, **arguments: Any
    ) -> Any:
        """Run a field's resolver, and remember when it began and when its value was there.

        The fields below are not its time: they begin when it has ended.
        """
        if info.field_name.startswith("__") or info.parent_type.name.startswith("__"):
            # Questions about the schema are nobody's field.
            return resolver(source, info, **arguments)
        node = self._begin(info)
        try:
            result = resolver(source, info, **arguments)
        finally:
            node.end_ns = self._elapsed_ns()
        return self._until_there(node, result) if info.is_awaitable(result) else result

    def add_errors(self, errors: Iterable[Mapping[str, Any]]) -> None:
        """Put errors where they happened; those of the whole request are the root's.

        Args:
            errors: as the answer shows them, so that a trace tells no more than the answer.
        """
        for error in errors:
            node = self._root
            for key in error.get("path", ()):
                node = node.child(key)
            node.errors.append(error)

    def into(self, body: bytes) -> bytes:
        """The JSON object of an answer without extensions, with this trace as one; its time ends here."""
        return body[:-1] + b',"extensions":{"ftv1":"' + b64encode(self._encoded()) + b'"}}'

    def _begin(self, info: GraphQLResolveInfo[Any]) -> _Node:
        node = self._node(info.path)
        node.type = str(info.return_type)
        node.parent_type = info.parent_type.name
        if node.key != info.field_name:
            node.original_name = info.field_name
        node.start_ns = self._elapsed_ns()
        return node

    def _node(self, path: Path | None) -> _Node:
        return self._root if path is None else self._node(path.prev).child(path.key)

    async def _until_there(self, node: _Node, result: Awaitable[Any]) -> Any:
        try:
            return await result
        finally:
            node.end_ns = self._elapsed_ns()

    def _elapsed_ns(self) -> int:
        return self._clock() - self._start

    def _encoded(self) -> bytearray:
        duration_ns = self._elapsed_ns()
        trace = bytearray()
        write_bytes(trace, 3, _timestamp(self._wall_clock()))
        write_bytes(trace, 4, _timestamp(self._started_at))
        write_number(trace, 11, duration_ns)
        write_bytes(trace, 14, _encoded_node(self._root))
        return trace


def _encoded_node(node: _Node) -> bytearray:
    encoded = bytearray()
    if isinstance(node.key, int):
        write_number(encoded, 2, node.key)
    else:
        encoded += _names(node.key, node.type, node.parent_type, node.original_name)
    if node.end_ns:
        write_number(encoded, 8, node.start_ns)
        write_number(encoded, 9, node.end_ns)
    for error in node.errors:
        write_bytes(encoded, 11, _encoded_error(error))
    for child in node.children.values():
        write_bytes(encoded, 12, _encoded_node(child))
    return encoded


# A list has the same names in each of its items: written once, they are most of the time saved.
@lru_cache(maxsize=1000)
def _names(key: str | None, type_: str, parent_type: str, original_name: str) -> bytes:
    encoded = bytearray()
    for number, name in ((1, key), (3, type_), (13, parent_type), (14, original_name)):
        if name:
            write_bytes(encoded, number, name.encode())
    return bytes(encoded)


def _encoded_error(error: Mapping[str, Any]) -> bytearray:
    encoded = bytearray()
    write_bytes(encoded, 1, error["message"].encode(errors="replace"))
    for at in error.get("locations", ()):
        location = bytearray()
        write_number(location, 1, at["line"])
        write_number(location, 2, at["column"])
        write_bytes(encoded, 2, location)
    write_bytes(encoded, 4, error_json(error))
    return encoded


def _timestamp(nanoseconds: int) -> bytearray:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    encoded = bytearray()
    write_number(encoded, 1, seconds)
    write_number(encoded, 2, rest)
    return encoded
