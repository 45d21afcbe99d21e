"""Months and fiscal years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.calendar import (
    DateProblem,
    FiscalYear,
    Month,
    fiscal_year,
    months_between,
    parse_fiscal_year,
    parse_month,
)

DAYS = st.dates(date(1873, 1, 1), date(2199, 12, 31))
YEARS = st.integers(1873, 2199).map(FiscalYear)
MONTHS = st.builds(Month, st.integers(1900, 2199), st.integers(1, 12))


@given(DAYS)
def test_each_day_lies_in_its_fiscal_year_and_in_no_other(day):
    year = fiscal_year(day)

    assert day in year
    assert day not in year.next
    assert day not in year.previous
    assert Month.of(day).fiscal_year == year.year


@given(YEARS)
def test_a_fiscal_year_ends_the_day_before_the_next_begins(year):
    assert year.end + timedelta(days=1) == year.next.start
    assert year.start == date(year.year, 4, 1)


@given(YEARS)
def test_the_twelve_months_fill_the_fiscal_year(year):
    months = year.months

    assert len(months) == 12
    assert (months[0].start, months[-1].end) == (year.start, year.end)
    assert all(fiscal_year(month.start) == year for month in months)


@given(YEARS)
def test_every_label_is_read_back_as_the_same_fiscal_year(year):
    labels = (year.label(), year.label("en"), year.label_era, year.label_western, year.label_short)

    assert {parse_fiscal_year(label) for label in labels} == {year}


@given(MONTHS)
def test_every_month_label_is_read_back_as_the_same_month(month):
    for label in (str(month), month.label(), month.label("en"), month.label_plan):
        assert parse_month(label) == month


@given(MONTHS, st.integers(-380, 600))
def test_months_forth_and_back_come_home(month, count):
    assert month.plus(count).plus(-count) == month


@given(MONTHS, st.integers(0, 60))
def test_months_between_counts_both_ends(month, count):
    walk = months_between(month, month.plus(count))

    assert len(walk) == count + 1
    assert list(walk) == sorted(set(walk))
    assert months_between(month.next, month) == ()


@given(DAYS)
def test_a_month_holds_its_days(day):
    month = Month.of(day)

    assert day in month
    assert day in month.days
    assert month.next.start - month.end == timedelta(days=1)
    assert month.previous.end + timedelta(days=1) == month.start


def test_labels_are_those_of_the_plan():
    year = FiscalYear(2016)

    assert year.label() == "2016（平成28）年度"
    assert year.label("en") == str(year) == "FY2016"
    assert year.label_era == "平成28年度"
    assert year.label_short == "H28年度"
    assert Month(2017, 2).label_plan == "2017（平成29）年2月"


@pytest.mark.parametrize(
    "text", ["平成31年度", "令和元年度", "R1", "2019", "２０１９（令和元）年度"]
)
def test_the_year_of_two_eras_is_one_year(text):
    assert parse_fiscal_year(text) == FiscalYear(2019)
    assert parse_fiscal_year(text).label() == "2019（令和元）年度"


def test_a_fiscal_year_past_the_end_of_its_era_is_accepted():
    assert parse_fiscal_year("2020（平成 32）年度") == FiscalYear(2020)
    assert parse_fiscal_year("平成32年度").label_era == "令和2年度"


def test_the_year_of_an_era_is_that_of_its_first_of_april():
    assert FiscalYear(1988).label_era == "昭和63年度"
    assert FiscalYear(1989).label_era == "平成元年度"
    assert FiscalYear(1870).label() == FiscalYear(1870).label_era == "1870年度"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("来年度", "unreadable"), ("令和0年度", "era_year"), ("9999", "year")],
)
def test_what_is_no_fiscal_year_says_why(text, code):
    with pytest.raises(DateProblem) as refused:
        parse_fiscal_year(text)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("2026", "unreadable"),
        ("2026-13", "month"),
        ("2026-00", "month"),
        ("1066-10", "year"),
        ("2018（平成31）年1月", "disagree"),
        ("Thermidor 2026", "unreadable"),
    ],
)
def test_what_is_no_month_says_why(text, code):
    with pytest.raises(DateProblem) as refused:
        parse_month(text)

    assert refused.value.code == code


@pytest.mark.parametrize("text", ["2018-01", "2018/1", "201801", "H30.1", "2018（平成30）年１月"])
def test_months_of_forms_files_and_the_plan_are_read(text):
    assert parse_month(text) == Month(2018, 1)
