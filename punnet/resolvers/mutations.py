"""The executor of mutations: each of their fields sees what those before it have changed."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.pyutils import Path

from punnet.resolvers.context import RequestContext
from punnet.resolvers.executor import SourceTextExecutor


class MutationExecutor(SourceTextExecutor):
    """Runs a mutation, below each of whose root fields rows and answers are asked anew.

    What one of them remembers may be changed by the next. It may also have been remembered by another operation of
    the request.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._contexts: dict[str | int, RequestContext] = {}

    def build_resolve_info(
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> GraphQLResolveInfo[RequestContext]:
        """What the field's resolver is told, with the context of the root field that it is below."""
        whole, self.context_value = self.context_value, self._context_below(_root_of(path))
        try:
            return super().build_resolve_info(field_def, field_nodes, parent_type, path)
        finally:
            self.context_value = whole

    def _context_below(self, root: str | int) -> RequestContext:
        context = self._contexts.get(root)
        if context is None:
            context = self._contexts[root] = self.context_value.anew()
        return context


def _root_of(path: Path) -> str | int:
    """The response key of the root field."""
    while path.prev is not None:
        path = path.prev
    return path.key
