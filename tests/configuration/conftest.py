from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import load_configuration
from punnet.configuration.problems import ConfigurationWrong

Load = Callable[..., Configuration]
Refuse = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a text, with the variables given."""

    def load(text: str, **environment: str) -> Configuration:
        path = tmp_path / "punnet.toml"
        path.write_text(dedent(text), encoding="utf-8")
        return load_configuration(path, environment)

    return load


@pytest.fixture
def problems_of(load: Load, tmp_path: Path) -> Refuse:
    """Loads a text that cannot be used, and gives what is wrong with it: `line: key: what`."""

    def problems_of(text: str, **environment: str) -> list[str]:
        with pytest.raises(ConfigurationWrong) as caught:
            load(text, **environment)
        return [str(problem).removeprefix(f"{tmp_path / 'punnet.toml'}:") for problem in caught.value.problems]

    return problems_of
