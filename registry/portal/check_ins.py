"""When the parties of an agreed match are asked how it went (成果の確認)."""

from collections.abc import Sequence
from datetime import date

from registry.common.calendar import Month


def check_in_due(
    agreed_on: date, heard_on: date | None, months: Sequence[int], today: date
) -> tuple[int, date] | None:
    """The newest check-in whose day has come: (months after the agreement, its day).

    None when no day has come yet, when something was heard on that day or later, and when the day
    is more than a year past: then nobody asks any more.
    """
    days = [(count, months_after(agreed_on, count)) for count in sorted(months)]
    reached = [(count, day) for count, day in days if day <= today]
    if not reached:
        return None
    count, day = reached[-1]
    settled = heard_on is not None and heard_on >= day
    return None if settled or months_after(day, 12) < today else (count, day)


def months_after(day: date, count: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    month = Month.of(day).plus(count)
    return month.start.replace(day=min(day.day, month.end.day))
