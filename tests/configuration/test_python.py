from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from punnet.configuration.configuration import Configuration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.load import check
from punnet.configuration.operations import OperationConfiguration, ParameterConfiguration
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.services import OAuth2Configuration
from punnet.configuration.sources import HttpConfiguration, OpenApiConfiguration, PostgresConfiguration
from punnet.server.settings import Settings
from tests.configuration.conftest import Load
from tests.configuration.samples import ENVIRONMENT, FULL

SHOP = PostgresConfiguration(url=SecretStr("postgresql://shop:geheim@db/shop"))
PARCELS = HttpConfiguration(
    url="http://h",
    types={"Shipment": {"order_id": "Int!"}},
    operations={
        "shipment": OperationConfiguration(
            path="/shipments/{order_id}",
            parameters={"order_id": ParameterConfiguration(type="Int!", place="path")},
            result="Shipment",
        )
    },
)
SERVICE = OpenApiConfiguration(
    url=SecretStr("https://h/openapi.json?token=geheim"),
    headers={"Authorization": SecretStr("geheim")},
)
JOIN = JoinConfiguration(on="Order", field="shipment", call="parcels.shipment", match={"order_id": "id"})


def test_a_file_and_python_say_the_same(load: Load) -> None:
    text = """
        version = 1
        sources.shop = { type = "postgres", url = "postgresql://shop:geheim@db/shop" }
        [sources.parcels]
        type = "http"
        url = "http://h"
        types.Shipment.order_id = "Int!"
        [sources.parcels.operations.shipment]
        path = "/shipments/{order_id}"
        parameters = { order_id = { in = "path", type = "Int!" } }
        result = "Shipment"
        [[joins]]
        on = "Order"
        field = "shipment"
        call = "parcels.shipment"
        match = { order_id = "id" }
        """
    assert load(text) == Configuration(version=1, sources={"shop": SHOP, "parcels": PARCELS}, joins=(JOIN,))


def test_what_does_not_fit_together_is_refused_in_python_too() -> None:
    with pytest.raises(ValidationError, match=r"joins\.0\.call: there is no such source: 'parcels'"):
        Configuration(version=1, sources={"shop": SHOP}, joins=(JOIN,))
    with pytest.raises(ValidationError, match="there is no such type: 'Shipment'"):
        HttpConfiguration(url="http://h", operations=PARCELS.operations)


def test_values_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SHOP.pool_size = 3


def test_relative_paths_stay_as_python_has_them() -> None:
    service = OpenApiConfiguration(url=SecretStr("stock.json"), ca_file=Path("ca.pem"))
    assert (service.url.get_secret_value(), service.ca_file) == ("stock.json", Path("ca.pem"))


def test_secrets_are_not_shown(load: Load) -> None:
    oauth2 = OAuth2Configuration(token_url="http://t", client_id="me", client_secret=SecretStr("geheim"))
    shown = [load(FULL, **ENVIRONMENT), SHOP, SERVICE, oauth2]
    assert "geheim" not in f"{shown!r}{[each.model_dump_json() for each in shown]}{[str(each) for each in shown]}"


@pytest.mark.parametrize(
    "source",
    [
        {"type": "postgres", "url": "mysql://shop:geheim@db/shop"},
        {"type": "openapi", "url": "http://shop:geheim@db/openapi.json"},
        {"type": "openapi", "url": "ftp://h/?token=geheim"},
        {"type": "http", "url": "http://h:geheim/"},
        {"type": "http", "url": "http://h", "headers": {"a": "geheim\n"}},
        {"type": "http", "url": "http://h", "oauth2": {"client_secret": "geheim", "token_url": "http://u:geheim@h"}},
    ],
)
def test_secrets_are_not_in_errors(source: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        Configuration.model_validate({"version": 1, "sources": {"a": source}})
    assert "geheim" not in str(caught.value)


def test_what_comes_from_the_environment_is_not_in_errors() -> None:
    document = {
        "version": "${SECRET}",
        "server": {"port": "${SECRET}", "path": "${SECRET}"},
        "sources": {
            "a": {"type": "${SECRET}"},
            "b": {"type": "http", "url": "http://h", "operations": {"c": {"method": "${SECRET}", "path": "${SECRET}"}}},
            "d": {"type": "http", "url": "${SECRET}", "operations": {"e": {"path": "/", "result": "${SECRET}"}}},
            "f": {"type": "postgres", "url": "mysql://${SECRET}"},
        },
        "joins": [{"on": "A", "field": "b", "call": "${SECRET}.x", "match": {"a": "b"}}],
    }
    outcome = check(document, {"SECRET": "geheim"})
    assert isinstance(outcome, list)
    assert len(outcome) == 10
    assert "geheim" not in "".join(map(str, outcome)).lower()


def test_settings_that_are_in_two_places_are_the_same() -> None:
    settings = Settings.model_fields
    here = {**ServerConfiguration.model_fields, **PostgresConfiguration.model_fields}
    shared = settings.keys() & here.keys()
    assert shared >= {"path", "graphiql", "pool_size", "statement_timeout_s", "max_body_bytes"}
    assert {name: here[name].default for name in shared} == {name: settings[name].default for name in shared}
