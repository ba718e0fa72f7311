"""What the documentation shows is what happens: its queries, programs, configurations and commands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    ObjectTypeDefinitionNode,
    build_schema,
    parse,
    print_ast,
    print_schema,
)

from punnet.access.session import ANONYMOUS
from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check as configured
from punnet.server.engine import GraphQLRequest
from punnet.server.runtime import Runtime
from punnet.server.settings import Way
from tests.cli.command import without_progress
from tests.configuration.fragments import completed
from tests.docs.commands import problem_of
from tests.docs.pages import PAGES, ROOT, Block, Example, all_blocks, blocks, checks, examples
from tests.docs.serving import Environment, Runtimes, served
from tests.faults.waiting import LONGEST_S

DEMO = ROOT / "punnet/demo/punnet.toml"
EXAMPLES = list(examples())
OF_THE_SHOP = [example for example in EXAMPLES if example.app is None]
OF_AN_APP = [example for example in EXAMPLES if example.app is not None and example.app.language == "python"]
OF_A_CONFIGURATION = [example for example in EXAMPLES if example.app is not None and example.app.is_whole]
FAILING = [example for example in OF_THE_SHOP if "fails" in example.query.words]
WORKING = [example for example in OF_THE_SHOP if "fails" not in example.query.words]
COMPILED = [example for example in WORKING if "resolvers" not in example.query.words]
COUNTED = [example for example in COMPILED if example.query.option("statements")]
CALLING = [example for example in COMPILED if example.query.option("calls")]
PYTHON = all_blocks("python")
TOML = all_blocks("toml")
CHECKS = list(checks())
COMMANDS = [
    (block, line) for block in all_blocks("console") for line in block.text.splitlines() if not line.startswith("#")
]
REQUEST_ID = "4f9d2c-1"


@pytest.fixture(scope="module")
def environment(shop_url: str, upstream_url: str) -> Environment:
    """What the demo's configuration finds in the environment."""
    return {"SHOP_URL": shop_url, "WAREHOUSE_URL": upstream_url}


@pytest.fixture(scope="module")
async def runtimes(environment: Environment) -> AsyncIterator[Runtimes]:
    """What the demo serves, in each way."""
    async with served(DEMO.read_text(encoding="utf-8"), environment) as runtimes:
        yield runtimes


async def answer_of(runtime: Runtime, example: Example) -> Any:
    engine = runtime.engine
    assert engine is not None
    request = GraphQLRequest(query=example.query.text, variables=variables_of(example), request_id=REQUEST_ID)
    return json.loads((await engine.answer(request, ANONYMOUS)).body)


def variables_of(example: Example) -> dict[str, Any]:
    return {} if example.variables is None else json.loads(example.variables.text)


def check(answer: Any, example: Example) -> None:
    """Compare with what the page shows, the order of keys too."""
    if example.answer is not None:
        assert json.dumps(answer, indent=1) == json.dumps(json.loads(example.answer.text), indent=1)


def test_the_documentation_has_examples() -> None:
    assert len(COMPILED) > 10
    assert FAILING
    assert OF_AN_APP
    assert OF_A_CONFIGURATION
    assert COUNTED
    assert CALLING
    assert CHECKS


@pytest.mark.parametrize("block", [block for page in PAGES for block in blocks(page)], ids=str)
def test_the_words_behind_a_language_mean_something(block: Block) -> None:
    assert block.unknown_words == []


@pytest.mark.parametrize("example", COMPILED, ids=str)
async def test_a_query_has_the_answer_shown_by_a_plan(example: Example, runtimes: Runtimes) -> None:
    answer = await answer_of(runtimes[Way.COMPILED], example)
    assert "errors" not in answer
    check(answer, example)


@pytest.mark.parametrize("example", WORKING, ids=str)
async def test_a_query_has_the_answer_shown_by_resolvers(example: Example, runtimes: Runtimes) -> None:
    answer = await answer_of(runtimes[Way.RESOLVERS], example)
    assert "errors" not in answer
    check(answer, example)


@pytest.mark.parametrize("way", [Way.AUTO, Way.RESOLVERS])
@pytest.mark.parametrize("example", FAILING, ids=str)
async def test_a_query_fails_as_shown(example: Example, way: Way, runtimes: Runtimes) -> None:
    answer = await answer_of(runtimes[way], example)
    assert answer["errors"]
    check(answer, example)


