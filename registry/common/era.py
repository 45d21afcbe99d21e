"""Japanese eras (元号): which one a day lies in, and its years by name."""

from dataclasses import dataclass
from datetime import date

from registry.common.problem import ValueProblem

# Japan counts days by the Gregorian calendar since 明治6年1月1日.
GREGORIAN_SINCE = date(1873, 1, 1)


@dataclass(frozen=True)
class Era:
    """One era: its names, its letter on forms, its first day and the year before its year 1."""

    name_ja: str
    name_en: str
    letter: str
    start: date
    offset: int

    def year_ja(self, western_year: int) -> str:
        """Return the year's number as written: 元 for the first."""
        number = western_year - self.offset
        return "元" if number == 1 else str(number)


# Newest first. First days by the cabinet orders on era names (元号を改める政令).
ERAS = (
    Era("令和", "Reiwa", "R", date(2019, 5, 1), 2018),
    Era("平成", "Heisei", "H", date(1989, 1, 8), 1988),
    Era("昭和", "Showa", "S", date(1926, 12, 25), 1925),
    Era("大正", "Taisho", "T", date(1912, 7, 30), 1911),
    Era("明治", "Meiji", "M", GREGORIAN_SINCE, 1867),
)
_BY_NAME = {key: era for era in ERAS for key in (era.name_ja, era.letter, era.name_en.upper())}


def era_of(day: date) -> Era | None:
    """Return the era of a day, None before 1873."""
    return next((era for era in ERAS if day >= era.start), None)


def era_year_label(day: date, locale: str = "ja") -> str:
    """Return the year of a day by its era: 令和元年, Reiwa 1; before 1873 the western year."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年" if locale == "ja" else str(day.year)
    if locale == "ja":
        return f"{era.name_ja}{era.year_ja(day.year)}年"
    return f"{era.name_en} {day.year - era.offset}"


def western_year(era_name: str, number: str) -> int:
    """Return the western year of an era's year; `number` is digits or 元.

    The name is 令和, R or Reiwa. Years past the end of an era are accepted, as plans print
    them: 平成32 is 2020. Raises ValueProblem `era_year` for a year 0.
    """
    era = _BY_NAME[era_name.upper()]
    count = 1 if number == "元" else int(number)
    if count < 1:
        raise ValueProblem("era_year", era=era.name_ja)
    return era.offset + count
