"""One week of a machine or hall as a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.common.calendar import is_business_day
from registry.common.viewer import Viewer
from registry.places.bookings import (
    bookings_between,
    clock,
    clock_of,
    free_times,
    is_open_on,
    may_book_for,
    moment_of,
)
from registry.places.models import Place, PlaceState
from registry.places.queries import operates
from registry.web.i18n import pick

HALF_HOUR = 30


@dataclass(frozen=True)
class Span:
    """A booked span in words: who is empty where the reader may not know it; `public_id` where he
    may cancel it."""

    first: str
    last: str
    who: str = ""
    purpose: str = ""
    units: int = 1
    public_id: str = ""


@dataclass(frozen=True)
class FreeSpan:
    """A free span in words, and the minutes after midnight at which a booking could begin."""

    first: str
    last: str
    at: int


@dataclass(frozen=True)
class WeekDay:
    """One day: whether it is open, what is booked, what is free from now on."""

    on: date
    open: bool
    holiday: bool
    booked: list[Span]
    free: list[FreeSpan]


def days_of(place: Place, first: date, viewer: Viewer, *, now: datetime) -> list[WeekDay]:
    """The seven days from `first`, each with its bookings and free spans."""
    days = [first + timedelta(days=n) for n in range(7)]
    found = bookings_between(place, days[0], days[-1])
    kept = operates(place, viewer)
    result = []
    for day in days:
        booked = [
            Span(
                first=clock_of(row.starts_at, day),
                last=clock_of(row.ends_at, day),
                who=pick(row.organization.name, row.organization.name_en) if known else "",
                purpose=row.purpose if known else "",
                units=row.units,
                public_id=row.public_id if kept or (known and row.starts_at > now) else "",
            )
            for row in found
            if row.on == day
            for known in [kept or may_book_for(place, row.organization_id, viewer)]
        ]
        free = [
            FreeSpan(clock(begins), clock(ends), begins)
            for begins, ends in _from_now(free_times(place, day, found), day, now)
        ]
        is_open = place.state is PlaceState.OPEN and is_open_on(place, day)
        result.append(WeekDay(day, is_open, not is_business_day(day), booked, free))
    return result


def _from_now(spans: list[tuple[int, int]], day: date, now: datetime) -> list[tuple[int, int]]:
    """What of free spans is still to come, beginning at a half hour."""
    left = []
    for begins, ends in spans:
        while begins < ends and moment_of(day, begins) < now:
            begins += HALF_HOUR
        if begins < ends:
            left.append((begins, ends))
    return left
