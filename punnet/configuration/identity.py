"""`[server.identity]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator

from punnet.configuration.headers import HeaderName
from punnet.configuration.positions import Location
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, Section, refuse


def _secret(secret: SecretStr) -> SecretStr:
    # Whatever else a header can hold, not every proxy leaves it as it is.
    if not re.fullmatch(r"[!-~]+( [!-~]+)*", secret.get_secret_value()):
        raise ValueError("wants words of visible ASCII characters")
    return secret


def _role(name: str) -> str:
    # A header that was sent twice may arrive as one, joined by a comma: that must be no role.
    if not re.fullmatch(r"[!-+\--~]+", name):
        raise ValueError("wants a name of visible ASCII characters without spaces and commas")
    return name


Role = Annotated[str, AfterValidator(_role)]


class IdentityConfiguration(Section):
    """How a gateway says who asks."""

    secret_header: HeaderName = Field(description="The header by which the gateway proves itself.")
    secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(description="What that header holds.")
    role_header: HeaderName = Field(description="The header that names the caller's role.")
    roles: tuple[Role, ...] = Field(min_length=1, description="The roles that there are; any other is refused.")
    claims: Mapping[GraphQLName, HeaderName] = Field(
        default_factory=dict, description="What else is known of the caller: names, and the headers that say it."
    )
    required: bool = Field(default=False, description="Whether requests without a role are refused.")

    @model_validator(mode="after")
    def _keeps_its_secret(self) -> IdentityConfiguration:
        refuse(self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        claims: list[tuple[Location, str]] = [(("claims", claim), header) for claim, header in self.claims.items()]
        for location, header in [(("role_header",), self.role_header), *claims]:
            if header.lower() == self.secret_header.lower():
                yield Finding(location=location, what="is the header of the secret")
