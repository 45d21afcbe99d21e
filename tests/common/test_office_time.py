"""Today in Tokyo and the days on which the office is open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.common.calendar import (
    TOKYO,
    add_business_days,
    business_days_between,
    day_bounds_utc,
    is_business_day,
    next_business_day,
    now_utc,
    to_tokyo,
    today,
    tokyo_day,
)

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def test_today_can_be_fixed_by_the_environment():
    assert today({"MUSUBI_TODAY": "2026-11-25"}) == date(2026, 11, 25)


def test_without_it_today_is_the_day_in_tokyo():
    before = tokyo_day(now_utc())
    found = today({})

    assert before <= found <= tokyo_day(now_utc())


def test_a_fixed_today_that_is_no_day_is_refused():
    with pytest.raises(ValueError, match="month"):
        today({"MUSUBI_TODAY": "2026-13-01"})


def test_the_day_changes_at_midnight_in_tokyo():
    assert tokyo_day(datetime(2026, 11, 24, 14, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert tokyo_day(datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) == date(2026, 11, 25)


def test_a_moment_without_zone_is_utc_as_the_database_keeps_it():
    assert to_tokyo(datetime(2026, 1, 1)) == datetime(2026, 1, 1, 9, tzinfo=TOKYO)


def test_now_carries_its_zone():
    assert now_utc().utcoffset() == timedelta(0)


@given(DAYS, st.integers(0, 40))
def test_the_bounds_of_days_hold_exactly_their_moments(first, length):
    last = first + timedelta(days=length)
    start, end = day_bounds_utc(first, last)

    assert tokyo_day(start) == first
    assert tokyo_day(start - timedelta(microseconds=1)) == first - timedelta(days=1)
    assert tokyo_day(end - timedelta(microseconds=1)) == last
    assert tokyo_day(end) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 1), False),
        (date(2027, 1, 4), True),
        (date(2026, 5, 6), False),  # substitute holiday
        (date(2026, 9, 22), False),  # between two holidays
    ],
)
def test_the_office_is_closed_on_weekends_holidays_and_at_new_year(day, is_open):
    assert is_business_day(day) is is_open


def test_the_first_business_day_after_new_year():
    assert next_business_day(date(2026, 12, 29)) == date(2027, 1, 4)
    assert next_business_day(date(2027, 1, 4)) == date(2027, 1, 4)


@given(DAYS, st.integers(1, 30))
def test_adding_business_days_passes_exactly_that_many(day, count):
    reached = add_business_days(day, count)

    assert is_business_day(reached)
    assert business_days_between(day, reached) == count
    assert business_days_between(reached, day) == -count


@given(DAYS, st.integers(1, 30))
def test_going_back_business_days_lands_on_an_open_day_before(day, count):
    reached = add_business_days(day, -count)

    assert is_business_day(reached)
    assert reached < day


def test_no_business_days_later_is_the_same_day():
    assert add_business_days(date(2026, 11, 28), 0) == date(2026, 11, 28)
