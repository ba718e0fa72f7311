"""The words of the command line itself."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from typer.testing import CliRunner, Result

from punnet.cli.main import app


def test_the_installed_command_says_its_version() -> None:
    command = Path(sys.executable).with_name("punnet")
    printed = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout == f"punnet {version('punnet')}\n"


def test_help_names_every_command_and_what_it_does() -> None:
    printed = words("--help")
    assert "Serve a Postgres database, or all that a configuration names, as a GraphQL API." in printed.output
    assert "Ctrl-C leaves nothing running." in printed.output
    assert "Print the GraphQL schema of a Postgres database" in printed.output


def test_help_of_serve_says_where_it_listens_and_how_to_give_the_url() -> None:
    printed = words("serve", "--help")
    assert "postgresql://user:password@host:5432/name" in printed.output
    assert "The address to listen on; 127.0.0.1 if nothing says else." in printed.output
    assert "PUNNET_DATABASE_URL" in printed.output
    assert "Processes that answer" in printed.output


def test_no_command_shows_the_help() -> None:
    assert "Usage:" in words().output


def test_an_unknown_option_is_said_in_a_line() -> None:
    ended = words("serve", "postgresql://host/x", "--prot", "1")
    assert ended.exit_code == 2
    assert "No such option: --prot" in ended.output


def test_a_port_that_cannot_be_is_said() -> None:
    ended = words("serve", "postgresql://host/x", "--port", "70000")
    assert ended.exit_code == 2
    assert "Invalid value for '--port'" in ended.output


def words(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "PUNNET_DATABASE_URL": None})
