"""No text cell becomes a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.guard import guard_cell, unguard_cell

STARTS = "=+-@\t\r\n＝＋－＠−"
TRICKY = st.text(st.sampled_from(STARTS + "' 　aあ1"), max_size=8)


@given(st.one_of(TRICKY, st.text(max_size=20)))
def test_the_inverse_gives_back_what_was_typed(text):
    assert unguard_cell(guard_cell(text)) == text


@given(st.one_of(TRICKY, st.text(max_size=20)))
def test_no_guarded_text_starts_like_a_formula(text):
    assert not guard_cell(text).lstrip().startswith(tuple("=+-@＝＋－＠−"))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81-44-200-0000",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "−1",
    ],
)
def test_what_a_spreadsheet_would_run_is_quoted(text):
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "金型", "3-3-1", "a=b", "'quoted'", "４０℃", "〜10℃"])
def test_other_text_stays_as_it_is(text):
    assert guard_cell(text) == text
