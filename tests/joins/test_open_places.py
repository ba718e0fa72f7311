"""Places whose key the request may know better than the row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.execution.hops import marker
from punnet.execution.open_places import close_places

OPEN = b'{"a":\x02!3[["x","y"],[1,null]]\x02,"b":\x024["k"]\x02}'


def test_what_is_given_goes_before_what_the_row_has() -> None:
    assert close_places(OPEN, {"x": 2, "y": "z"}) == b'{"a":\x023[2,"z"]\x02,"b":\x024["k"]\x02}'


def test_a_key_that_still_has_a_null_leads_nowhere() -> None:
    assert close_places(OPEN, {"x": 2}) == b'{"a":null,"b":\x024["k"]\x02}'


@pytest.mark.parametrize("text", [b"null", b'{"a":1}', b'{"a":\x020[1]\x02}'])
def test_a_text_without_open_places_stays_as_it_is(text: bytes) -> None:
    assert close_places(text, {"x": 1}) == text


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(), min_size=1), st.integers(0, 99))
def test_an_open_place_becomes_the_place_of_what_is_given(values: list[int | str], hop: int) -> None:
    columns = [f"c{number}" for number in range(len(values))]
    known = dict(zip(columns, values, strict=True))
    names = ",".join(f'"{column}"' for column in columns)
    text = f"\x02!{hop}[[{names}],[{','.join(['null'] * len(values))}]]\x02".encode()
    assert close_places(text, known) == marker(hop, list(values))