@pytest.mark.parametrize(("position", "way"), [(0, Way.COMPILED), (1, Way.RESOLVERS)])
@pytest.mark.parametrize("example", COUNTED, ids=str)
async def test_a_query_takes_the_statements_shown(
    example: Example, position: int, way: Way, runtimes: Runtimes
) -> None:
    counts = (example.query.option("statements") or "").split("/")
    pool = runtimes[way].sources.databases["shop"].pool
    before = pool.statements
    await answer_of(runtimes[way], example)
    assert pool.statements - before == int(counts[position])


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
@pytest.mark.parametrize("example", CALLING, ids=str)
async def test_a_query_takes_the_calls_shown(example: Example, way: Way, runtimes: Runtimes, upstream_url: str) -> None:
    before = await calls_of(upstream_url)
    await answer_of(runtimes[way], example)
    assert await calls_of(upstream_url) - before == int(example.query.option("calls") or "")


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_the_readmes_join_takes_no_more_calls_for_fifty_products(
    way: Way, runtimes: Runtimes, upstream_url: str
) -> None:
    example = next(example for example in CALLING if example.query.page == ROOT / "README.md")
    engine, before = runtimes[way].engine, await calls_of(upstream_url)
    assert engine is not None
    answer = await engine.answer(GraphQLRequest(query=example.query.text.replace("first: 2", "first: 50")), ANONYMOUS)
    assert len(json.loads(answer.body)["data"]["products"]["nodes"]) == 50
    assert await calls_of(upstream_url) - before == int(example.query.option("calls") or "")


async def calls_of(upstream_url: str) -> int:
    """How often the sample service has been called, as it counts itself."""
    async with httpx2.AsyncClient() as client:
        stats = (await client.get(f"{upstream_url}/stats")).json()
    return int(stats["inventory_batches"] + stats["inventory_single"] + stats["shipments"])


@pytest.mark.parametrize(("way", "statements"), [(Way.COMPILED, 1), (Way.RESOLVERS, 4)])
async def test_the_first_query_takes_no_more_statements_for_more_products(
    way: Way, statements: int, runtimes: Runtimes
) -> None:
    first = next(example for example in COUNTED if example.query.page == ROOT / "README.md")
    engine, pool = runtimes[way].engine, runtimes[way].sources.databases["shop"].pool
    assert engine is not None
    before = pool.statements
    answer = await engine.answer(GraphQLRequest(query=first.query.text.replace("first: 3", "first: 300")), ANONYMOUS)
    assert len(json.loads(answer.body)["data"]["products"]["nodes"]) == 300
    assert pool.statements - before == statements


