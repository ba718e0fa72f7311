from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from punnet.catalog.relations import Relation
from punnet.catalog.saved import UnreadableCatalog, load_catalog, save_catalog
from tests.catalog.catalog_samples import (
    catalog_of,
    composite,
    enum,
    link,
    relation_lists,
    table,
    typed,
    unique,
)

CATALOG = catalog_of(
    table("products", typed("status", enum("product_status", "new", "")), "sku", keys=[unique("sku")]),
    table("reviews", typed("address", composite("address", "street")), links=[link("products", "product_id")]),
)


def test_a_catalog_comes_back_equal(tmp_path: Path) -> None:
    save_catalog(CATALOG, tmp_path / "catalog.json")
    assert load_catalog(tmp_path / "catalog.json") == CATALOG


@given(relations=relation_lists)
def test_every_catalog_comes_back_equal(relations: tuple[Relation, ...]) -> None:
    catalog = catalog_of(*relations)
    with TemporaryDirectory() as folder:
        save_catalog(catalog, Path(folder, "catalog.json"))
        assert load_catalog(Path(folder, "catalog.json")) == catalog


def test_saving_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    save_catalog(catalog_of(), tmp_path / "catalog.json")
    save_catalog(CATALOG, tmp_path / "catalog.json")
    assert load_catalog(tmp_path / "catalog.json") == CATALOG
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.json"]


def test_a_save_that_fails_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError("the disk is full")

    save_catalog(CATALOG, tmp_path / "catalog.json")
    monkeypatch.setattr("punnet.catalog.saved.os.fsync", fail)
    with pytest.raises(OSError, match="the disk is full"):
        save_catalog(catalog_of(), tmp_path / "catalog.json")
    assert load_catalog(tmp_path / "catalog.json") == CATALOG
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.json"]


@pytest.mark.parametrize("content", [b"", b"\xff", b"no JSON", b"[]", b"{}", b'{"punnet_catalog": "one"}'])
def test_a_file_that_is_no_catalog_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableCatalog, match="not written by Punnet") as raised:
        load_catalog(path)
    assert raised.value.code == "CATALOG-001"


def test_a_file_of_another_version_says_which(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps({"punnet_catalog": 99, "catalog": "of any shape"}))
    with pytest.raises(UnreadableCatalog, match="version 99, not 1"):
        load_catalog(path)


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps({"punnet_catalog": 1, "catalog": {"sources": [{}]}}))
    with pytest.raises(UnreadableCatalog, match="damaged"):
        load_catalog(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCatalog, match="No such file"):
        load_catalog(tmp_path / "catalog.json")
