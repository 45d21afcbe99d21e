"""Loading who is in the places today by name, who booked and who waits, and the vacancies shown."""

from datetime import datetime, timedelta

from registry.common.calendar import TOKYO, add_business_days, next_business_day
from registry.common.viewer import SYSTEM
from registry.db import db
from registry.demo.files import rows
from registry.demo.world import World, moment
from registry.listings.models import Listing
from registry.places import vacancies
from registry.places.labels import state_on
from registry.places.models import (
    Booking,
    BookingState,
    Occupancy,
    OccupancyState,
    Place,
    Waiting,
    WaitingState,
)

ANNOUNCED_BEFORE = timedelta(days=20)


def load_lets(known: dict[str, list[Place]], world: World) -> None:
    """Tenants by name, bookings of the weeks around today, and the waiting lists."""
    _load_tenants(known, world)
    _load_bookings(known, world)
    _load_waitings(known, world)
    db.session.flush()


def _load_tenants(known: dict[str, list[Place]], world: World) -> None:
    for row in rows("tenants"):
        found = Occupancy(
            public_id=world.ids.of(f"tenant:{row['key']}"),
            place=known[row["place"]][int(row["number"]) - 1],
            organization=world.organizations[row["organization"]],
            units=int(row["units"]),
            starts_on=world.need_day(row["starts"]),
            ends_on=world.day(row["ends"]),
            note=row["note"],
            end_reason=row["end_reason"],
            state=OccupancyState.PLANNED,
            illustrative=True,
        )
        found.state = state_on(found, world.today)
        db.session.add(found)
        world.log("occupancy.started", f"occupancy:{found.public_id}", starts_on=found.starts_on)


def _load_bookings(known: dict[str, list[Place]], world: World) -> None:
    first = next_business_day(world.today)
    for row in rows("bookings"):
        day = add_business_days(first, int(row["business_day"]))
        starts, ends = (
            datetime.combine(day, datetime.strptime(row[name], "%H:%M").time(), TOKYO)
            for name in ("starts", "ends")
        )
        state = BookingState(row["state"])
        if state is BookingState.BOOKED and day < world.today:
            state = BookingState.USED
        found = Booking(
            public_id=world.ids.of(f"booking:{row['key']}"),
            place=known[row["place"]][0],
            organization=world.organizations[row["organization"]],
            units=int(row["units"]),
            on=day,
            starts_at=starts,
            ends_at=ends,
            purpose=row["purpose"],
            state=state,
            state_reason=row["reason"],
            illustrative=True,
        )
        db.session.add(found)
        world.log("booking.made", f"booking:{found.public_id}", on=day)


def _load_waitings(known: dict[str, list[Place]], world: World) -> None:
    for row in rows("waitings"):
        found = Waiting(
            public_id=world.ids.of(f"waiting:{row['key']}"),
            place=known[row["place"]][0],
            organization=world.organizations[row["organization"]],
            since=world.need_day(row["since"]),
            wish=row["wish"],
            state=WaitingState(row["state"]),
            state_reason=row["reason"],
            illustrative=True,
        )
        db.session.add(found)
        world.log("waiting.joined", f"waiting:{found.public_id}", since=found.since)


def load_vacancies(world: World) -> None:
    """The vacancies that are shown among the listings, announced some weeks ago. After the
    candidates: the worker finds what they fit."""
    for row in rows("place_details"):
        if row["announced"] != "yes":
            continue
        public_id = world.ids.of(f"place:{row['place']}:1")
        place = db.session.query(Place).filter_by(public_id=public_id).one()
        vacancies.announce(place, viewer=SYSTEM, today=world.today)
        listing = db.session.get_one(Listing, place.listing_id)
        listing.submitted_at = listing.published_at = moment(world.today - ANNOUNCED_BEFORE)
    db.session.flush()
