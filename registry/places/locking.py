"""The lock under which a place's ledger is written, and the ledger as it stands under it.

PostgreSQL locks the place's row; on SQLite `transaction()` has the only writer's lock already. Who
comes second waits, reads what the first one wrote, and is refused where it no longer fits.
"""

from datetime import date, datetime

from sqlalchemy import select

from registry.db import db
from registry.places.ledger import Hold, of_days
from registry.places.models import Booking, BookingState, Occupancy, OccupancyState, Place, Waiting


def lock(place: Place) -> None:
    """Lock the place's row until the transaction ends, and read it anew; its facility's first, so
    that all lock in one order and the facility's vacancies are counted by one at a time."""
    if place.parent is not None:
        lock_row(place.parent)
    lock_row(place)


def lock_row(row: Place | Waiting) -> None:
    """Lock one row and read it anew, with all that was loaded beside it: an outer join itself
    cannot be locked."""
    table = type(row)
    db.session.execute(select(table.id).where(table.id == row.id).with_for_update())
    db.session.refresh(row)


def days_held(place: Place, except_for: Occupancy | None = None) -> list[Hold[date]]:
    """Who holds how many units of the place on which days, without cancelled ones."""
    rows = db.session.scalars(
        select(Occupancy).where(
            Occupancy.place_id == place.id, Occupancy.state != OccupancyState.CANCELLED
        )
    )
    return [
        of_days(row.units, row.starts_on, row.ends_on, row.organization_id)
        for row in rows
        if row is not except_for
    ]


def moments_held(
    place: Place, since: datetime, except_for: Booking | None = None
) -> list[Hold[datetime]]:
    """Who has booked how many units of the place, of bookings that end after a moment."""
    rows = db.session.scalars(
        select(Booking).where(
            Booking.place_id == place.id,
            Booking.state != BookingState.CANCELLED,
            Booking.ends_at > since,
        )
    )
    return [
        Hold(row.units, row.starts_at, row.ends_at, row.organization_id)
        for row in rows
        if row is not except_for
    ]
