"""What the resolvers of one request share; it is `info.context`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from graphql import GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues

from punnet.access.policy import PolicyOf
from punnet.access.session import Identity
from punnet.loaders.calls import Calls
from punnet.loaders.reads import ReadLoaders
from punnet.planning.level import LevelPlanner
from punnet.planning.selection import Selected, Selection, fragment_details

T = TypeVar("T")


@dataclass(slots=True)
class RequestContext:
    """The state of one request on the way of the resolvers."""

    identity: Identity
    loaders: ReadLoaders
    calls: Calls
    policy_of: PolicyOf
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Whatever the team that mounted Punnet wants its own resolvers to find."""
    _levels: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _planner: LevelPlanner | None = None

    def anew(self) -> RequestContext:
        """The context of the same request, of which no row and no answer is known yet."""
        return replace(self, loaders=self.loaders.anew(), calls=self.calls.anew(), _levels={})

    def level(self, info: ResolveInfo, plan: Callable[[LevelPlanner, Selected], T]) -> T:
        """Plan the level below a field, once however many parents have it.

        The nodes stay alive in the document for as long as the request, so that their identity names the field.
        """
        key = (info.parent_type.name, *map(id, info.field_nodes))
        if key not in self._levels:
            self._levels[key] = plan(self._planner_of(info), _selected(info))
        level: T = self._levels[key]
        return level

    def _planner_of(self, info: ResolveInfo) -> LevelPlanner:
        if self._planner is None:
            variables: Any = info.variable_values
            if not isinstance(variables, VariableValues):
                variables = VariableValues({}, variables)
            selection = Selection(info.schema, info.operation, fragment_details(info.fragments), variables)
            self._planner = LevelPlanner(selection, self.policy_of)
        return self._planner


ResolveInfo = GraphQLResolveInfo[RequestContext]


def _selected(info: ResolveInfo) -> Selected:
    return Selected(
        key=str(info.path.key),
        name=info.field_name,
        definition=info.parent_type.fields[info.field_name],
        details=tuple(FieldDetails(node, None) for node in info.field_nodes),
    )
