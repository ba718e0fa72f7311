"""`[schema]`."""

from __future__ import annotations

from pydantic import Field

from punnet.configuration.section import Section


class SchemaConfiguration(Section):
    """What the schema is for."""

    federation: bool = Field(default=False, description="Whether it is a subgraph for gateways of Apollo Federation 2.")
