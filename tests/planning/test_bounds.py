"""What a plan promises to ask at most."""

from __future__ import annotations

from typing import Any

import pytest

from punnet.access.condition import Variable
from punnet.planning.choice import Choice
from punnet.planning.ids import GlobalIds
from tests.bounds import Bound, most_asked
from tests.differential.operations import as_id
from tests.planning.made_plans import KEYED_THINGS, plan_with, row

IDS = GlobalIds((("Thing", KEYED_THINGS), ("Other", KEYED_THINGS)))


@pytest.mark.parametrize(
    ("ids", "statements"),
    [
        ([], 0),
        ([as_id(["Thing", "1"])], 1),
        ([as_id(["Thing", "1"]), as_id(["Thing", "2"])], 1),
        ([as_id(["Thing", "1"]), as_id(["Other", "1"])], 2),
        (["wrong", as_id(["Nobody", "1"])], 0),
    ],
)
def test_ids_take_a_statement_for_each_type_that_they_name(ids: list[Any], statements: int) -> None:
    choice = Choice((), IDS, Variable(("ids",)), is_list=True, read_of_other=lambda _name: row())
    assert most_asked(plan_with(nodes=choice), {"ids": ids}) == Bound(statements=statements, calls=0)
