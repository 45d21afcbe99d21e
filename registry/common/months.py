"""Calendar months: the unit of the match report."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registry.common.dates import (
    MONTHS_EN,
    YEAR,
    DateProblem,
    checked_month,
    checked_year,
    last_day_of,
    month_by_name,
    plan_year,
    squeeze,
    year_of,
)

_NUMERIC = re.compile(rf"{YEAR}(?:[-/.](?P<m1>\d{{1,2}})|年(?P<m2>\d{{1,2}})月)", re.IGNORECASE)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})")
_ENGLISH = re.compile(r"(?P<name>[a-z]+)\.?,?(?P<year>\d{4})", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year. Its text is 2026-11, as addresses and files name it."""

    year: int
    month: int

    def __post_init__(self) -> None:
        checked_year(self.year)
        checked_month(self.month)

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month a day lies in."""
        return cls(day.year, day.month)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return date(self.year, self.month, last_day_of(self.year, self.month))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, in order."""
        return tuple(self.start.replace(day=day) for day in range(1, self.end.day + 1))

    def plus(self, count: int) -> "Month":
        """Return the month `count` months later, earlier for a negative count."""
        years, month = divmod(self.year * 12 + self.month - 1 + count, 12)
        return Month(years, month + 1)

    @property
    def next(self) -> "Month":
        """The following month."""
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return self.plus(-1)

    @property
    def fiscal_year(self) -> int:
        """The year in which the month's fiscal year begins (April)."""
        return self.year - (self.month < 4)

    def label(self, locale: str = "ja") -> str:
        """Return 2026年11月, or November 2026."""
        if locale == "ja":
            return f"{self.year}年{self.month}月"
        return f"{MONTHS_EN[self.month - 1]} {self.year}"

    @property
    def label_plan(self) -> str:
        """The month as the plan prints it: 2026（令和8）年11月; the era is that of its last day."""
        return f"{plan_year(self.end)}{self.month}月"

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def parse_month(text: str) -> Month:
    """Return the month that a text names, in the styles of `parse_date` without the day.

    Raises DateProblem: empty, unreadable, year, era_year, disagree, month.
    """
    squeezed = squeeze(text)
    if found := _NUMERIC.fullmatch(squeezed):
        return Month(year_of(found), int(found["m1"] or found["m2"]))
    if found := _COMPACT.fullmatch(squeezed):
        return Month(int(found["year"]), int(found["month"]))
    if found := _ENGLISH.fullmatch(squeezed):
        return Month(int(found["year"]), month_by_name(found["name"]))
    raise DateProblem("unreadable")


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Return the months from the first to the last, both included; none when last < first."""
    return tuple(_walk(first, last))


def _walk(first: Month, last: Month) -> Iterator[Month]:
    month = first
    while month <= last:
        yield month
        month = month.next
