"""How full a place is: on a day, against its target, and over the last months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select

from registry.common.calendar import FiscalYear, Month
from registry.db import db
from registry.formats import charts
from registry.formats.palette import SEED
from registry.places.ledger import Hold, of_days, percent, units_at
from registry.places.models import Occupancy, OccupancyState, Place, PlaceUse
from registry.places.queries import family
from registry.policy.models import Indicator, Target
from registry.web.i18n import locale, number, short_day

MONTHS = 24
MEASURE = "occupancies.rate"


@dataclass(frozen=True)
class Fullness:
    """Units held of those that there are on a day; `rate` in percent, None without capacity."""

    on: date
    held: int
    capacity: int

    @property
    def rate(self) -> float | None:
        return percent(self.held, self.capacity)


def fullness(place: Place, days: list[date]) -> list[Fullness]:
    """How full a place and those in it are on each day, from two readings of the database."""
    let = family(place), Place.use == PlaceUse.TENANCY
    standing = list(
        db.session.execute(
            select(Place.capacity, Place.opened_on, Place.closed_on, Place.id).where(*let)
        )
    )
    rows = db.session.execute(
        select(Occupancy.place_id, Occupancy.units, Occupancy.starts_on, Occupancy.ends_on)
        .join(Place)
        .where(*let, Occupancy.state != OccupancyState.CANCELLED)
    )
    holds: dict[int, list[Hold[date]]] = {}
    for number_, units, first, last in rows:
        holds.setdefault(number_, []).append(of_days(units, first, last))
    return [_on(day, standing, holds) for day in days]


def _on(
    day: date,
    standing: Sequence[Any],
    holds: dict[int, list[Hold[date]]],
) -> Fullness:
    there = [
        (capacity, number_)
        for capacity, opened, closed, number_ in standing
        if (opened is None or opened <= day) and (closed is None or closed > day)
    ]
    held = sum(units_at(holds.get(number_, ()), day) for _capacity, number_ in there)
    return Fullness(day, held, sum(capacity for capacity, _number in there))


def month_ends(today: date) -> list[date]:
    """The last days of the months before this one, and today: what the chart shows."""
    this = Month.of(today)
    return [this.plus(back).end for back in range(1 - MONTHS, 0)] + [today]


def target_of(place: Place, day: date) -> Decimal | None:
    """The target of the place's occupancy in the fiscal year of a day: an indicator that counts
    the occupancy of its program and has one. None: no target is set."""
    if place.program is None:
        return None
    year = FiscalYear.of(day)
    rows = db.session.execute(
        select(Target.value, Indicator.filters)
        .join(Indicator, Target.indicator_id == Indicator.id)
        .where(
            Indicator.measure == MEASURE,
            or_(Target.period == year.code, Target.period == f"{year.code}-end"),
        )
        .order_by(Target.id)
    )
    key = place.program.key
    return next((value for value, filters in rows if filters == {"program": key}), None)


def trend_rows(points: list[Fullness]) -> list[list[str]]:
    """The figures of the chart as rows of a table: day, held, capacity, rate."""
    return [[short_day(p.on), number(p.held), number(p.capacity), number(p.rate)] for p in points]


def drawn(points: list[Fullness]) -> Markup | None:
    """The rates as a line; None when there never was any capacity."""
    rows: list[charts.Row] = [
        {"day": _tick(point.on), "rate": point.rate, "what": _("入居率")} for point in points
    ]
    known = [point for point in points if point.rate is not None]
    if not known or not any(point.rate for point in known):
        return None
    svg = charts.lines(
        rows,
        "day",
        "rate",
        "what",
        title=_("入居率の動き"),
        description=_(
            "%(first)sの %(then)s%% から %(last)sの %(now)s%% へ。",
            first=_tick(known[0].on),
            then=number(known[0].rate),
            last=_tick(known[-1].on),
            now=number(known[-1].rate),
        ),
        locale=locale(),
        colors={str(_("入居率")): SEED},
        width=960,
        height=280,
    )
    return Markup(svg) if svg else None  # noqa: S704 -- formats.charts escapes what it draws


def _tick(day: date) -> str:
    month = Month.of(day)
    if locale() == "en":
        return f"{month.label('en')[:3]} {month.year}"
    return f"{month.year}/{month.month}"
