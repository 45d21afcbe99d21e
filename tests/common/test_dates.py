"""Days as people write them."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.calendar import (
    DateProblem,
    DateStyle,
    era_of,
    era_year_label,
    format_date,
    parse_date,
)

DAYS = st.dates(date(1873, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from(get_args(DateStyle)))
def test_every_style_is_read_back_as_the_same_day(day, style):
    assert parse_date(format_date(day, style)) == day


@given(DAYS, st.sampled_from(get_args(DateStyle)))
def test_full_width_characters_and_spaces_change_nothing(day, style):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in format_date(day, style))

    assert parse_date(f"　{wide} ") == day


CODES = {"empty", "unreadable", "year", "month", "day", "era_year", "disagree"}


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_a_problem_with_a_code(text):
    try:
        outcome = parse_date(text)
    except DateProblem as problem:
        outcome = problem.code

    assert isinstance(outcome, date) or outcome in CODES


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("2026/1/5", date(2026, 1, 5)),
        ("20261125", date(2026, 11, 25)),
        ("2026年11月25日（水）", date(2026, 11, 25)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("㋿8年11月25日", date(2026, 11, 25)),
        ("r8.11.25", date(2026, 11, 25)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("2026−11−25", date(2026, 11, 25)),
        ("November 25, 2026", date(2026, 11, 25)),
        ("3 Sept. 2026", date(2026, 9, 3)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_the_spellings_of_forms_and_files_are_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["平成32年4月1日", "H32.4.1", "2020（平成 32）年4月1日"])
def test_an_era_year_past_the_end_of_its_era_is_accepted_as_the_plan_prints_it(text):
    assert parse_date(text) == date(2020, 4, 1)


def test_an_over_run_year_is_printed_in_the_right_era():
    assert format_date(parse_date("平成32年4月1日"), "era") == "令和2年4月1日"


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "empty", {}),
        ("　", "empty", {}),
        ("あした", "unreadable", {}),
        ("2026-11", "unreadable", {}),
        ("26-11-25", "unreadable", {}),
        ("2026-11/25", "unreadable", {}),
        ("31 Brumaire 2026", "unreadable", {}),
        ("2026年11月31日", "day", {"year": 2026, "month": 11, "day": 31, "last_day": 30}),
        ("令和8年2月29日", "day", {"year": 2026, "month": 2, "day": 29, "last_day": 28}),
        ("2026-11-00", "day", {"year": 2026, "month": 11, "day": 0, "last_day": 30}),
        ("2026/13/1", "month", {"month": 13}),
        ("0226-01-01", "year", {"year": 226}),
        ("平成0年1月1日", "era_year", {"era": "平成"}),
        ("2020（令和3）年1月1日", "disagree", {"year": 2020, "era_year": 2021}),
    ],
)
def test_what_is_no_day_says_why(text, code, values):
    with pytest.raises(DateProblem) as refused:
        parse_date(text)

    assert (refused.value.code, refused.value.values) == (code, values)


def test_a_problem_names_its_facts_in_the_log():
    assert str(DateProblem("day", month=2, last_day=28)) == "day month=2 last_day=28"


def test_the_last_day_of_an_era_and_the_first_of_the_next_are_told_apart():
    assert format_date(date(2019, 4, 30), "era") == "平成31年4月30日"
    assert format_date(date(2019, 5, 1), "era") == "令和元年5月1日"
    assert format_date(date(1989, 1, 7), "era_short") == "S64.1.7"
    assert format_date(date(1989, 1, 8), "era_short") == "H1.1.8"


def test_days_before_the_gregorian_calendar_have_no_era():
    assert era_of(date(1872, 12, 31)) is None
    assert format_date(date(1872, 12, 31), "era") == "1872年12月31日"
    assert format_date(date(1872, 12, 31), "era_short") == "1872-12-31"
    assert format_date(date(1872, 12, 31), "plan") == "1872年12月31日"
    assert era_year_label(date(1872, 12, 31), "en") == "1872"


def test_styles_look_as_the_plan_prints_them():
    day = date(2026, 11, 5)

    assert format_date(day) == "2026年11月5日"
    assert format_date(day, "plan") == "2026（令和8）年11月5日"
    assert format_date(day, "era") == "令和8年11月5日"
    assert format_date(day, "slash") == "2026/11/05"
    assert format_date(day, "en") == "5 November 2026"
    assert format_date(day, "en_short") == "5 Nov 2026"
    assert era_year_label(day, "en") == "Reiwa 8"
