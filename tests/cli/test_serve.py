from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from tests.cli.command import TRACEBACK, are_gone, get, run, running
from tests.conftest import MakeDatabase
from tests.faults.own_postgres import OwnPostgres
from tests.faults.waiting import wait_until
from tests.ports import reserved_port

ASK = "{ products(first: 2) { nodes { name } } }"


def test_it_says_what_it_serves_and_where_graphiql_is(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0") as command:
        assert command.url.startswith("http://127.0.0.1:")
        assert re.search(r"Serving \d+ tables and views of Postgres 18\.\d+, read-only\.", command.output)


def test_it_answers_queries_and_shows_graphiql(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0") as command:
        assert len(command.ask(ASK)["data"]["products"]["nodes"]) == 2
        page = get(command.url, accept="text/html")
        assert page.headers["content-type"].startswith("text/html")


def test_the_url_can_come_from_a_variable_that_other_users_cannot_see(shop_url: str) -> None:
    with running("serve", "--port", "0", PUNNET_DATABASE_URL=shop_url) as command:
        assert command.ask("{ __typename }") == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.judge)]
)
def test_a_signal_ends_it_well_and_leaves_nothing(shop_url: str, number: signal.Signals) -> None:
    with reserved_port() as port, running("serve", shop_url, "--port", str(port)) as command:
        command.ask(ASK)
        processes = command.processes()
        assert command.end(number) == 0
        assert are_gone(processes)
        assert TRACEBACK not in command.output
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_it_can_be_stopped_as_soon_as_it_says_so(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0") as command:
        wait_until(lambda: "Stop with Ctrl-C." in command.output)
        assert command.end(signal.SIGINT) == 0
        assert TRACEBACK not in command.output


def test_a_port_in_use_is_said_before_anything_is_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run("serve", "postgresql://nobody:swordfish@127.0.0.1:1/nothing", "--port", str(port))
    assert_clear_failure(ended.returncode, ended.stderr, f"cannot listen on 127.0.0.1:{port}: the port is in use")
    assert "--port" in ended.stderr


def test_an_address_of_another_machine_is_said() -> None:
    ended = run("serve", "postgresql://nobody:swordfish@127.0.0.1:1/nothing", "--host", "192.0.2.1", "--port", "0")
    assert_clear_failure(ended.returncode, ended.stderr, "cannot listen on 192.0.2.1:0")
    assert "--host" in ended.stderr


@pytest.mark.parametrize(
    ("words", "problem", "fix"),
    [
        ("postgres:swordfish@127.0.0.1:{port}/postgres", "password authentication failed", "the password"),
        ("postgres:{password}@127.0.0.1:{port}/no_such", 'database "no_such" does not exist', "database's name"),
        ("postgres:swordfish@no-such-host.invalid/x", "its host name is not known", "the host name"),
    ],
    ids=["password", "database", "host name"],
)
def test_what_is_wrong_in_the_url_is_said(postgres: PostgresServer, words: str, problem: str, fix: str) -> None:
    url = "postgresql://" + words.format(port=postgres.port, password=postgres.password)
    ended = run("serve", url, "--port", "0")
    assert_clear_failure(ended.returncode, ended.stderr, problem)
    assert fix in ended.stderr
    assert postgres.password not in ended.stderr + ended.stdout


def test_what_is_no_url_is_said() -> None:
    ended = run("serve", "postgresql://user:sword:fish@swordfish:port/x", "--port", "0")
    assert_clear_failure(ended.returncode, ended.stderr, "this is no URL of a Postgres database")
    assert "postgresql://user:password@host:5432/database" in ended.stderr


def test_a_variable_that_cannot_be_is_named() -> None:
    ended = run("serve", "postgresql://user:swordfish@127.0.0.1/x", "--port", "0", PUNNET_POOL_SIZE="many")
    assert_clear_failure(ended.returncode, ended.stderr, "PUNNET_POOL_SIZE")


async def test_an_empty_database_is_said(empty_database: MakeDatabase) -> None:
    ended = run("serve", await empty_database(), "--port", "0")
    assert_clear_failure(ended.returncode, ended.stderr, "there is no table or view to serve")
    assert re.search(r"where: database 'test_\d+' as role 'postgres', in the namespace public\n", ended.stderr)
    assert "fix: it has no table or view yet: create one" in ended.stderr


async def test_a_url_without_a_database_is_told_which_one_was_taken(postgres: PostgresServer) -> None:
    ended = run("serve", postgres.url("").removesuffix("/"), "--port", "0")
    assert_clear_failure(ended.returncode, ended.stderr, "there is no table or view to serve")
    assert "where: database 'postgres' as role 'postgres'" in ended.stderr
    assert "fix: the URL names no database" in ended.stderr


def test_a_namespace_that_is_not_there_is_said(shop_url: str) -> None:
    ended = run("serve", shop_url, "--port", "0", "--namespace", "publik")
    assert ended.returncode == 1
    assert TRACEBACK not in ended.stderr
    assert (
        "CONFIG-001: the configuration has a problem\n  namespaces (--namespace, PUNNET_NAMESPACES): " in ended.stderr
    )
    assert "has no such namespace: 'publik'; did you mean 'public'?" in ended.stderr


def test_sources_of_a_configuration_are_named(shop_url: str, tmp_path: Path) -> None:
    path = tmp_path / "punnet.toml"
    path.write_text('version = 1\n[sources.shop]\ntype = "postgres"\nurl = "${SHOP_URL}"\nexclude = ["public.tmp_*"]\n')
    with running("serve", str(path), "--port", "0", SHOP_URL=shop_url) as command:
        assert command.url.startswith("http://127.0.0.1:")
        assert re.search(r"Serving 10 tables and views of shop, Postgres 18\.\d+, read-only\.", command.output)
        assert "warning: " in command.output
        assert "matches no table or view so far: 'public.tmp_*'" in command.output


async def test_a_role_that_may_select_nothing_is_told_so(
    postgres: PostgresServer, empty_database: MakeDatabase
) -> None:
    url = await empty_database()
    connection = await asyncpg.connect(url)
    await connection.execute("create table secrets (id int); create role stranger login password 'swordfish'")
    ended = run("serve", url.replace(f"postgres:{postgres.password}", "stranger:swordfish"), "--port", "0")
    await connection.execute("drop role stranger")
    await connection.close()
    assert_clear_failure(ended.returncode, ended.stderr, "there is no table or view to serve")
    assert "as role 'stranger', in the namespace public" in ended.stderr
    assert "fix: the role may read none of 1 tables and views there: grant usage on schema public" in ended.stderr
    assert "secrets" not in ended.stderr


def test_it_starts_while_the_database_is_down_and_serves_once_it_is_up(own_postgres: OwnPostgres) -> None:
    own_postgres.stop()
    with running("serve", own_postgres.url, "--port", "0") as command:
        assert command.readiness().status_code == 503
        assert command.readiness().json() == {
            "status": "starting",
            "reason": "cannot reach the source 'default': nothing listens at its address",
        }
        assert command.ask("{ __typename }")["errors"][0]["extensions"]["code"] == "SOURCE_FAILED"
        assert "warning: cannot reach the source" in command.output
        own_postgres.start()
        wait_until(lambda: command.readiness().status_code == 200)
        assert command.ask("{ things { nodes { id } } }") == {"data": {"things": {"nodes": [{"id": 1}]}}}
        assert command.end(signal.SIGTERM) == 0
        assert TRACEBACK not in command.output
        assert "swordfish" not in command.output


def test_it_can_be_stopped_while_the_database_is_down() -> None:
    with running("serve", "postgresql://nobody:swordfish@127.0.0.1:1/nothing", "--port", "0") as command:
        assert command.readiness().status_code == 503
        assert command.end(signal.SIGINT) == 0
        assert TRACEBACK not in command.output


def assert_clear_failure(code: int, output: str, problem: str) -> None:
    """One message that says what and how to fix it, and nothing that nobody should see."""
    assert code == 1
    assert problem in output
    assert output.count("error:") == 1
    assert output.count("fix:") == 1
    assert TRACEBACK not in output
    assert "swordfish" not in output
