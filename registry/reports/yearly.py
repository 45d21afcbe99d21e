"""Yearly results by policy code: every indicator's target and actual, counted or read.

One list of results is behind screen, CSV and Excel.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.policy.codes import Code, parse_code
from registry.policy.counting import Amount, Count, by_event, by_year, stock_by_year
from registry.policy.models import (
    CountingRule,
    Indicator,
    PeriodType,
    PlanPeriod,
    Reading,
    Target,
)
from registry.policy.periods import Period, parse_period, period_of
from registry.programs.models import Program, ProgramIndicator
from registry.reports.counts import COUNTS
from registry.reports.disclosure import THRESHOLD

FIRST_YEAR = 2016
"""Where no plan period is recorded."""


@dataclass(frozen=True)
class Result:
    """One figure of an indicator: what was to be reached in a period, and what was.

    `actual` None means that nothing was reported yet; `target` None that none was set. `before` is
    the actual of the same kind of period one year earlier. A withheld figure is not told to the
    reader, because it would give a party away.
    """

    indicator: Indicator
    program: Program | None
    period: Period
    actual: Decimal | None
    approximate: bool = False
    target: Decimal | None = None
    before: Decimal | None = None
    source: str = ""
    note: str = ""
    illustrative: bool = False
    withheld: bool = False

    @property
    def code(self) -> Code:
        """The policy code of the indicator."""
        return parse_code(self.indicator.policy_code.code)

    @property
    def change(self) -> Decimal | None:
        """Actual less that of the year before, where both are known."""
        if self.actual is None or self.before is None:
            return None
        return self.actual - self.before


def results(years: range, *, only_public: bool = False) -> list[Result]:
    """The results of the fiscal years, by code, then in the indicators' order, then by period."""
    indicators = _indicators(only_public=only_public)
    programs = _programs()
    targets = _targets()
    found: list[Result] = []
    readings = _readings(years)
    for indicator in indicators:
        read = readings.get(indicator.id, {})
        for period, amount, reading in _figures(indicator, years, read):
            if period.fiscal_year.year not in years:
                continue
            target = targets.get((indicator.id, period.text))
            found.append(
                Result(
                    indicator=indicator,
                    program=programs.get(indicator.id),
                    period=period,
                    actual=amount.value,
                    approximate=amount.approximate,
                    target=target.value if target else None,
                    source=_source(indicator, reading),
                    note=reading.note if reading else indicator.note,
                    illustrative=reading.illustrative if reading else False,
                )
            )
    return sorted(_with_the_year_before(found), key=_place)


def results_of(year: FiscalYear, *, inside: bool = True) -> list[Result]:
    """The results of one fiscal year, each with the actual of the year before.

    Who stands outside the office (`inside` False) sees public indicators only, and no figure of
    one or two parties.
    """
    both = results(range(year.year - 1, year.year + 1), only_public=not inside)
    found = [one for one in both if one.period.fiscal_year == year]
    return found if inside else [_protected(one) for one in found]


def _protected(one: Result) -> Result:
    few = one.actual is not None and 0 < one.actual < THRESHOLD
    few_before = one.before is not None and 0 < one.before < THRESHOLD
    if not one.indicator.counts_parties or not (few or few_before):
        return one
    return replace(
        one,
        actual=None if few else one.actual,
        before=None,
        withheld=few,
    )


def first_year() -> int:
    """The first fiscal year that the plans' results speak of."""
    return db.session.scalar(select(func.min(PlanPeriod.first_year))) or FIRST_YEAR


def _indicators(*, only_public: bool) -> list[Indicator]:
    statement = select(Indicator).options(joinedload(Indicator.policy_code))
    if only_public:
        statement = statement.where(Indicator.is_public)
    return list(db.session.scalars(statement.order_by(Indicator.id)))


def _programs() -> dict[int, Program]:
    rows = db.session.execute(
        select(ProgramIndicator.indicator_id, Program).join(
            Program, ProgramIndicator.program_id == Program.id
        )
    )
    return {number: program for number, program in rows}  # noqa: C416 - rows are no tuples


