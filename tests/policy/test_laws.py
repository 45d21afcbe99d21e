"""Laws of counting, kept over whatever rows stand in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.common.fiscal import FiscalYear
from registry.db import db, transaction
from registry.encounters.models import Encounter, EncounterKind
from registry.organizations.models import Organization
from registry.places.models import Occupancy, OccupancyState, Place, PlaceKind, PlaceUse
from registry.policy.counting import Amount, by_year, stock_by_year
from registry.policy.models import CountingRule
from registry.policy.typed import FigureProblem, parse_figure, show_figure
from registry.programs.models import (
    Enrolment,
    EnrolmentResult,
    EnrolmentState,
    Program,
    ProgramState,
    Shape,
)
from registry.reports.counts import COUNTS
from registry.reports.yearly_disclosure import withheld
from tests.factories.organizations import make_organization

YEARS = range(2020, 2024)
FIRMS = 4
many = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
days = st.integers(0, 4 * 365).map(lambda n: date(2020, 4, 1) + timedelta(days=n))
visits = st.lists(
    st.tuples(days, st.sampled_from(list(EncounterKind)), st.sets(st.integers(0, FIRMS - 1))),
    max_size=12,
)


@pytest.fixture
def firms(app: Flask) -> list[int]:
    return [make_organization().id for _firm in range(FIRMS)]


@pytest.fixture
def program(app: Flask) -> int:
    row = Program(key="p", title="p", shape=Shape.ENROLMENT, state=ProgramState.ACTIVE)
    with transaction():
        db.session.add(row)
    return row.id


@contextmanager
def rows(*new: object) -> Iterator[None]:
    """The rows stand in the database for a while."""
    db.session.add_all(new)
    db.session.flush()
    try:
        yield
    finally:
        db.session.rollback()


def count(rule: CountingRule, **filters: object) -> dict[int, Amount]:
    facts = COUNTS["encounters.rows"].facts_by(rule)
    assert facts is not None
    return by_year(facts(filters), rule, YEARS)


@given(visits)
@many
def test_unique_never_exceeds_cumulative_and_a_part_never_its_whole(firms: list[int], met) -> None:
    with rows(
        *(
            Encounter(
                number=place + 1,
                kind=kind,
                held_on=on,
                subject="試験",
                organizations=[db.session.get(Organization, firms[n]) for n in sorted(parties)],
            )
            for place, (on, kind, parties) in enumerate(met)
        )
    ):
        unique, every = count(CountingRule.UNIQUE), count(CountingRule.CUMULATIVE)
        flow = count(CountingRule.FLOW)
        part = {rule: count(rule, kinds=["visit"]) for rule in (CountingRule.UNIQUE,
                CountingRule.CUMULATIVE, CountingRule.FLOW, CountingRule.SUBSET)}  # fmt: skip
    for year in YEARS:
        here = [(parties, kind) for on, kind, parties in met if FiscalYear.of(on).year == year]
        assert flow[year].value == len(here)
        assert every[year].value == sum(len(parties) for parties, _kind in here)
        assert unique[year].value == len(set().union(*(parties for parties, _kind in here)))
        assert unique[year].value <= every[year].value
        assert part[CountingRule.UNIQUE][year].value <= unique[year].value
        assert part[CountingRule.CUMULATIVE][year].value <= every[year].value
        assert part[CountingRule.SUBSET][year].value <= flow[year].value
        assert part[CountingRule.SUBSET] == part[CountingRule.FLOW]


spans = st.lists(
    st.tuples(days, st.none() | st.integers(0, 900), st.booleans()).map(
        lambda one: (one[0], None if one[1] is None else one[0] + timedelta(days=one[1]), one[2])
    ),
    max_size=12,
)


@given(spans, st.integers(0, 100))
@many
def test_a_stock_is_the_last_one_with_who_came_and_without_who_left(
    firms: list[int], program: int, held, opening: int
) -> None:
    standing = COUNTS["enrolments.standing"]
    assert standing.moves is not None and standing.at is not None
    with rows(
        *(
            Enrolment(
                program_id=program,
                organization_id=firms[0],
                started_on=start if by_day else None,
                fiscal_year=FiscalYear.of(start).year,
                ended_on=end,
                state=EnrolmentState.ACTIVE,
                result=EnrolmentResult.MEMBER,
            )
            for start, end, by_day in held
        )
    ):
        stock = stock_by_year(standing.moves({"program": "p"}), YEARS, opening=opening, since=2019)
        at_end = {year: standing.at({"program": "p"}, FiscalYear(year).end) for year in YEARS}
    before = Decimal(opening)
    for year in YEARS:
        came = sum(FiscalYear.of(start).year == year for start, _end, _by_day in held)
        left = sum(end is not None and FiscalYear.of(end).year == year for _s, end, _d in held)
        assert stock[year].value == before + came - left
        assert stock[year].value == opening + (at_end[year] or 0)
        before = stock[year].value


@given(
    st.lists(st.tuples(days, st.none() | st.integers(0, 900), st.integers(1, 3),
                       st.sampled_from(list(OccupancyState))), max_size=8),
    days,
)  # fmt: skip
@many
def test_occupancy_on_any_day_is_what_the_ledger_says(
    firms: list[int], program: int, ledger, day: date
) -> None:
    rate = COUNTS["occupancies.rate"]
    assert rate.at is not None and rate.subjects_at is not None
    place = Place(
        number=1,
        program_id=program,
        kind=PlaceKind.LAB,
        use=PlaceUse.TENANCY,
        name="試験の部屋",
        capacity=40,
    )
    held = [
        Occupancy(
            place=place,
            organization_id=firms[0],
            units=units,
            starts_on=start,
            ends_on=None if length is None else start + timedelta(days=length),
            state=state,
        )
        for start, length, units, state in ledger
    ]
    on_day = [
        row.units
        for row in held
        if row.state is not OccupancyState.CANCELLED
        and row.starts_on <= day
        and (row.ends_on is None or day <= row.ends_on)
    ]
    with rows(place, *held):
        assert rate.at({"program": "p"}, day) == Decimal(sum(on_day)) * 100 / 40
        assert len(rate.subjects_at({"program": "p"}, day)) == len(on_day)


# What is told outside.


class Indicator:
    """As much of an indicator as disclosure asks for."""

    def __init__(self, number: int, whole: int | None) -> None:
        self.id, self.part_of_id, self.counts_parties = number, whole, True


class Told:
    def __init__(self, number: int, whole: int | None, value: int) -> None:
        self.indicator, self.actual = Indicator(number, whole), Decimal(value)
        self.period = type("P", (), {"text": "FY2026"})()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(0, 4))
def test_no_count_of_one_or_two_is_found_by_taking_parts_from_their_whole(
    parts: list[int], rest: int
) -> None:
    """The whole is the sum of its parts and a rest, as a reader may suppose."""
    whole = sum(parts) + rest
    found = [Told(1, None, whole), *(Told(n, 1, value) for n, value in enumerate(parts, 2))]
    hidden = {number for number, _period in withheld(found)}  # type: ignore[arg-type]
    shown = {one.indicator.id: int(one.actual) for one in found if one.indicator.id not in hidden}
    assert not any(0 < value < 3 for value in shown.values())
    if 1 in shown:
        unseen = [n for n in range(2, len(parts) + 2) if n not in shown and parts[n - 2]]
        assert len(unseen) != 1 or all(n not in shown or not shown[n] for n in range(2, 9))
        assert all(not 0 < whole - value < 3 for n, value in shown.items() if n != 1)


# Typed figures.


@given(st.decimals(min_value=0, max_value=10**13, places=2), st.booleans())
def test_a_figure_shown_reads_back_as_itself(value: Decimal, approximate: bool) -> None:
    wide = show_figure(value, approximate=approximate).translate(
        {ord(str(n)): chr(0xFF10 + n) for n in range(10)}
    )
    assert parse_figure(wide) == (value, approximate)


@pytest.mark.parametrize(
    ("typed", "value", "about"),
    [("1,400", "1400", False), ("約14億円", "1400000000", True), ("１２万3,000人", "123000", False),
     ("98.5%", "98.5", False), ("1,200余り", "1200", True), ("-5", "-5", False)],
)  # fmt: skip
def test_figures_are_read_as_people_write_them(typed: str, value: str, about: bool) -> None:
    assert parse_figure(typed) == (Decimal(value), about)


@pytest.mark.parametrize("typed", ["", "　", "たくさん", "1-2", "12億34億", "9" * 40, "1.23456"])
def test_what_is_no_figure_is_refused(typed: str) -> None:
    with pytest.raises(FigureProblem):
        parse_figure(typed)
