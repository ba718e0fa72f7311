"""What the package promises by name. To change it is to change what teams import."""

from __future__ import annotations

import inspect
from importlib import resources

import punnet


def test_the_public_api_is_these_names() -> None:
    assert punnet.__all__ == [
        "ClientCode",
        "Configuration",
        "OwnCode",
        "PunnetError",
        "Settings",
        "Way",
        "create_app",
        "load_configuration",
    ]


def test_every_public_name_is_there_and_described() -> None:
    assert [name for name in punnet.__all__ if not inspect.getdoc(getattr(punnet, name))] == []


def test_an_app_is_made_of_settings_own_code_and_a_context() -> None:
    assert list(inspect.signature(punnet.create_app).parameters) == ["settings", "own", "context_of"]


def test_the_package_says_that_it_is_typed() -> None:
    assert resources.files("punnet").joinpath("py.typed").is_file()
