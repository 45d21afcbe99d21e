"""Places (施設) and their ledger: occupancy (入居), bookings (利用), and those who wait."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, BigInt, Public, Searched, word
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.programs.models import Enrolment, Program


class PlaceKind(StrEnum):
    """What a place is."""

    FACILITY = "facility"
    ROOM = "room"
    DESK = "desk"
    LAB = "lab"
    BOOTH = "booth"
    MACHINE = "machine"
    HALL = "hall"
    LAND = "land"


class PlaceUse(StrEnum):
    """How a place is used: by a tenant for months, by the hour, or not by itself (a building)."""

    TENANCY = "tenancy"
    BOOKING = "booking"
    NONE = "none"


class PlaceState(StrEnum):
    """Life of a place."""

    OPEN = "open"
    CLOSED_TO_NEW = "closed_to_new"
    CLOSED = "closed"


class Place(Searched, Public, Base):
    """A facility, or something in it that an organization may hold.

    `capacity` says how many may hold it at once (a room 1, a shared office its desks); occupancy of
    a facility is counted over the places in it, by units of capacity. Land outside the city's own
    has an owner among the organizations.
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("capacity >= 1", name="capacity_positive"),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        CheckConstraint("open_from >= 0 AND open_from < open_until", name="hours_in_order"),
        CheckConstraint("open_until <= 24", name="hours_of_a_day"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(word(PlaceKind), index=True)
    use: Mapped[PlaceUse] = mapped_column(word(PlaceUse))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    municipality: Mapped[str] = mapped_column(String(5), default="")
    country: Mapped[str] = mapped_column(String(2), default="JP")
    address: Mapped[str] = mapped_column(String(200), default="")
    floor: Mapped[str] = mapped_column(String(20), default="")
    area_m2: Mapped[float | None] = mapped_column(Numeric(12, 2, asdecimal=False))
    capacity: Mapped[int] = mapped_column(default=1)
    fee: Mapped[str] = mapped_column(String(200), default="")
    monthly_yen: Mapped[int | None] = mapped_column(BigInt)
    # Hours in Tokyo between which it is booked, and whether on Saturdays and Sundays too.
    open_from: Mapped[int] = mapped_column(default=9)
    open_until: Mapped[int] = mapped_column(default=17)
    open_weekends: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PlaceState] = mapped_column(word(PlaceState), default=PlaceState.OPEN)
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    # The listing that tells of its vacancy, made and closed with it.
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"), index=True)
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    parent: Mapped["Place | None"] = relationship(remote_side="Place.id")
    program: Mapped[Program | None] = relationship()
    organization: Mapped[Organization | None] = relationship()
    listing: Mapped[Listing | None] = relationship()

    def search_words(self) -> tuple[str, ...]:
        """Its names, where it is, what it is for."""
        return (self.name, self.name_en, self.address, self.description)


class OccupancyState(StrEnum):
    """Life of an occupancy; a cancelled one never counted."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Occupancy(Public, Base):
    """An organization holds `units` of a place from a day to a day, both included (入居).

    Without an end it goes on. Never more units than the place's capacity on any day: kept under a
    lock on the place's row (places.ledger).
    """

    __tablename__ = "occupancies"
    __table_args__ = (
        CheckConstraint("units >= 1", name="units_positive"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    units: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[OccupancyState] = mapped_column(word(OccupancyState))
    note: Mapped[str] = mapped_column(String(300), default="")
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    place: Mapped[Place] = relationship()
    organization: Mapped[Organization] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()


class BookingState(StrEnum):
    """Life of a booking."""

    BOOKED = "booked"
    USED = "used"
    CANCELLED = "cancelled"


class Booking(Public, Base):
    """An organization uses a machine, a hall or a desk from a moment to a moment (利用)."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("units >= 1", name="units_positive"),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
    )

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    units: Mapped[int] = mapped_column(default=1)
    # The day in Tokyo on which it begins; the moments are in UTC.
    on: Mapped[date] = mapped_column("held_on", index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[BookingState] = mapped_column(word(BookingState))
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    place: Mapped[Place] = relationship()
    organization: Mapped[Organization] = relationship()
    booked_by: Mapped[User | None] = relationship()


class WaitingState(StrEnum):
    """What became of somebody who waits."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


class Waiting(Public, Base):
    """An organization waits for a place, or for any in a facility (待機)."""

    __tablename__ = "waitings"

    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    since: Mapped[date] = mapped_column(index=True)
    wish: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[WaitingState] = mapped_column(word(WaitingState), index=True)
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    place: Mapped[Place] = relationship()
    organization: Mapped[Organization] = relationship()
