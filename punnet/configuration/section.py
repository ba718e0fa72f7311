"""What all tables of a configuration have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from punnet.configuration.problems import Finding

FINDINGS = "findings"
"""The type of a validation error that carries findings, in its context under this name."""


class Section(BaseModel):
    """A table of a configuration."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, hide_input_in_errors=True
    )


def refuse(findings: Iterable[Finding]) -> None:
    """Fail a section's validation where there are findings; their locations begin at the section."""
    found = tuple(findings)
    if found:
        text = "; ".join(f"{'.'.join(map(str, finding.location))}: {finding}" for finding in found)
        # Braces in the text are no place-holders of its context.
        raise PydanticCustomError(FINDINGS, "{text}", {"text": text, FINDINGS: found})


def graphql_name(text: str) -> str:
    """The text where GraphQL takes it as a name; raises ValueError saying what it wants."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) or text.startswith("__"):
        raise ValueError("wants a GraphQL name: letters, digits and underscores, of which two do not come first")
    return text


def _prefix(text: str) -> str:
    if not re.fullmatch(r"([A-Za-z][A-Za-z0-9_]*)?", text):
        raise ValueError("wants letters, digits and underscores, a letter first, or nothing at all")
    return text


def _service_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url or any(character.isspace() for character in text):
        raise ValueError("wants a URL that begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("holds a user or password, which belong into headers or oauth2")
    return text


def _base_url(text: str) -> str:
    parts = urlsplit(_service_url(text))
    if parts.query or parts.fragment:
        raise ValueError("wants a URL without ? and #, for paths are appended to it")
    return text


def _document_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    text = secret.get_secret_value()
    # A drive of Windows looks like a scheme of one letter.
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text):
        _service_url(text)
        return secret
    if not text or "\0" in text:
        raise ValueError("wants the URL or the path of a document")
    return SecretStr(str(_below_directory(Path(text), info)))


def _postgres_url(secret: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(secret.get_secret_value())
        is_postgres = parts.scheme in ("postgres", "postgresql") and parts.port != 0
    except ValueError:
        is_postgres = False
    if not is_postgres:
        raise ValueError("wants the URL of a Postgres database: postgresql://user:password@host:5432/database")
    return secret


def _below_directory(path: Path, info: ValidationInfo) -> Path:
    # The loader says where the file lies; in Python, paths are as Python has them.
    directory: Path | None = info.context.get("directory") if isinstance(info.context, dict) else None
    return path if directory is None else directory / path


def _members(value: object) -> object:
    return value.split(".") if isinstance(value, str) else value


GraphQLName = Annotated[str, AfterValidator(graphql_name)]
Prefix = Annotated[str, AfterValidator(_prefix)]
ServiceUrl = Annotated[str, AfterValidator(_service_url)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
DocumentUrl = Annotated[SecretStr, AfterValidator(_document_url)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
FilePath = Annotated[Path, AfterValidator(_below_directory)]
MemberPath = Annotated[tuple[str, ...], BeforeValidator(_members)]
"""Members of JSON objects, one in the other: `data.shipment`, or a list of names."""
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
