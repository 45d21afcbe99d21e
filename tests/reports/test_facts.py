"""What of the records is counted, in which month, under which heading."""

from datetime import UTC, date, datetime

import pytest

from registry.cases.models import CloseReason, Closure, Stage
from registry.common.calendar import Month
from registry.common.errors import NotFound
from registry.encounters.models import EncounterKind
from registry.listings.models import ListingState
from registry.reports.facts import facts_between
from registry.reports.measures import SUMMARY, TREND, Measure
from registry.reports.monthly import Filters, build, month_of
from registry.suggestions.models import Candidate
from tests.conftest import TODAY
from tests.factories.listings import make_need, make_seed
from tests.reports.office import NAKAHARA, TAKATSU, add, case, encounter, noon, small_office

OCTOBER = Month(2026, 10)


def october(**filters: str):
    return build(OCTOBER, today=TODAY, filters=Filters(**filters))


def test_the_small_offices_october(app):
    small_office()

    report = october()

    assert report.counts == {
        Measure.ORGANIZATIONS: 1,
        Measure.NEEDS: 0,
        Measure.SEEDS: 1,
        Measure.SUGGESTIONS: 1,
        Measure.ACCEPTED: 1,
        Measure.INTRODUCTIONS: 2,
        Measure.TALKS: 0,
        Measure.AGREEMENTS: 1,
        Measure.PROTOTYPES: 0,
        Measure.COMMERCIALISATIONS: 0,
        Measure.ENCOUNTERS: 6,
        Measure.MEETINGS: 2,
        Measure.DISPATCHES: 4,
    }
    assert report.before[Measure.DISPATCHES] == report.year_ago[Measure.DISPATCHES] == 1
    assert report.fiscal_year[Measure.DISPATCHES] == 5
    assert [(step.measure, step.count, step.days) for step in report.funnel] == [
        (Measure.SUGGESTIONS, 1, None),
        (Measure.ACCEPTED, 1, 4),
        (Measure.INTRODUCTIONS, 2, 16),
        (Measure.TALKS, 0, None),
        (Measure.AGREEMENTS, 1, 16),
        (Measure.COMMERCIALISATIONS, 0, None),
    ]
    assert sum(age.count for age in report.open_cases) == 2
    assert (report.needs_open, report.needs_alone) == (3, 1)
    assert [need.title for need in report.alone] == ["だれも答えないニーズ"]


def test_thirteen_months_end_with_the_month_itself(app):
    small_office()

    report = october()

    assert [str(month) for month, _counts in report.trend][::12] == ["2025-10", "2026-10"]
    assert {m: report.trend[-1][1][m] for m in TREND} == {m: report.counts[m] for m in TREND}
    assert report.trend[0][1] == report.year_ago
    assert set(report.counts) == set(SUMMARY)


def test_wards_and_coordinators_divide_the_month(app):
    office = small_office()

    by_ward = [october(ward=ward).counts for ward in (NAKAHARA, TAKATSU)]
    by_coordinator = [
        october(coordinator=user.public_id).counts for user in (office.saeki, office.hotta)
    ]

    whole = october().counts
    assert {m: sum(counts[m] for counts in by_ward) for m in whole} == whole
    for measure in by_coordinator[0]:
        assert sum(counts[measure] for counts in by_coordinator) == whole[measure]
    assert Measure.NEEDS not in by_coordinator[0]


def test_a_stage_reached_twice_counts_in_the_first_month(app):
    case(
        1,
        date(2026, 7, 1),
        (Stage.INTRODUCED, date(2026, 8, 1)),
        (Stage.TALKING, date(2026, 8, 20)),
        (Stage.INTRODUCED, date(2026, 9, 1)),
        (Stage.TALKING, date(2026, 10, 5)),
    )

    talks = [f.on for f in facts_between(date(2026, 1, 1), TODAY) if f.measure is Measure.TALKS]

    assert talks == [date(2026, 8, 20)]
    assert october().counts[Measure.TALKS] == 0


def test_a_listing_published_after_midnight_in_tokyo_belongs_to_the_new_month(app):
    make_need(published_at=datetime(2026, 9, 30, 15, 0, tzinfo=UTC))
    make_need(published_at=datetime(2026, 9, 30, 14, 59, tzinfo=UTC))

    assert october().counts[Measure.NEEDS] == 1


def test_what_is_planned_for_later_is_not_counted_yet(app):
    encounter(1, EncounterKind.VISIT, TODAY)
    encounter(2, EncounterKind.VISIT, date(2026, 11, 28))

    report = build(Month.of(TODAY), today=TODAY)

    assert report.is_running
    assert report.counts[Measure.ENCOUNTERS] == 1


def test_a_case_counts_as_open_on_the_days_on_which_it_was(app):
    reopened = case(1, date(2026, 6, 1))
    ended = {"closed_on": date(2026, 11, 3), "close_reason": CloseReason.TIMING}
    case(2, date(2026, 6, 1), **ended)
    gap = {"closed_on": date(2026, 9, 10), "reopened_on": date(2026, 10, 10)}
    add(Closure(case_id=reopened.id, reason=CloseReason.TIMING, **gap))

    def count(month: int) -> int:
        report = build(Month(2026, month), today=TODAY)
        return sum(age.count for age in report.open_cases)

    assert [count(month) for month in (5, 8, 9, 10, 11)] == [0, 2, 1, 2, 1]


def test_a_need_is_without_candidate_as_of_the_months_end(app):
    need, seed = make_need(published_at=noon(date(2026, 8, 1))), make_seed()
    add(
        Candidate(
            need_id=need.id, seed_id=seed.id, score=60, rank=1, first_seen_at=noon(date(2026, 9, 2))
        )
    )
    ended = make_need(
        published_at=noon(date(2026, 8, 1)),
        state=ListingState.CLOSED,
        ended_at=noon(date(2026, 9, 20)),
    )

    def alone(month: int) -> list[str]:
        return [found.title for found in build(Month(2026, month), today=TODAY).alone]

    assert alone(7) == []
    assert alone(8) == [need.title, ended.title]
    assert alone(9) == []


def test_the_plans_fiscal_year_has_its_269_dispatches_when_they_are_spread(app):
    for number in range(1, 270):
        encounter(number, EncounterKind.DISPATCH, date(2016, 4 + number % 9, 1 + number % 28))

    report = build(Month(2017, 3), today=TODAY)

    assert report.fiscal_year[Measure.DISPATCHES] == 269
    assert report.counts[Measure.DISPATCHES] == 0


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "abc", "", "0001-01", "1868-06"])
def test_a_month_that_cannot_be_is_not_found(text):
    with pytest.raises(NotFound):
        month_of(text)


def test_a_filter_that_names_nothing_is_not_found(app):
    small_office()

    with pytest.raises(NotFound):
        october(ward="99999")
    with pytest.raises(NotFound):
        october(coordinator="nobody")
