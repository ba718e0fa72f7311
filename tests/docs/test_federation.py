"""What the page on federation shows of a subgraph's schema is what its configuration makes."""

from __future__ import annotations

import re

import pytest
from graphql import ObjectTypeDefinitionNode, parse, print_ast

from punnet.schema.federation.sdl import print_subgraph
from punnet.server.settings import Way
from tests.docs.pages import ROOT, blocks
from tests.docs.serving import Environment, served

PAGE = blocks(ROOT / "docs/federation.md")
[CONFIGURATION] = [block for block in PAGE if block.is_whole and "[[joins]]" in block.text]
[EXCERPT] = [block for block in PAGE if block.text.startswith("type Account")]


@pytest.fixture
def environment(shop_url: str) -> Environment:
    return {"SHOP_URL": shop_url}


async def test_a_type_of_another_subgraph_is_printed_as_shown(environment: Environment) -> None:
    async with served(CONFIGURATION.text, environment) as runtimes:
        engine = runtimes[Way.COMPILED].engine
        assert engine is not None
        sdl = print_subgraph(engine.schema)
    [found] = [
        node
        for node in parse(sdl).definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value == "Account"
    ]
    assert without_descriptions(print_ast(found)) == without_descriptions(print_ast(parse(EXCERPT.text)))


def without_descriptions(text: str) -> str:
    return re.sub(r"[\s,]+", "", re.sub(r'""".*?"""|"[^"\n]*"\n', "", text, flags=re.DOTALL))