def _targets() -> dict[tuple[int, str], Target]:
    return {(row.indicator_id, row.period): row for row in db.session.scalars(select(Target))}


def _readings(years: range) -> dict[int, dict[str, Reading]]:
    found: dict[int, dict[str, Reading]] = defaultdict(dict)
    for row in db.session.scalars(
        select(Reading).where(Reading.fiscal_year.between(years.start, years.stop - 1))
    ):
        found[row.indicator_id][row.period] = row
    return found


Figure = tuple[Period, Amount, Reading | None]
"""Period, figure, and the reading that it is, when it was read by hand."""


def _figures(indicator: Indicator, years: range, read: dict[str, Reading]) -> Iterator[Figure]:
    """Counted figures, and where a figure was read by hand, the reading instead."""
    for period, amount in _counted(indicator, years):
        if period.text not in read:
            yield period, amount, None
    for row in read.values():
        yield parse_period(row.period), Amount(row.value, row.approximate), row


def _counted(indicator: Indicator, years: range) -> Iterator[tuple[Period, Amount]]:
    """Every figure that the records give; 0 of years before `counted_from` is not known, not 0."""
    for period, amount in _all_counted(indicator, years):
        known_since = indicator.counted_from
        if amount.value or known_since is None or period.fiscal_year.year >= known_since:
            yield period, amount


def _all_counted(indicator: Indicator, years: range) -> Iterator[tuple[Period, Amount]]:
    count = COUNTS.get(indicator.measure)
    if count is None:
        return
    filters, rule, kind = indicator.filters, indicator.rule, indicator.period_type
    if rule is CountingRule.STOCK:
        yield from _stock(indicator, count, years)
    elif (facts := count.facts_by(rule)) is None:
        return
    elif kind in (PeriodType.EVENT, PeriodType.CALENDAR_YEAR):
        # The calendar year of a source may begin in the fiscal year before.
        wider = range(years.start - 1, years.stop)
        for (_year, text), amount in by_event(facts(filters), rule, wider).items():
            yield parse_period(text), amount
    else:
        for year, amount in by_year(facts(filters), rule, years).items():
            if period := period_of(kind, FiscalYear(year)):
                yield period, amount


def _stock(indicator: Indicator, count: Count, years: range) -> Iterator[tuple[Period, Amount]]:
    """On the days that the indicator names, or at the end of each fiscal year."""
    filters, kind = indicator.filters, indicator.period_type
    if kind is not PeriodType.AS_OF and count.moves is not None:
        stock = stock_by_year(
            count.moves(filters),
            years,
            opening=indicator.opening_balance or 0,
            since=indicator.opening_year,
        )
        for year, amount in stock.items():
            if period := period_of(kind, FiscalYear(year)):
                yield period, amount
        return
    texts = filters.get("as_of", ()) if kind is PeriodType.AS_OF else ()
    ends = (period_of(kind, FiscalYear(year)) for year in years)
    for period in (*map(parse_period, texts), *filter(None, ends)):
        value = count.at(filters, period.last) if count.at else None
        if value is not None:
            yield period, Amount(value)


def _with_the_year_before(found: list[Result]) -> Iterator[Result]:
    """Events compare with the event of the year before when both years had one."""
    of_year: dict[tuple[int, int], list[Result]] = defaultdict(list)
    for one in found:
        of_year[one.indicator.id, one.period.fiscal_year.year].append(one)
    for one in found:
        earlier = of_year.get((one.indicator.id, one.period.fiscal_year.year - 1), [])
        now = of_year[one.indicator.id, one.period.fiscal_year.year]
        if len(earlier) == len(now) == 1:
            yield replace(one, before=earlier[0].actual)
        else:
            yield one


def _source(indicator: Indicator, reading: Reading | None) -> str:
    return (reading.source if reading else "") or indicator.source


def _place(one: Result) -> tuple[Code, int, int, str]:
    return one.code, one.indicator.position, one.indicator.id, one.period.text
