"""Yearly results by policy code: every indicator's target and actual, counted or read.

One list of results is behind screen, CSV and Excel.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.policy.codes import Code, parse_code
from registry.policy.models import Indicator, PlanPeriod, Reading, Target
from registry.policy.periods import Period
from registry.programs.models import Program, ProgramIndicator
from registry.reports.yearly_counted import figures, sampled
from registry.reports.yearly_disclosure import withheld

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


def results(
    years: range, *, only_public: bool = False, only: Collection[int] | None = None
) -> list[Result]:
    """The results of the fiscal years, by code, then in the indicators' order, then by period.

    `only` names the row numbers of the indicators wanted. Retired ones have no figures of their own
    any more, but keep what was read.
    """
    found = _found(years, only_public=only_public, only=only)
    return sorted(_with_the_year_before(found), key=_place)


def results_between(
    years: range, *, inside: bool, only: Collection[int] | None = None
) -> list[Result]:
    """The results of some years as somebody inside or outside the office may see them.

    Who stands outside sees public indicators only, and no figure that gives one or two parties away
    (`yearly_disclosure`); then nothing is compared with it either.
    """
    if inside:
        return results(years, only=only)
    found = _found(years, only_public=True, only=None)
    hidden = withheld(found)
    safe = [
        replace(one, actual=None, approximate=False, note="", withheld=True)
        if (one.indicator.id, one.period.text) in hidden
        else one
        for one in found
    ]
    shown = sorted(_with_the_year_before(safe), key=_place)
    return [one for one in shown if only is None or one.indicator.id in only]


def results_of(year: FiscalYear, *, inside: bool = True) -> list[Result]:
    """The results of one fiscal year, each with the actual of the year before."""
    both = results_between(range(year.year - 1, year.year + 1), inside=inside)
    return [one for one in both if one.period.fiscal_year == year]


def _found(years: range, *, only_public: bool, only: Collection[int] | None) -> list[Result]:
    programs, targets, readings = _programs(), _targets(), _readings(years)
    samples = sampled()
    found: list[Result] = []
    for indicator in _indicators(only_public=only_public, only=only):
        for period, amount, reading in figures(
            indicator, years, readings.get(indicator.id, {}), samples
        ):
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
                    illustrative=reading.illustrative if reading else amount.illustrative,
                )
            )
    return found


def first_year() -> int:
    """The first fiscal year that the plans' results speak of."""
    return db.session.scalar(select(func.min(PlanPeriod.first_year))) or FIRST_YEAR


def _indicators(*, only_public: bool, only: Collection[int] | None) -> list[Indicator]:
    statement = select(Indicator).options(joinedload(Indicator.policy_code))
    if only_public:
        statement = statement.where(Indicator.is_public)
    if only is not None:
        statement = statement.where(Indicator.id.in_(only))
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


def _with_the_year_before(found: Iterable[Result]) -> Iterator[Result]:
    """Events compare with the event of the year before when both years had one."""
    found = list(found)
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
