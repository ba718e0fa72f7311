from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from tests.cli.checked import Checked
from tests.cli.command import run
from tests.conftest import MakeDatabase

SHOP = """\
version = 1

[sources.shop]
type = "postgres"
url = "${SHOP_URL}"

[sources.warehouse]
type = "openapi"
url = "${WAREHOUSE_URL}/openapi.json"
prefix = ""
"""
INVENTORY = """
[[joins]]
on = "Product"
field = "inventory"
call = "warehouse.listInventory"
match = { sku = "sku" }
"""
SHIPMENT = """
[[joins]]
on = "Order"
field = "shipment"
call = "warehouse.getShipment"
match = { order_id = "id" }
"""


@pytest.fixture
def shop(shop_url: str, upstream_url: str) -> dict[str, str]:
    """Where the sources of the sample shop are."""
    return {"SHOP_URL": shop_url, "WAREHOUSE_URL": upstream_url}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "punnet.toml"


def test_three_lines_join_a_service_to_rows(path: Path, shop: dict[str, str]) -> None:
    checked = Checked(path, SHOP + INVENTORY, **shop)
    assert checked.code == 0
    assert "shop: 10 tables and views of Postgres" in checked.output
    assert "1 join is right." in checked.output
    assert "warning" not in checked.output


def test_a_configuration_without_joins_is_right(path: Path, shop: dict[str, str]) -> None:
    checked = Checked(path, SHOP, **shop)
    assert checked.code == 0
    assert "All is right." in checked.output


def test_a_field_without_a_batch_form_is_warned_of(path: Path, shop: dict[str, str]) -> None:
    checked = Checked(path, SHOP + INVENTORY + SHIPMENT, **shop)
    assert checked.code == 0
    assert (
        "punnet.toml:18: Order.shipment: 'warehouse.getShipment' takes one key a call: 100 rows make up to 100 calls.\n"
        "  fix: if the service can answer for many keys, call that operation, or declare its batch form\n"
    ) in checked.output


def test_all_that_is_wrong_with_joins_is_told_at_once(path: Path, shop: dict[str, str]) -> None:
    wrong = INVENTORY.replace('"Product"', '"Prodct"') + SHIPMENT.replace("order_id", "order")
    checked = Checked(path, SHOP + wrong, **shop)
    assert checked.code == 1
    assert "punnet.toml:12: Prodct.inventory: there is no type 'Prodct'; did you mean 'Product'?" in checked.output
    assert "punnet.toml:18: Order.shipment: " in checked.output
    assert "'warehouse.getShipment' has no parameter 'order'; did you mean 'order_id'?" in checked.output


RELATIONS = """
[sources.shop.relations."public.best_sellers"]
name = "BestSeller"
key = ["product_id"]
columns.product_id.type = "ID"

[[relationships]]
from = "public.best_sellers(product_id)"
to = "public.products(id)"
name = "product"
reverse = "sales"
"""


def test_what_is_said_about_relations_is_right(path: Path, shop: dict[str, str]) -> None:
    join = INVENTORY.replace('"Product"', '"BestSeller"')
    checked = Checked(path, SHOP + RELATIONS + join, **shop)
    assert checked.code == 0
    assert "1 join is right." in checked.output


def test_all_that_is_wrong_with_relations_is_told_at_once(path: Path, shop: dict[str, str]) -> None:
    wrong = RELATIONS.replace('["product_id"]', '["product"]').replace('"public.products(id)"', '"public.product(id)"')
    checked = Checked(path, SHOP + wrong.replace('"BestSeller"', '"Product"'), **shop)
    assert checked.code == 1
    assert "SCHEMA-005: 3 things said about relations are wrong" in checked.output
    assert 'punnet.toml:12: [sources.shop.relations."public.best_sellers"] key: ' in checked.output
    assert "'public.best_sellers' has no column 'product'; did you mean 'product_id'?" in checked.output
    assert "punnet.toml:17: [[relationships]] from public.best_sellers(product_id)" in checked.output
    assert "'shop' has no relation 'public.product'; did you mean 'public.products'?" in checked.output
    assert "'public.best_sellers' cannot have the name 'Product'" in checked.output


def test_an_entity_that_is_wrong_is_told_with_its_line(path: Path, shop: dict[str, str]) -> None:
    entity = '\n[[entities]]\ntype = "Article"\nkey = "id"\nfields = { id = "Artcle!" }\n'
    checked = Checked(path, SHOP + entity, **shop)
    assert checked.code == 1
    assert "punnet.toml:12: Article: 'Artcle' is neither a scalar nor" in checked.output


def test_choices_that_match_nothing_are_told_with_their_lines(path: Path, shop: dict[str, str]) -> None:
    chosen = 'url = "${SHOP_URL}"\nexclude = [\n    "public.orders",\n    "product",\n]\n'
    wrong = SHOP.replace('url = "${SHOP_URL}"\n', chosen + 'namespaces = ["public", "pubic"]\n')
    checked = Checked(path, wrong, **shop)
    assert checked.code == 1
    assert "CONFIG-001: the configuration has 2 problems" in checked.output
    assert "punnet.toml:8: sources.shop.exclude[1]: matches no table or view, for these are named" in checked.output
    assert "'product'; did you mean 'public.products'?" in checked.output
    assert "punnet.toml:10: sources.shop.namespaces[1]: the database 'test_" in checked.output
    assert "has no such namespace: 'pubic'; did you mean 'public'?" in checked.output


