"""The Dockerfile, as far as it can be checked without an engine: what it copies is there, and what it runs is known."""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatch

import pytest

from tests.docs.commands import unknown_in
from tests.docs.pages import ROOT

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
INSTRUCTIONS = [line.partition(" ")[::2] for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
IGNORED = [
    line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
]
COPIED = [
    source for name, words in INSTRUCTIONS if name == "COPY" and "--from" not in words for source in words.split()[:-1]
]


def arguments(instruction: str) -> list[str]:
    return [words for name, words in INSTRUCTIONS if name == instruction]


def is_sent(path: str) -> bool:
    """Whether the build's context has the file, by .dockerignore: the last line that fits decides."""
    sent = True
    for line in IGNORED:
        pattern = line.removeprefix("!").removeprefix("**/")
        if fnmatch(path, pattern) or any(fnmatch(part, pattern) for part in path.split("/") if "**/" in line):
            sent = line.startswith("!")
    return sent


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_is_there_and_sent(source: str) -> None:
    assert (ROOT / source).exists()
    assert is_sent(source)


@pytest.mark.parametrize("path", ["tests", ".git", ".venv", "docs", "graphiql/node_modules", "punnet/x/dist"])
def test_what_the_image_does_not_need_is_not_sent(path: str) -> None:
    assert not is_sent(path)


def test_what_the_package_needs_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {project["readme"], *project["license-files"], "punnet", "pyproject.toml"} <= set(COPIED)


def test_stages_are_named_before_they_are_copied_from() -> None:
    stages = re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    assert set(re.findall(r"--from=(\w+)", DOCKERFILE)) == set(stages)


def test_graphiql_is_built_as_make_does_and_from_where_make_puts_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [build] = [words for words in arguments("RUN") if "npm" in words]
    assert all(f"\t{command.strip()}\n" in makefile for command in build.split("&&"))
    [output] = re.findall(r"^GRAPHIQL := (.+)/index\.html$", makefile, flags=re.MULTILINE)
    assert f"--from=graphiql /src/{output} {output}" in arguments("COPY")


def test_the_image_uses_the_python_that_the_project_is_tested_with() -> None:
    assert set(re.findall(r"^FROM (python\S+)", DOCKERFILE, flags=re.MULTILINE)) == {"python:3.11-slim"}


def test_the_entrypoint_is_the_documented_command() -> None:
    [entrypoint] = arguments("ENTRYPOINT")
    words = [word.strip(",") for word in shlex.split(entrypoint.strip("[]"))]
    assert words[0] == "punnet"
    assert unknown_in(words[1:]) is None
    assert " ".join(words) in (ROOT / "docs/deployment.md").read_text(encoding="utf-8")


def test_the_port_is_the_one_that_is_exposed_and_checked() -> None:
    [port] = arguments("EXPOSE")
    assert f'"--port", "{port}"' in arguments("ENTRYPOINT")[0]
    assert f"http://127.0.0.1:{port}/healthz" in arguments("HEALTHCHECK")[0]


def test_the_health_check_is_a_program() -> None:
    [check] = arguments("HEALTHCHECK")
    [program] = re.findall(r'"-c", "(.+)"\]$', check)
    compile(program, "HEALTHCHECK", "exec")


def test_the_image_runs_as_nobody_special() -> None:
    [user] = arguments("USER")
    assert user not in ("root", "0")
    assert [name for name, _ in INSTRUCTIONS].index("USER") > [name for name, _ in INSTRUCTIONS].index("RUN")
