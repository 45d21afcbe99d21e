"""Time as the office keeps it: today in Tokyo, business days, and the door to dates and years.

Rules never ask for today: a view or a command reads it here once and passes it in.
"""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

import jpholiday

from registry.common.dates import DateProblem, DateStyle, format_date, parse_date
from registry.common.era import Era, era_of, era_year_label
from registry.common.fiscal import FiscalYear, fiscal_year, parse_fiscal_year
from registry.common.months import Month, months_between, parse_month

__all__ = [
    "TOKYO",
    "DateProblem",
    "DateStyle",
    "Era",
    "FiscalYear",
    "Month",
    "add_business_days",
    "business_days_between",
    "day_bounds_utc",
    "era_of",
    "era_year_label",
    "fiscal_year",
    "format_date",
    "is_business_day",
    "months_between",
    "next_business_day",
    "now_utc",
    "parse_date",
    "parse_fiscal_year",
    "parse_month",
    "to_tokyo",
    "today",
    "tokyo_day",
]

# Japan has kept one offset since 1952, so the machine needs no zone database.
TOKYO = timezone(timedelta(hours=9), "JST")

_ONE_DAY = timedelta(days=1)


def today(environ: Mapping[str, str] | None = None) -> date:
    """Return the day in Tokyo, or MUSUBI_TODAY (YYYY-MM-DD) of the environment when it is set.

    Raises ValueError when MUSUBI_TODAY is no day.
    """
    fixed = (os.environ if environ is None else environ).get("MUSUBI_TODAY", "").strip()
    return date.fromisoformat(fixed) if fixed else tokyo_day(now_utc())


def now_utc() -> datetime:
    """Return this moment in UTC, with its zone."""
    return datetime.now(UTC)


def to_tokyo(moment: datetime) -> datetime:
    """Return a moment on Tokyo's clock; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(TOKYO)


def tokyo_day(moment: datetime) -> date:
    """Return the day that a moment falls on in Tokyo."""
    return to_tokyo(moment).date()


def day_bounds_utc(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the UTC moments that enclose Tokyo's days: from (included) and until (excluded)."""
    start = datetime.combine(first, time(), TOKYO)
    end = datetime.combine(last + _ONE_DAY, time(), TOKYO)
    return start.astimezone(UTC), end.astimezone(UTC)


def is_business_day(day: date) -> bool:
    """Say whether a public office is open: no weekend, national holiday, or 29 Dec – 3 Jan.

    Source: 行政機関の休日に関する法律 art. 1; cities follow it by ordinance.
    """
    if day.weekday() >= 5 or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return False
    return not jpholiday.is_holiday(day)


def next_business_day(day: date) -> date:
    """Return the first business day on or after a day."""
    while not is_business_day(day):
        day += _ONE_DAY
    return day


def add_business_days(day: date, count: int) -> date:
    """Return the day reached after `count` business days, backwards for a negative count.

    With 0 the day itself comes back, open or not.
    """
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day):
            day += step
    return day


def business_days_between(first: date, last: date) -> int:
    """Count the business days after the first and up to the last; negative when last < first."""
    if last < first:
        return -business_days_between(last, first)
    span = (last - first).days
    return sum(is_business_day(first + timedelta(days=n)) for n in range(1, span + 1))
