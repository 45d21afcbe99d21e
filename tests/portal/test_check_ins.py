"""When an agreed match is to be asked about."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.portal.check_ins import check_in_due, months_after

MONTHS = (3, 6, 12, 24)
DAYS = st.dates(date(2016, 4, 1), date(2040, 12, 31))


def test_a_month_later_is_the_same_day_or_the_last_of_the_month() -> None:
    assert months_after(date(2026, 8, 25), 3) == date(2026, 11, 25)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)


def test_the_newest_reached_day_counts_alone() -> None:
    agreed = date(2026, 1, 10)

    assert check_in_due(agreed, None, MONTHS, date(2026, 4, 9)) is None
    assert check_in_due(agreed, None, MONTHS, date(2026, 4, 10)) == (3, date(2026, 4, 10))
    assert check_in_due(agreed, None, MONTHS, date(2026, 11, 25)) == (6, date(2026, 7, 10))


def test_word_since_the_day_settles_it_and_word_before_does_not() -> None:
    agreed, today = date(2026, 1, 10), date(2026, 11, 25)

    assert check_in_due(agreed, date(2026, 7, 10), MONTHS, today) is None
    assert check_in_due(agreed, date(2026, 7, 9), MONTHS, today) == (6, date(2026, 7, 10))


def test_a_day_more_than_a_year_past_is_asked_about_no_more() -> None:
    agreed = date(2024, 1, 10)

    assert check_in_due(agreed, None, (3,), date(2025, 4, 10)) == (3, date(2024, 4, 10))
    assert check_in_due(agreed, None, (3,), date(2025, 4, 11)) is None


@given(agreed=DAYS, today=DAYS, months=st.lists(st.integers(1, 60), max_size=5))
def test_what_is_due_lies_between_the_agreement_and_today(
    agreed: date, today: date, months: list[int]
) -> None:
    found = check_in_due(agreed, None, months, today)

    if found is not None:
        count, day = found
        assert count in months and agreed < day <= today
        assert check_in_due(agreed, day, months, today) is None
        assert check_in_due(agreed, day - timedelta(days=1), months, today) == found
