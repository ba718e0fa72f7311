"""graphql-core's executor, which leaves a float's digits as its source printed them."""

from __future__ import annotations

from typing import Any

from graphql import Executor, GraphQLLeafType

from punnet.sources.rows import FloatText


class SourceTextExecutor(Executor[None]):
    """Runs the resolvers of one operation."""

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: Any) -> Any:
        """Complete a scalar or an enum; the scalar Float would make a plain float, and so other digits."""
        if isinstance(result, FloatText):
            return result
        return Executor.complete_leaf_value(return_type, result)