@pytest.mark.parametrize("example", OF_AN_APP, ids=str)
async def test_a_query_has_the_answer_shown_by_the_program_before_it(
    example: Example, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert example.app is not None
    monkeypatch.setenv("DATABASE_URL", shop_url)
    names: dict[str, Any] = {"__name__": f"example_{example.app.line}"}
    # Strawberry looks up types by the module of whoever names them.
    monkeypatch.setitem(sys.modules, names["__name__"], type(sys)(names["__name__"]))
    sys.modules[names["__name__"]].__dict__.update(names)
    names = sys.modules[names["__name__"]].__dict__
    exec(compile(example.app.text, str(example.app), "exec", dont_inherit=True), names)
    app = names["app"]
    assert isinstance(app, FastAPI)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        body = {"query": example.query.text, "variables": variables_of(example)}
        answer = (await client.post(example.app.option("app") or "", json=body)).json()
    assert "errors" not in answer
    check(answer, example)


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
@pytest.mark.parametrize("example", OF_A_CONFIGURATION, ids=str)
async def test_a_query_has_the_answer_shown_by_the_configuration_before_it(
    example: Example, way: Way, environment: Environment
) -> None:
    assert example.app is not None
    async with served(example.app.text, environment) as runtimes:
        answer = await answer_of(runtimes[way], example)
    assert "errors" not in answer
    check(answer, example)


@pytest.mark.parametrize("block", [block for block in TOML if "demo" not in block.words], ids=str)
def test_a_configuration_loads(block: Block) -> None:
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", block.text), "1")
    urls = {"DATABASE_URL": "postgresql://h/d", "SHOP_URL": "postgresql://h/d", "WAREHOUSE_URL": "http://h"}
    loaded = configured(tomllib.loads(completed(block.text)), variables | urls)
    assert isinstance(loaded, Configuration), loaded


@pytest.mark.parametrize("block", [block for block in TOML if "demo" in block.words], ids=str)
def test_the_lines_of_the_demo_are_the_demos(block: Block) -> None:
    assert f"\n{block.text}\n" in f"\n{DEMO.read_text(encoding='utf-8')}"


def test_the_readme_shows_every_join_of_the_demo() -> None:
    shown = "\n".join(block.text for block in blocks(ROOT / "README.md") if "demo" in block.words)
    joins = tomllib.loads(DEMO.read_text(encoding="utf-8"))["joins"]
    assert tomllib.loads(shown)["joins"] == joins


@pytest.mark.parametrize(("block", "configuration"), CHECKS, ids=[str(block) for block, _ in CHECKS])
def test_a_check_says_what_is_shown(
    block: Block, configuration: Block | None, environment: Environment, tmp_path: Path
) -> None:
    text = DEMO.read_text(encoding="utf-8") if configuration is None else configuration.text
    (tmp_path / "punnet.toml").write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "punnet", "check"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    assert without_version(without_progress(run.stderr).strip()) == without_version(block.text)


def without_version(text: str) -> str:
    return re.sub(r"(?<=of Postgres )[\d.]+\d", "…", text)


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_a_program_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec", dont_inherit=True)


@pytest.mark.parametrize("block", [block for block in PYTHON if "run" in block.words], ids=str)
def test_a_program_runs(block: Block, shop_url: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        env={**os.environ, "DATABASE_URL": shop_url},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    assert run.returncode == 0, run.stderr


def excerpts() -> list[tuple[Block, str, FieldDefinitionNode]]:
    """Each field of each excerpt of a schema."""
    documents = [(block, parse(block.text)) for block in all_blocks("graphql") if "schema" in block.words]
    return [
        (block, type_.name.value, field)
        for block, document in documents
        for type_ in object_types(document)
        for field in type_.fields or ()
    ]


def object_types(document: DocumentNode) -> list[ObjectTypeDefinitionNode]:
    return [type_ for type_ in document.definitions if isinstance(type_, ObjectTypeDefinitionNode)]


@pytest.fixture(scope="module")
def shop_fields(runtimes: Runtimes) -> dict[str, str]:
    """`Product.name` → `name: String!`, of the shop's schema, without descriptions."""
    engine = runtimes[Way.AUTO].engine
    assert engine is not None
    schema = build_schema(print_schema(engine.schema))
    return {
        f"{type_.name}.{name}": signature(field.ast_node)
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in type_.fields.items()
        if field.ast_node is not None
    }


def signature(field: FieldDefinitionNode) -> str:
    """The field on one line, with the types of its arguments and its own, without descriptions."""
    arguments = [f"{argument.name.value}: {print_ast(argument.type)}" for argument in field.arguments or ()]
    return f"{field.name.value}({', '.join(arguments)}): {print_ast(field.type)}"


@pytest.mark.parametrize(
    ("type_name", "field"),
    [(type_name, field) for _, type_name, field in excerpts()],
    ids=[f"{block}-{type_name}.{field.name.value}" for block, type_name, field in excerpts()],
)
def test_a_field_of_an_excerpt_is_in_the_schema(
    type_name: str, field: FieldDefinitionNode, shop_fields: dict[str, str]
) -> None:
    assert shop_fields[f"{type_name}.{field.name.value}"] == signature(field)


@pytest.mark.parametrize(("block", "line"), COMMANDS, ids=[f"{block}-{line}" for block, line in COMMANDS])
def test_a_command_is_one_that_there_is(block: Block, line: str) -> None:
    assert problem_of(line) is None


def test_a_command_that_is_not_there_is_found_out() -> None:
    assert problem_of("punnet fly") == "no command fly"
    assert problem_of("punnet serve postgresql://x --wings 2") == "no option --wings"
    assert problem_of("make coffee") == "make ['coffee']"
