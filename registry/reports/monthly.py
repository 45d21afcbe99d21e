"""The monthly match report: one object from which screen, CSV and workbook are made."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from registry.cases.effort import RungEffort, Work, effort_by_rung, effort_in
from registry.common.calendar import DateProblem, FiscalYear, Month, months_between, parse_month
from registry.common.errors import NotFound
from registry.listings.models import Listing
from registry.reports import figures, quiet
from registry.reports.breakdowns import breakdowns_of
from registry.reports.dimensions import Dimensions, dimensions_of_cases
from registry.reports.disclosure import Protected, protect
from registry.reports.facts import facts_between
from registry.reports.figures import Age, Group, Step
from registry.reports.measures import FUNNEL, NEVER_SUGGESTED, OF_NOBODY, SUMMARY, Measure
from registry.reports.queries import (
    coordinator_names,
    needs_open_at,
    needs_without_candidate_at,
    open_cases_at,
    wards_in_use,
)
from registry.reports.restatements import Told, told_in

TREND_MONTHS = 13
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")

Counts = dict[Measure, int]


@dataclass(frozen=True)
class Filters:
    """What the report is narrowed to: a user's public id, a municipality's code; empty = all."""

    coordinator: str = ""
    ward: str = ""

    def keep(self, at: Dimensions) -> bool:
        """Whether something with these dimensions is counted."""
        return (not self.coordinator or at.coordinator == self.coordinator) and (
            not self.ward or at.ward == self.ward
        )

    @property
    def any(self) -> bool:
        return bool(self.coordinator or self.ward)


@dataclass(frozen=True)
class MonthlyReport:
    """A month's figures, as the records stand now.

    `until` is the last day counted: the month's end, or today in a month that still runs. For a
    reader outside the office (`staff` False) nobody is named, single needs are not listed, and
    small figures are withheld (`disclosure`): they are not in the object at all.
    """

    month: Month
    until: date
    staff: bool
    filters: Filters
    counts: Counts
    before: Counts
    year_ago: Counts
    fiscal_year: Counts
    funnel: list[Step]
    trend: list[tuple[Month, Counts]]
    breakdowns: dict[str, Protected]
    open_cases: list[Age]
    needs_open: int | None
    needs_alone: int | None
    alone: list[Listing] = field(default_factory=list)
    # Firms by size and by ward ("quiet_by_size", "quiet_by_ward"); empty for one coordinator's.
    quiet: dict[str, Protected] = field(default_factory=dict)
    firms: Counts = field(default_factory=dict)
    # What each rung reached in the month took, and the month's work on matches; None for one ward's.
    effort: tuple[list[RungEffort], Work] | None = None
    # Why figures of earlier, closed months would be others today, as written in this month.
    restated: list[Told] = field(default_factory=list)
    # Rendered for the files of a closed month.
    is_final: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the month is not over yet."""
        return self.until < self.month.end

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())


def month_of(text: str) -> Month:
    """The month of an address or a command: 2026-10. Raises NotFound for one that cannot be."""
    try:
        month = parse_month(text if _MONTH.fullmatch(text) else "")
        month.plus(1 - TREND_MONTHS)
    except DateProblem as problem:
        raise NotFound from problem
    return month


def build(
    month: Month, *, today: date, filters: Filters | None = None, staff: bool = True
) -> MonthlyReport:
    """The report of a month. Only staff narrow it: a part of the city is a small figure, too.

    Raises NotFound when the month lies in the future or a filter names nothing that exists.
    """
    filters = filters if filters and staff else Filters()
    if month.start > today:
        raise NotFound
    _check(filters)
    until = min(month.end, today)
    facts = [
        fact
        for fact in facts_between(month.plus(1 - TREND_MONTHS).start, until)
        if filters.keep(fact.dimensions)
    ]
    by_month = figures.count_by_month(facts)
    this = [fact for fact in facts if fact.on in month]
    measures = tuple(m for m in SUMMARY if not (filters.coordinator and m in OF_NOBODY))
    months = months_between(month.plus(1 - TREND_MONTHS), month)

    def counted(*wanted: Month) -> Counts:
        total: Counter[Measure] = sum((by_month.get(m, Counter()) for m in wanted), Counter())
        return {measure: total[measure] for measure in measures}

    year = FiscalYear.of(month.start)
    firms = [] if filters.coordinator else quiet.firms_at(until, ward=filters.ward)
    alone = [] if filters.coordinator else needs_without_candidate_at(until, ward=filters.ward)
    return MonthlyReport(
        month=month,
        until=until,
        staff=staff,
        filters=filters,
        counts=counted(month),
        before=counted(month.previous),
        year_ago=counted(months[0]),
        fiscal_year=counted(*(m for m in year.months if m <= month)),
        funnel=figures.funnel(this, [m for m in FUNNEL if m in measures]),
        trend=[(m, counted(m)) for m in months],
        breakdowns=breakdowns_of(this, staff=staff),
        open_cases=figures.ages(_opened(until, filters), until),
        needs_open=None if filters.coordinator else needs_open_at(until, ward=filters.ward),
        needs_alone=None if filters.coordinator else len(alone),
        alone=alone if staff else [],
        quiet=_quiet(firms, staff=staff) if not filters.coordinator else {},
        firms=quiet.totals(firms),
        effort=None if filters.ward else _effort(month.start, until, filters),
        restated=[] if filters.any else told_in(month, until=until, staff=staff),
    )


def _check(filters: Filters) -> None:
    if filters.coordinator and filters.coordinator not in coordinator_names():
        raise NotFound
    if filters.ward and filters.ward not in wards_in_use():
        raise NotFound


def _opened(day: date, filters: Filters) -> list[date]:
    cases = open_cases_at(day)
    if not filters.any:
        return list(cases.values())
    dimensions = dimensions_of_cases(set(cases))
    return [on for number, on in cases.items() if filters.keep(dimensions[number])]


def _quiet(firms: list[quiet.Firm], *, staff: bool) -> dict[str, Protected]:
    def shown(groups: list[Group]) -> Protected:
        if not staff:
            return protect(groups, NEVER_SUGGESTED)
        return [(group.code, dict(group.counts)) for group in groups]

    return {
        "quiet_by_size": shown(quiet.by_size(firms)),
        "quiet_by_ward": shown(quiet.by_ward(firms)),
    }


def _effort(first: date, last: date, filters: Filters) -> tuple[list[RungEffort], Work]:
    return (
        effort_by_rung(first, last, coordinator=filters.coordinator),
        effort_in(first, last, coordinator=filters.coordinator),
    )
