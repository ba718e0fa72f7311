"""The rule that a literal of the type Float is a number that a double can hold."""

from __future__ import annotations

from typing import Any

from graphql import FloatValueNode, GraphQLError, GraphQLFloat, IntValueNode, ValidationRule, get_named_type

from punnet.catalog.scalars import parse_float


class FiniteFloats(ValidationRule):
    """Refuses 1e400, of which graphql-core makes an infinity; JSON, in which all values travel, has none."""

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> None:
        """Look at a number with a point or an exponent."""
        self._check(node)

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        """Look at a whole number, which can be as large."""
        self._check(node)

    def _check(self, node: FloatValueNode | IntValueNode) -> None:
        input_type = self.context.get_input_type()
        if input_type is None or get_named_type(input_type) is not GraphQLFloat:
            return
        try:
            parse_float(float(node.value))
        except ValueError as error:
            self.report_error(GraphQLError(f"Float {error}.", node))
