"""Settings from a command's words and the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError

from punnet.configuration.load import load_configuration
from punnet.configuration.wording import wording
from punnet.server.errors import SettingsWrong
from punnet.server.settings import Deployment, Settings, deployment_of


class Start(BaseModel):
    """A command's argument, and what goes with it: enough for a worker to begin from, too."""

    source: str
    namespaces: list[str] | None = None

    def deployment(self) -> Deployment:
        """Read what the argument names; raises as `make_deployment`."""
        return make_deployment(self.source, self.namespaces)


def make_deployment(source: str, namespaces: list[str] | None) -> Deployment:
    """What a command's argument names: a database by its URL, or a configuration by its file.

    Raises:
        SettingsWrong: see `make_settings`.
        ConfigurationWrong, ConfigurationUnreadable: the file cannot be used.
    """
    if not is_configuration(source):
        return make_settings(source, namespaces).deployment()
    if namespaces:
        raise SettingsWrong(what="--namespace goes with a URL", fix="name the namespaces in the configuration")
    configuration = load_configuration(Path(source), os.environ)
    try:
        return deployment_of(configuration)
    except ValidationError as error:
        raise _settings_wrong(error) from error


def is_configuration(source: str) -> bool:
    """Whether the argument is a file's name, and no URL."""
    return "://" not in source and (source.endswith(".toml") or Path(source).is_file())


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
        raise _settings_wrong(error) from error


def _settings_wrong(error: ValidationError) -> SettingsWrong:
    problems = [f"PUNNET_{str(each['loc'][0]).upper()} {wording(each)}" for each in error.errors(include_url=False)]
    return SettingsWrong(what="; ".join(dict.fromkeys(problems)), fix="correct or unset the variable")


def check_url(url: str) -> None:
    """Refuse what cannot be the URL of a Postgres database; none of it is repeated, for it holds a password."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", url, re.IGNORECASE)
    if scheme is not None and scheme[1].lower() not in ("postgres", "postgresql"):
        raise SettingsWrong(what=f"'{scheme[1]}' is no scheme of a Postgres URL", fix=_FIX)
    if scheme is None or not _is_well_formed(url):
        raise SettingsWrong(what="this is no URL of a Postgres database", fix=_FIX)


def _is_well_formed(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parse_qs(parts.query, strict_parsing=bool(parts.query))
        # The driver ends the password at the first @.
        return parts.port != 0 and parts.netloc.count("@") <= 1
    except ValueError:
        return False


_FIX = (
    "give one such as postgresql://user:password@host:5432/database, "
    "with special characters in the password as %40 for @, %2F for /; "
    "or the path of a configuration that is there"
)
