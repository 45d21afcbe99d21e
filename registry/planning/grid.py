"""The grid in which an officer types the figures of a year, and what is done with what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.common.calendar import DateProblem, Month, parse_month
from registry.common.errors import DomainError
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.planning.laws import broken_laws
from registry.planning.reading_forms import name_of
from registry.policy import figures as service
from registry.policy.figures import FigureWords
from registry.policy.models import Indicator, PeriodType, Reading, Target
from registry.policy.periods import Period, parse_period, period_of
from registry.web.forms import BaseForm

BY_MONTH = {PeriodType.EVENT, PeriodType.AS_OF}
"""Periods that a year does not fix: their month is typed."""


@dataclass(frozen=True)
class Line:
    """One indicator of the grid with what is recorded of the year."""

    indicator: Indicator
    readings: list[Reading]
    target: Target | None
    takes_value: bool
    takes_month: bool


def lines_of(indicators: Sequence[Indicator], year: FiscalYear) -> list[Line]:
    """The lines of the hand-read indicators among these."""
    by_hand = [row for row in indicators if not row.measure]
    numbers = [row.id for row in by_hand]
    readings: dict[int, list[Reading]] = {}
    found = select(Reading).where(
        Reading.indicator_id.in_(numbers), Reading.fiscal_year == year.year
    )
    for row in db.session.scalars(found.order_by(Reading.period)):
        readings.setdefault(row.indicator_id, []).append(row)
    targets = {
        (row.indicator_id, row.period): row
        for row in db.session.scalars(select(Target).where(Target.indicator_id.in_(numbers)))
    }
    return [_line(row, readings.get(row.id, []), targets, year) for row in by_hand]


def _line(
    row: Indicator,
    readings: list[Reading],
    targets: dict[tuple[int, str], Target],
    year: FiscalYear,
) -> Line:
    by_month = row.period_type in BY_MONTH
    period = period_of(row.period_type, year)
    target = targets.get((row.id, period.text)) if period else None
    return Line(row, readings, target, takes_value=by_month or not readings, takes_month=by_month)


def save(
    form: BaseForm,
    lines: Sequence[Line],
    year: FiscalYear,
    *,
    this_year: FiscalYear,
    viewer: Viewer,
) -> int:
    """Record what was typed and give how many figures it were; nothing of it when one is refused.

    Raises DomainError at the first field that breaks a rule.
    """
    typed = form.data
    recorded: dict[int, Indicator] = {}
    number = 0
    for line in lines:
        row = line.indicator
        for model, what in ((Reading, "value"), (Target, "target")):
            field: Any = form[name_of(what, row)]
            if field.data is None:
                continue
            if model is Reading and year > this_year:
                raise DomainError(_("まだ始まっていない年度です。"), field=field.name)
            words = FigureWords(
                value=field.data,
                approximate=field.is_about
                or (model is Reading and bool(typed[name_of("about", row)])),
                note=(typed[name_of("note", row)] or "").strip(),
                source=(typed[name_of("source", row)] or "").strip(),
            )
            _record(model, row, _period(line, typed, year), words, field.name, viewer)
            recorded[row.id] = row
            number += 1
    if not number:
        raise DomainError(_("数値が 1 つも入力されていません。"))
    for broken in broken_laws(year.year):
        if broken.is_about(recorded):
            about = broken.smaller if broken.smaller.indicator.id in recorded else broken.larger
            raise DomainError(broken.sentence, field=name_of("value", about.indicator))
    return number


def _record(
    model: Any, row: Indicator, period: Period, words: FigureWords, field: str, viewer: Viewer
) -> None:
    try:
        service.record_figure(model, row, period, words, viewer=viewer)
    except DomainError as error:
        raise DomainError(error.message, field=field) from error


def _period(line: Line, typed: dict[str, Any], year: FiscalYear) -> Period:
    row = line.indicator
    fixed = period_of(row.period_type, year)
    if fixed is not None:
        return fixed
    name = name_of("month", row)
    try:
        month: Month = parse_month(typed[name] or "")
    except DateProblem:
        raise DomainError(_("年月を入力してください。例：2026-11"), field=name) from None
    if FiscalYear(month.fiscal_year) != year:
        raise DomainError(_("この年月は、選んだ年度の外です。"), field=name)
    return parse_period(f"{month}-asof" if row.period_type is PeriodType.AS_OF else str(month))
