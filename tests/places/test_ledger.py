"""The ledger's laws, against brute force: what a day holds, what does not fit, what is free."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.places.ledger import (
    Hold,
    free_spans,
    obstacle,
    of_days,
    peak,
    percent,
    units_at,
)

START = date(2026, 4, 1)
DAYS = [START + timedelta(days=n) for n in range(40)]
SPANS = st.tuples(st.integers(1, 3), st.integers(0, 30), st.one_of(st.none(), st.integers(0, 12)))
LEDGERS = st.lists(SPANS, max_size=8)


def days_of(span: tuple[int, int, int | None]) -> tuple[int, date, date | None]:
    units, first, length = span
    begins = START + timedelta(days=first)
    return units, begins, None if length is None else begins + timedelta(days=length)


def hold_of(span: tuple[int, int, int | None]) -> Hold[date]:
    return of_days(*days_of(span))


def counted(spans: list[tuple[int, int, int | None]], day: date) -> int:
    """Brute force: add up the entries that name the day."""
    total = 0
    for units, first, last in map(days_of, spans):
        if first <= day and (last is None or day <= last):
            total += units
    return total


@given(LEDGERS, st.sampled_from(DAYS))
def test_what_is_held_on_a_day_is_what_the_entries_of_that_day_add_up_to(spans, day) -> None:
    assert units_at([hold_of(span) for span in spans], day) == counted(spans, day)


@given(LEDGERS, SPANS, st.integers(1, 6))
def test_a_wish_is_refused_exactly_when_some_day_of_it_would_be_overfull(
    spans, wish, capacity
) -> None:
    units, first, last = days_of(wish)
    full = [
        day
        for day in DAYS
        if first <= day and (last is None or day <= last)
        if counted(spans, day) + units > capacity
    ]

    found = obstacle([hold_of(span) for span in spans], hold_of(wish), capacity)

    assert (found.at if found else None) == (full[0] if full else None)
    if found:
        assert found.free == max(0, capacity - counted(spans, found.at))
        assert sum(hold.units for hold in found.holds) == counted(spans, found.at)


@given(st.lists(SPANS, max_size=12), st.integers(1, 4))
def test_entries_let_in_one_after_another_never_exceed_the_capacity(wishes, capacity) -> None:
    let_in: list[tuple[int, int, int | None]] = []
    for wish in wishes:
        if obstacle([hold_of(span) for span in let_in], hold_of(wish), capacity) is None:
            let_in.append(wish)

    assert all(counted(let_in, day) <= capacity for day in DAYS)


@given(LEDGERS, st.sampled_from(DAYS[:30]))
def test_the_peak_is_the_highest_day_from_then_on(spans, since) -> None:
    day, most = peak([hold_of(span) for span in spans], since)
    later = [counted(spans, at) for at in DAYS if at >= since]

    assert most == max(later) == counted(spans, day)
    assert day >= since


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 2)), max_size=6),
    st.integers(1, 3),
)
def test_free_spans_are_the_half_hours_in_which_a_unit_is_left(booked, capacity) -> None:
    midnight = datetime(2026, 11, 25)
    at = [midnight + timedelta(minutes=30 * n) for n in range(21)]
    holds = [
        Hold(units, midnight + timedelta(minutes=30 * first),
             midnight + timedelta(minutes=30 * (first + length)))
        for first, length, units in booked
    ]  # fmt: skip

    spans = free_spans(holds, at[0], at[-1], capacity)

    for moment in at[:-1]:
        inside = any(first <= moment < last for first, last in spans)
        assert inside == (units_at(holds, moment) < capacity)
    assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_a_tenancy_until_a_day_leaves_the_next_day_free() -> None:
    tenant = of_days(1, date(2026, 4, 1), date(2027, 3, 31))

    assert obstacle([tenant], of_days(1, date(2027, 3, 31), None), 1) is not None
    assert obstacle([tenant], of_days(1, date(2027, 4, 1), None), 1) is None


def test_a_rate_of_nothing_is_no_rate() -> None:
    assert percent(0, 0) is None
    assert percent(49, 50) == 98.0
