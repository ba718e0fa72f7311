from __future__ import annotations

import pytest

from punnet.errors import ClientCode
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.errors import TooManyCalls


def test_one_call_more_than_the_limit_is_refused() -> None:
    budget = CallBudget()
    budget.take("shop", 2)
    budget.take("shop", 2)
    with pytest.raises(TooManyCalls, match="more than 2 calls of the source 'shop'") as caught:
        budget.take("shop", 2)
    assert caught.value.client_code is ClientCode.LIMIT_EXCEEDED
    assert budget.calls("shop") == 2


def test_each_source_is_counted_for_itself() -> None:
    budget = CallBudget()
    budget.take("shop", 1)
    budget.take("mail", 1)
    assert (budget.calls("shop"), budget.calls("mail"), budget.calls("bank")) == (1, 1, 0)
