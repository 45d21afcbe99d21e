"""Encounters: consultations, visits, calls, meetings, dispatches."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, Searched, word
from registry.organizations.models import Organization
from registry.programs.models import Program


class EncounterKind(StrEnum):
    """How people met."""

    CONSULTATION = "consultation"
    VISIT = "visit"
    CALL = "call"
    MEETING = "meeting"
    DISPATCH = "dispatch"
    ONLINE = "online"
    MAIL = "mail"


class Channel(StrEnum):
    """How the contact came about (経路); many firms are reached only through chamber and banks."""

    WALK_IN = "walk_in"
    PHONE = "phone"
    WEB = "web"
    MAIL = "mail"
    OFFICE = "office"
    EVENT = "event"
    CHAMBER = "chamber"
    BANK = "bank"
    OTHER_SUPPORTER = "other_supporter"


class Encounter(Searched, Public, Base):
    """One consultation, visit, call, meeting or dispatch: when, with whom, about what, what next.

    A dispatch (派遣) is a coordinator or expert sent to the parties of a match. `topics` are words of
    the office's own list; `step` is where a firm stands in a program's own stages (overseas
    expansion); `supporters` came along (county, foundation and bank together).
    """

    __tablename__ = "encounters"
    __table_args__ = (CheckConstraint("hours >= 0", name="hours_not_negative"),)

    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[EncounterKind] = mapped_column(word(EncounterKind), index=True)
    held_on: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[time | None]
    hours: Mapped[float | None] = mapped_column(Numeric(5, 2, asdecimal=False))
    desk: Mapped[str] = mapped_column(String(80), default="")
    subject: Mapped[str] = mapped_column(String(200))
    result: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_due: Mapped[date | None] = mapped_column(index=True)
    next_done_at: Mapped[datetime | None]
    channel: Mapped[Channel | None] = mapped_column(word(Channel), index=True)
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    expert: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    step: Mapped[str] = mapped_column(String(40), default="")
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program | None] = relationship()
    coordinator: Mapped[User | None] = relationship()
    organizations: Mapped[list[Organization]] = relationship(
        secondary="encounter_parties", order_by=Organization.number
    )
    supporters: Mapped[list[Organization]] = relationship(
        secondary="encounter_supporters", order_by=Organization.number
    )
    referred_by: Mapped[Organization | None] = relationship(foreign_keys=[referred_by_id])

    def search_words(self) -> tuple[str, ...]:
        """What it was about, what came out, and what comes next."""
        return (self.subject, self.result, self.next_step)


class EncounterParty(Base):
    """An organization that took part."""

    __tablename__ = "encounter_parties"

    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounters.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True
    )


class EncounterSupporter(Base):
    """A supporter that came along or sent the firm's adviser: not counted among the firms."""

    __tablename__ = "encounter_supporters"

    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounters.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True
    )
