"""Days as people write them: read tolerantly, written in the styles of the plan."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import Literal

from registry.common.era import era_of, era_year_label, western_year
from registry.common.problem import ValueProblem

DateStyle = Literal["iso", "slash", "ja", "era", "plan", "era_short", "en", "en_short"]

MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# No organization of the registry is older; a smaller year is a slip of the keyboard.
FIRST_YEAR = 1868
LAST_YEAR = 9999

_ERA = r"(?P<era>令和|平成|昭和|大正|明治|reiwa|heisei|showa|taisho|meiji|[rhstm])"
_ERA_YEAR = _ERA + r"\.?(?P<era_year>元|\d{1,3})"
# Year parts: 2020, 2020(平成32), 令和8, R8.
YEAR = rf"(?:(?P<year>\d{{4}})(?:\({_ERA_YEAR}年?\))?|{_ERA_YEAR.replace('?P<era', '?P<only_era')})"
_NUMERIC = re.compile(
    rf"{YEAR}(?:(?P<sep>[-/.])(?P<m1>\d{{1,2}})(?P=sep)(?P<d1>\d{{1,2}})"
    r"|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日)(?:\([月火水木金土日](?:曜日?)?\))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})(?P<name>[a-z]+)\.?,?(?P<year>\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(?P<name>[a-z]+)\.?(?P<day>\d{1,2}),(?P<year>\d{4})", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\ufe58\ufe63]")


class DateProblem(ValueProblem):
    """A text that is no day, month or year. The codes stand in `parse_date`."""


def format_date(day: date, style: DateStyle = "ja") -> str:
    """Return a day as text; every style is read back by `parse_date`."""
    match style:
        case "iso":
            return day.isoformat()
        case "slash":
            return f"{day.year:04}/{day.month:02}/{day.day:02}"
        case "ja":
            return f"{day.year}年{day.month}月{day.day}日"
        case "era":
            return f"{era_year_label(day)}{day.month}月{day.day}日"
        case "plan":
            return f"{plan_year(day)}{day.month}月{day.day}日"
        case "era_short":
            era = era_of(day)
            if era is None:
                return day.isoformat()
            return f"{era.letter}{day.year - era.offset}.{day.month}.{day.day}"
        case "en":
            return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
        case "en_short":
            return f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year}"


def plan_year(day: date) -> str:
    """Return the year of a day as the plan prints it: 2026（令和8）年."""
    era = era_of(day)
    if era is None:
        return f"{day.year}年"
    return f"{day.year}（{era.name_ja}{era.year_ja(day.year)}）年"


def parse_date(text: str) -> date:
    """Return the day that a text names, in any of the styles and widths people use.

    Accepted: 2026-11-25, 2026/11/25, 20261125, 2026年11月25日, 令和8年11月25日, R8.11.25,
    2026（令和8）年11月25日, 25 November 2026, a weekday in brackets after it; era years past
    the era's end. Raises DateProblem: empty, unreadable, year, era_year(era),
    disagree(year, era_year), month(month), day(year, month, day, last_day).
    """
    squeezed = squeeze(text)
    if found := _NUMERIC.fullmatch(squeezed):
        month = int(found["m1"] or found["m2"])
        return checked_day(year_of(found), month, int(found["d1"] or found["d2"]))
    if found := _COMPACT.fullmatch(squeezed):
        return checked_day(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := _DAY_MONTH.fullmatch(squeezed) or _MONTH_DAY.fullmatch(squeezed):
        return checked_day(int(found["year"]), month_by_name(found["name"]), int(found["day"]))
    raise DateProblem("unreadable")


def squeeze(text: str) -> str:
    """Return a text in half width without spaces and with one kind of dash; refuse an empty one."""
    plain = _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).split()))
    if not plain:
        raise DateProblem("empty")
    return plain


def year_of(found: re.Match[str]) -> int:
    """Return the western year of a match of YEAR; an era in brackets must agree with it."""
    try:
        if found["year"] is None:
            return western_year(found["only_era"], found["only_era_year"])
        year = int(found["year"])
        if found["era"] and (era_year := western_year(found["era"], found["era_year"])) != year:
            raise DateProblem("disagree", year=year, era_year=era_year)
    except DateProblem:
        raise
    except ValueProblem as problem:
        raise DateProblem(problem.code, **problem.values) from None
    return year


def month_by_name(name: str) -> int:
    """Return the number of an English month, whole or cut to three letters (Sept too)."""
    wanted = name.lower()
    for number, month in enumerate(MONTHS_EN, start=1):
        if wanted in (month.lower(), month[:3].lower()) or (number == 9 and wanted == "sept"):
            return number
    raise DateProblem("unreadable")


def checked_year(year: int) -> int:
    """Return the year, or refuse one that nobody can mean."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateProblem("year", year=year)
    return year


def checked_month(month: int) -> int:
    """Return the month, or refuse one outside 1–12."""
    if not 1 <= month <= 12:
        raise DateProblem("month", month=month)
    return month


def last_day_of(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return monthrange(year, month)[1]


def checked_day(year: int, month: int, day: int) -> date:
    """Return the day, or refuse one that the calendar does not have, saying the month's last."""
    last = last_day_of(checked_year(year), checked_month(month))
    if not 1 <= day <= last:
        raise DateProblem("day", year=year, month=month, day=day, last_day=last)
    return date(year, month, day)
