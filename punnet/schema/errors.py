"""Errors of building a schema."""

from __future__ import annotations

from collections.abc import Sequence

from punnet.errors import PunnetError


class NameTaken(PunnetError):
    """A team's own code and the generated part of the schema use one name for two things."""

    code = "SCHEMA-001"

    def __init__(self, thing: str) -> None:
        super().__init__(
            what=f"{thing} is both generated and in your own code",
            where="merging your Strawberry types with the generated ones",
            fix="give yours another name",
        )


class NothingToServe(PunnetError):
    """The sources offer nothing that a schema could be made of."""

    code = "SCHEMA-002"

    def __init__(
        self,
        where: str = "making the schema from the catalog",
        fix: str = "create one, grant SELECT on it to the role in the URL, or name its namespace",
    ) -> None:
        super().__init__(what="there is no table or view to serve", where=where, fix=fix)


def _listed(problems: Sequence[str], things: str) -> str:
    """All that is wrong at once."""
    several = "" if len(problems) == 1 else f"{len(problems)} {things} are wrong:\n  - "
    return several + "\n  - ".join(problems)


class JoinWrong(PunnetError):
    """Joins in the configuration name what is not there, or what cannot go together."""

    code = "SCHEMA-003"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            what=_listed(problems, "joins"),
            where="adding the joins of the configuration to the schema",
            fix="correct 'on', 'call', 'match', 'value' and 'batch'; "
            "`punnet sdl` prints the types and fields that there are",
        )


class DirectivesWrong(PunnetError):
    """Directives or keys, in the configuration or in comments, cannot be where they are."""

    code = "SCHEMA-004"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            what=_listed(problems, "directives or keys"),
            where="adding directives to the schema",
            fix="correct them in [schema] or in the comments of the database; `punnet sdl` prints the types and fields",
        )


class OverridesWrong(PunnetError):
    """What the configuration says about relations and relationships cannot be."""

    code = "SCHEMA-005"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            what=_listed(problems, "things said about relations"),
            where="putting [sources.NAME.relations] and [[relationships]] into the catalog",
            fix="take relations and columns by the names that the database has, and names that nothing else has",
        )


class EntitiesWrong(PunnetError):
    """Types that the configuration shares with other subgraphs cannot be shared so."""

    code = "SCHEMA-006"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            what=_listed(problems, "entities"),
            where="adding the [[entities]] of the configuration to the schema",
            fix="correct 'type', 'key', 'fields', 'call' and 'match'; "
            "`punnet sdl` prints the types and fields that there are",
        )
