"""What indicators count of places: tenants, occupancy on a day, bookings, sites."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from registry.db import db
from registry.places.models import (
    Booking,
    BookingState,
    Occupancy,
    OccupancyState,
    Place,
    PlaceKind,
    PlaceUse,
)
from registry.policy.counting import Count, CountedRow, Filters, fact, fiscal_year_of, month_period
from registry.programs.counts import of_program

TENTH = Decimal("0.1")


def _wanted(filters: Filters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [of_program(Place.program_id, filters)]
    if kinds := filters.get("kinds"):
        conditions.append(Place.kind.in_([PlaceKind(kind) for kind in kinds]))
    return and_(true(), *conditions)


def _entries(filters: Filters) -> Select[Any]:
    return (
        select(
            *fact(
                fiscal_year_of(Occupancy.starts_on),
                Occupancy.id,
                period=month_period(Occupancy.starts_on),
                party=Occupancy.organization_id,
            )
        )
        .join(Place, Occupancy.place_id == Place.id)
        .where(_wanted(filters), Occupancy.state != OccupancyState.CANCELLED)
    )


def _held(day: date) -> ColumnElement[bool]:
    return and_(
        Occupancy.state != OccupancyState.CANCELLED,
        Occupancy.starts_on <= day,
        or_(Occupancy.ends_on.is_(None), Occupancy.ends_on >= day),
    )


def _standing(day: date) -> ColumnElement[bool]:
    return and_(
        or_(Place.opened_on.is_(None), Place.opened_on <= day),
        or_(Place.closed_on.is_(None), Place.closed_on > day),
    )


def _rate(filters: Filters, day: date) -> Decimal | None:
    """Percent of the capacity that tenants hold on a day, to a tenth; None without any capacity."""
    tenancy = and_(_wanted(filters), Place.use == PlaceUse.TENANCY, _standing(day))
    capacity = db.session.scalar(select(func.sum(Place.capacity)).where(tenancy)) or 0
    held = db.session.scalar(
        select(func.sum(Occupancy.units))
        .join(Place, Occupancy.place_id == Place.id)
        .where(tenancy, _held(day))
    )
    if not capacity:
        return None
    return (Decimal(held or 0) * 100 / Decimal(capacity)).quantize(TENTH)


def _holders(filters: Filters, day: date) -> list[int]:
    return list(
        db.session.scalars(
            select(Occupancy.id)
            .join(Place, Occupancy.place_id == Place.id)
            .where(_wanted(filters), _held(day))
        )
    )


def _sites(filters: Filters, day: date) -> Decimal:
    found = select(func.count(Place.id)).where(_wanted(filters), _standing(day))
    return Decimal(db.session.scalar(found) or 0)


def _bookings(filters: Filters) -> Select[Any]:
    return (
        select(
            *fact(
                fiscal_year_of(Booking.on),
                Booking.id,
                period=month_period(Booking.on),
                party=Booking.organization_id,
            )
        )
        .join(Place, Booking.place_id == Place.id)
        .where(_wanted(filters), Booking.state != BookingState.CANCELLED)
    )


def _occupancy_rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.scalars(
        select(Occupancy)
        .where(Occupancy.id.in_(numbers))
        .options(joinedload(Occupancy.place), joinedload(Occupancy.organization))
        .order_by(Occupancy.starts_on, Occupancy.id)
    )
    return [
        CountedRow(
            on=occupancy.starts_on.isoformat(),
            title=occupancy.place.name,
            parties=(occupancy.organization.name,),
            endpoint="places.show",
            public_id=occupancy.place.public_id,
            weight=Decimal(occupancy.units),
            illustrative=occupancy.illustrative,
            source=occupancy.source,
        )
        for occupancy in found
    ]


def _booking_rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.scalars(
        select(Booking)
        .where(Booking.id.in_(numbers))
        .options(joinedload(Booking.place), joinedload(Booking.organization))
        .order_by(Booking.starts_at, Booking.id)
    )
    return [
        CountedRow(
            on=booking.on.isoformat(),
            title=booking.place.name,
            parties=(booking.organization.name,),
            endpoint="places.show",
            public_id=booking.place.public_id,
            illustrative=booking.illustrative,
            source=booking.source,
        )
        for booking in found
    ]


KEYS = frozenset({"program", "kinds"})
COUNTS = (
    Count(
        name="occupancies.entries",
        label=_l("新しい入居"),
        keys=KEYS,
        facts=_entries,
        party_facts=_entries,
        rows=_occupancy_rows,
        model=Occupancy,
    ),
    Count(
        name="occupancies.rate",
        label=_l("入居率（%）"),
        keys=KEYS,
        at=_rate,
        subjects_at=_holders,
        rows=_occupancy_rows,
        model=Occupancy,
    ),
    Count(name="places.sites", label=_l("施設の数"), keys=KEYS, at=_sites),
    Count(
        name="bookings.rows",
        label=_l("施設・機器の利用"),
        keys=KEYS,
        facts=_bookings,
        party_facts=_bookings,
        rows=_booking_rows,
        model=Booking,
    ),
)
