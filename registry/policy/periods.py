"""Periods of figures as files write them: FY2016, FY2016-end, 2017, 2017-02, 2018-01-asof."""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.common.dates import DateProblem
from registry.common.fiscal import FiscalYear
from registry.common.months import Month
from registry.common.problem import ValueProblem
from registry.policy.models import PeriodType
from registry.web.i18n import locale

_FORM = re.compile(
    r"(?:FY(?P<fy>\d{4})(?P<end>-end)?|(?P<year>\d{4})(?:-(?P<month>\d{2})(?P<asof>-asof)?)?)"
)


class PeriodProblem(ValueProblem):
    """A text that is no period. Codes: unreadable."""


@dataclass(frozen=True)
class Period:
    """One period: its text, its kind, its last day, and the fiscal year whose results show it."""

    text: str
    type: PeriodType
    last: date

    @property
    def fiscal_year(self) -> FiscalYear:
        """A calendar year is shown with the fiscal year that begins in it."""
        if self.type is PeriodType.CALENDAR_YEAR:
            return FiscalYear(self.last.year)
        return FiscalYear.of(self.last)

    @property
    def label(self) -> str:
        """The period as the plan prints it: 2016（平成28）年度, 2018（平成30）年1月現在."""
        if self.type is PeriodType.FISCAL_YEAR:
            return self.fiscal_year.label(locale())
        if self.type is PeriodType.FISCAL_YEAR_END:
            return _("%(year)s末", year=self.fiscal_year.label(locale()))
        if self.type is PeriodType.CALENDAR_YEAR:
            return _("%(year)s年", year=self.last.year)
        month = Month.of(self.last).label(locale())
        if self.type is PeriodType.AS_OF:
            return _("%(month)s現在", month=month)
        return month

    def __str__(self) -> str:
        return self.text


def parse_period(text: str) -> Period:
    """Return the period that a text is. Raises PeriodProblem: unreadable."""
    found = _FORM.fullmatch(text.strip()[:24])
    if found is None:
        raise PeriodProblem("unreadable", text=text[:24])
    try:
        if found["fy"]:
            year = FiscalYear(int(found["fy"]))
            kind = PeriodType.FISCAL_YEAR_END if found["end"] else PeriodType.FISCAL_YEAR
            return Period(found[0], kind, year.end)
        if not found["month"]:
            return Period(found[0], PeriodType.CALENDAR_YEAR, date(int(found["year"]), 12, 31))
        month = Month(int(found["year"]), int(found["month"]))
        kind = PeriodType.AS_OF if found["asof"] else PeriodType.EVENT
        return Period(found[0], kind, month.end)
    except (ValueError, DateProblem) as error:
        raise PeriodProblem("unreadable", text=text[:24]) from error


def period_of(kind: PeriodType, year: FiscalYear) -> Period | None:
    """The period of a fiscal year for the kinds that have just one in it, else None."""
    if kind is PeriodType.FISCAL_YEAR:
        return parse_period(year.code)
    if kind is PeriodType.FISCAL_YEAR_END:
        return parse_period(f"{year.code}-end")
    if kind is PeriodType.CALENDAR_YEAR:
        return parse_period(str(year.year))
    return None
