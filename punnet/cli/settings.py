"""Settings from a command's words and the environment."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import ValidationError

from punnet.server.errors import SettingsWrong
from punnet.server.settings import Settings


def make_settings(url: str, namespaces: list[str] | None) -> Settings:
    """The settings of a command.

    Raises:
        SettingsWrong: the URL is no Postgres URL, or a variable `PUNNET_...` has a value that cannot be.
    """
    check_url(url)
    try:
        if namespaces:
            return Settings(database_url=url, namespaces=namespaces)
        return Settings(database_url=url)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsWrong(
            what=f"PUNNET_{name}: {first['msg']}", fix="correct or unset the variable"
        ) from error


def check_url(url: str) -> None:
    """Refuse what cannot be the URL of a Postgres database."""
    try:
        parts = urlsplit(url)
        is_postgres = parts.scheme in ("postgres", "postgresql") and parts.port != 0
    except ValueError:
        is_postgres = False
    if not is_postgres:
        raise SettingsWrong(
            what="this is no URL of a Postgres database",
            fix="give one such as postgresql://user:password@host:5432/database",
        )