def test_a_pattern_that_can_match_later_is_warned_of(path: Path, shop: dict[str, str]) -> None:
    chosen = 'url = "${SHOP_URL}"\nexclude = ["public.tmp_*"]\n'
    checked = Checked(path, SHOP.replace('url = "${SHOP_URL}"\n', chosen), **shop)
    assert checked.code == 0
    assert "punnet.toml:6: sources.shop.exclude[0]: matches no table or view so far: 'public.tmp_*'" in checked.output


def test_a_database_can_be_checked_by_its_url(shop_url: str) -> None:
    ended = run("check", shop_url)
    assert ended.returncode == 0
    assert "10 tables and views of Postgres" in ended.stderr
    assert "All is right." in ended.stderr


def test_a_namespace_beside_a_url_is_checked(shop_url: str) -> None:
    ended = run("check", shop_url, "--namespace", "nope")
    assert ended.returncode == 1
    assert "namespaces (--namespace, PUNNET_NAMESPACES): the database 'test_" in ended.stderr
    assert "has no such namespace: 'nope'; wants 'public'" in ended.stderr


async def test_what_the_role_may_not_read_is_told(postgres: PostgresServer, empty_database: MakeDatabase) -> None:
    async with restricted(postgres, await empty_database()) as url:
        ended = run("check", url)
    assert ended.returncode == 0
    assert "1 tables and views" in ended.stderr
    assert "2 tables or views and 1 column that the role 'checker' may not read are left out." in ended.stderr


@asynccontextmanager
async def restricted(postgres: PostgresServer, url: str) -> AsyncIterator[str]:
    """The URL of a role that may read but a part of the database."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "create table staff (id int primary key, salary int);"
        "create table notes (id int); create table secrets (id int);"
        "create role checker login password 'swordfish'; grant select (id) on staff to checker"
    )
    yield url.replace(f"postgres:{postgres.password}", "checker:swordfish")
    await connection.execute("drop owned by checker; drop role checker")
    await connection.close()


def test_a_key_that_is_unknown_is_told_with_its_line(path: Path, shop: dict[str, str]) -> None:
    checked = Checked(path, SHOP + INVENTORY + "lst = true\n", **shop)
    assert checked.code == 1
    assert "punnet.toml:17: joins[0].lst: there is no such key: 'lst'; did you mean 'list'?" in checked.output


def test_a_variable_that_is_missing_is_told(path: Path) -> None:
    checked = Checked(path, SHOP.replace("SHOP_URL", "NOWHERE_URL"), WAREHOUSE_URL="http://127.0.0.1:9")
    assert checked.code == 1
    assert "NOWHERE_URL" in checked.output


def test_a_source_that_is_down_is_named(path: Path, shop: dict[str, str]) -> None:
    checked = Checked(path, SHOP, **shop | {"WAREHOUSE_URL": "http://127.0.0.1:9"})
    assert checked.code == 1
    assert "warehouse" in checked.output


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = run("check", str(tmp_path / "punnet.toml"))
    assert ended.returncode == 1
    assert "no such file" in ended.stderr


def test_what_is_left_out_is_told_with_reasons(path: Path, tmp_path: Path) -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Files", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "paths": {
            "/file": {"get": {"operationId": "readFile", "responses": {"200": {
                "description": "A file.", "content": {"application/pdf": {}}
            }}}},
            "/size": {"get": {"operationId": "readSize", "responses": {"200": {
                "description": "A size.", "content": {"application/json": {"schema": {"type": "integer"}}}
            }}}},
        },
    }  # fmt: skip
    (tmp_path / "files.json").write_text(json.dumps(document))
    checked = Checked(path, 'version = 1\n[sources.files]\ntype = "openapi"\nurl = "files.json"\n')
    assert checked.code == 0
    assert "files: 1 operation, 0 objects, 0 unions, 0 enums; 1 left out" in checked.output
    assert "application/pdf" in checked.output


def test_names_that_collide_are_told(path: Path) -> None:
    checked = Checked(
        path,
        """
        version = 1
        [sources.stock]
        type = "http"
        url = "http://127.0.0.1:9"
        types.Item = { "on-hand" = "Int", on_hand = "Int" }
        operations.item = { path = "/item", result = "Item" }
        """,
    )
    assert checked.code == 0
    assert "warning: several fields of Item want the name 'onHand': " in checked.output


def test_directives_that_cannot_be_are_told_with_what_is_close(path: Path, shop: dict[str, str]) -> None:
    wrong = """
[schema]
federation = true
[schema.types.Product]
keys = ["skuu"]
fields.nmae.directives = ["@shareable"]
"""
    checked = Checked(path, SHOP + wrong, **shop)
    assert checked.code == 1
    assert "SCHEMA-004: 2 directives or keys are wrong:" in checked.output
    assert "the key 'skuu' of 'Product': 'Product' has no field 'skuu'; did you mean 'sku'?" in checked.output
    assert "'Product' has no field 'nmae'; did you mean 'name'?" in checked.output
