"""Fiscal years (年度): 1 April to 31 March, named as the plan names them."""

import re
from dataclasses import dataclass
from datetime import date

from registry.common.dates import YEAR, DateProblem, checked_year, squeeze, year_of
from registry.common.era import ERAS, Era, era_of
from registry.common.months import Month, months_between

_FISCAL_YEAR = re.compile(rf"(?:fy)?{YEAR}(?:年度?)?", re.IGNORECASE)
_REIWA = ERAS[0]


@dataclass(frozen=True, order=True)
class FiscalYear:
    """One fiscal year, by the year it begins in. Its text is FY2016, as files name it."""

    year: int

    def __post_init__(self) -> None:
        checked_year(self.year)
        checked_year(self.year + 1)

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """Return the fiscal year a day lies in."""
        return cls(day.year - (day.month < 4))

    @property
    def start(self) -> date:
        """The first day, 1 April."""
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        """The last day, 31 March of the next year."""
        return date(self.year + 1, 3, 31)

    @property
    def months(self) -> tuple[Month, ...]:
        """The twelve months from April to March."""
        return months_between(Month(self.year, 4), Month(self.year + 1, 3))

    def plus(self, count: int) -> "FiscalYear":
        """Return the fiscal year `count` years later."""
        return FiscalYear(self.year + count)

    @property
    def next(self) -> "FiscalYear":
        """The following fiscal year."""
        return self.plus(1)

    @property
    def previous(self) -> "FiscalYear":
        """The fiscal year before."""
        return self.plus(-1)

    @property
    def code(self) -> str:
        """The year in files and addresses: FY2016."""
        return f"FY{self.year}"

    @property
    def era(self) -> Era | None:
        """The era that names the year: the one of 1 April, but Reiwa for the whole of 2019.

        The state's offices agreed on 令和元年度 for all of that year (2019-04-01).
        """
        return _REIWA if self.year == 2019 else era_of(self.start)

    def label(self, locale: str = "ja") -> str:
        """Return 2016（平成28）年度 as the plan prints it, or FY2016."""
        era = self.era
        if locale != "ja":
            return self.code
        if era is None:
            return self.label_western
        return f"{self.year}（{era.name_ja}{era.year_ja(self.year)}）年度"

    @property
    def label_western(self) -> str:
        """2016年度."""
        return f"{self.year}年度"

    @property
    def label_era(self) -> str:
        """平成28年度; 令和元年度 for 2019; the western label before 1873."""
        era = self.era
        return f"{era.name_ja}{era.year_ja(self.year)}年度" if era else self.label_western

    @property
    def label_short(self) -> str:
        """H28年度, for narrow columns."""
        era = self.era
        return f"{era.letter}{self.year - era.offset}年度" if era else self.label_western

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.code


def fiscal_year(day: date) -> FiscalYear:
    """Return the fiscal year a day lies in."""
    return FiscalYear.of(day)


def parse_fiscal_year(text: str) -> FiscalYear:
    """Return the fiscal year that a text names.

    Accepted: 平成28年度, 2016年度, 2016（平成28）年度, FY2016, H28, 2016; 平成31年度 and
    令和元年度 are the same. Raises DateProblem: empty, unreadable, year, era_year, disagree.
    """
    found = _FISCAL_YEAR.fullmatch(squeeze(text))
    if found is None:
        raise DateProblem("unreadable")
    return FiscalYear(year_of(found))
