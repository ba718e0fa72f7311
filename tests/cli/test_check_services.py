"""What `punnet check` says of services: where one is down, and which operations are no fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.checked import Checked

BY_HAND = """\
version = 1

[sources.stock]
type = "http"
url = "http://127.0.0.1:9"
types.Item = { sku = "String!" }
operations.item = { path = "/items/{sku}", parameters.sku = "String!", result = "Item" }
operations.ping = { path = "/ping" }
operations.drop = { path = "/items/{sku}", method = "DELETE", parameters.sku = "String!" }

[sources.stock.operations.order]
path = "/orders"
method = "POST"
parameters.body = { in = "body", type = "Item!" }
result = "Item"
"""
JOIN = """
[[joins]]
on = "Item"
field = "ordered"
call = "stock.order"
match = { "body.sku" = "sku" }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "punnet.toml"


def test_operations_that_are_no_fields_are_named_with_the_reason(path: Path) -> None:
    checked = Checked(path, BY_HAND)
    assert checked.code == 0
    assert checked.output == (
        "stock: 4 operations, 1 object, 0 unions, 0 enums; 3 operations without a field:\n"
        "  is no GET, and the source does not say 'mutations = true': only joins can call it (2)\n"
        "    drop; order\n"
        "  is a GET whose answer has no result (1)\n"
        "    ping\n"
        "All is right.\n"
    )


def test_mutations_are_fields_with_a_result_or_without(path: Path) -> None:
    checked = Checked(path, BY_HAND.replace('type = "http"\n', 'type = "http"\nmutations = true\n'))
    assert "1 operation without a field:\n  is a GET whose answer has no result (1)\n    ping\n" in checked.output


def test_queries_that_would_send_a_post_are_warned_of(path: Path) -> None:
    checked = Checked(path, BY_HAND + JOIN)
    assert checked.code == 0
    assert "Item.ordered: 'stock.order' is a POST: queries that ask for it will send that.\n" in checked.output
    assert "1 join is right." in checked.output


def test_required_members_that_a_join_does_not_give_are_told(path: Path) -> None:
    wrong = BY_HAND.replace('{ sku = "String!" }', '{ sku = "String!", amount = "Int!" }')
    checked = Checked(path, wrong + JOIN)
    assert checked.code == 1
    assert "Item.ordered: 'stock.order' requires 'body.amount', which 'match' does not give" in checked.output


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_document_whose_server_refuses_the_connection_is_told_with_the_place(path: Path, scheme: str) -> None:
    url = f"{scheme}://127.0.0.1:9/openapi.json?key=hunter2"
    checked = Checked(path, f'version = 1\n[sources.stock]\ntype = "openapi"\nurl = "{url}"\n')
    assert checked.code == 1
    assert "HTTP-101: The source 'stock' failed." in checked.output
    assert "where: reading its OpenAPI document from 127.0.0.1:9, it refused the connection" in checked.output
    assert "fix: correct the source's url, or start what serves the document there" in checked.output
    assert "hunter2" not in checked.output
