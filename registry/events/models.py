"""Events (イベント): a series, its editions, who exhibits, who registers, whom they meet."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, Searched, word
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.programs.models import Program


class EventKind(StrEnum):
    """What people come for."""

    EXHIBITION = "exhibition"
    MEETING_DAY = "meeting_day"
    SEMINAR = "seminar"
    COURSE = "course"
    SALON = "salon"
    FORUM = "forum"
    COMPETITION = "competition"
    FESTIVAL = "festival"


class Event(Searched, Public, Base):
    """A series of editions under one name (川崎国際環境技術展); a single event has one edition."""

    __tablename__ = "events"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    organizer_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(word(EventKind), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    # Held by others; the office supports those who exhibit (海外展示会, ネプコンジャパン).
    is_external: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program | None] = relationship()
    organizer: Mapped[Organization | None] = relationship()

    def search_words(self) -> tuple[str, ...]:
        """Its titles and what it is about."""
        return (self.title, self.title_en, self.summary)


class EditionState(StrEnum):
    """Life of an edition."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    CANCELLED = "cancelled"


class Edition(Public, Base):
    """One time that an event is held (開催回): days, place, capacity, window for registering.

    When the source gives only a month or a year, `days_known` is false and `starts_on` is its first
    day: pages then print the month or year (`period`).
    """

    __tablename__ = "editions"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="days_in_order"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    days_known: Mapped[bool] = mapped_column(default=True)
    period: Mapped[str] = mapped_column(String(24), default="")
    venue: Mapped[str] = mapped_column(String(120), default="")
    is_online: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    state: Mapped[EditionState] = mapped_column(word(EditionState), index=True)
    state_reason: Mapped[str] = mapped_column(String(300), default="")
    # Once open, closed or held it was told to everybody; a cancelled one that was not stays inside.
    announced: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    event: Mapped[Event] = relationship()
    place: Mapped[Place | None] = relationship()


class FigureKind(StrEnum):
    """What was counted at an edition by others than the registry: gates, cameras, agencies."""

    VISITORS = "visitors"
    ATTENDEES = "attendees"
    EXHIBITORS = "exhibitors"
    BOOTHS = "booths"
    MEETINGS = "meetings"
    PARADERS = "paraders"
    TV = "tv"
    WEB = "web"
    PRESS = "press"
    ADVERTISING_YEN = "advertising_yen"
    SPEAKERS = "speakers"
    SESSIONS = "sessions"


class EditionFigure(Public, Base):
    """A figure of an edition: attendance, media, an estimate as of a day."""

    __tablename__ = "edition_figures"
    __table_args__ = (UniqueConstraint("edition_id", "kind"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    kind: Mapped[FigureKind] = mapped_column(word(FigureKind))
    value: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    approximate: Mapped[bool] = mapped_column(default=False)
    # The month in which it was estimated ("2016-12"), where the source tells one.
    as_of: Mapped[str] = mapped_column(String(7), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(200), default="")

    edition: Mapped[Edition] = relationship()


class JointBooth(Public, Base):
    """A booth that several exhibitors share (共同出展), led by one of them or by the office."""

    __tablename__ = "joint_booths"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    booths: Mapped[int] = mapped_column(default=1)

    edition: Mapped[Edition] = relationship()
    leader: Mapped[Organization | None] = relationship()


class Exhibit(Public, Base):
    """An organization exhibits at an edition (出展) with so many booths: exhibitors are not booths
    (trap T10). In a joint booth its own `booths` is 0."""

    __tablename__ = "exhibits"
    __table_args__ = (
        UniqueConstraint("edition_id", "organization_id"),
        CheckConstraint("booths >= 0", name="booths_not_negative"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    joint_booth_id: Mapped[int | None] = mapped_column(ForeignKey("joint_booths.id"), index=True)
    booths: Mapped[int] = mapped_column(default=1)
    label: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(200), default="")
    # The office helped it to exhibit (出展支援).
    supported: Mapped[bool] = mapped_column(default=False)
    # Asked for by a member and not answered yet: no exhibitor so far.
    requested: Mapped[bool] = mapped_column(default=False)
    cancelled: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    edition: Mapped[Edition] = relationship()
    organization: Mapped[Organization] = relationship()
    joint_booth: Mapped[JointBooth | None] = relationship()


class RegistrationState(StrEnum):
    """What became of a registration."""

    REGISTERED = "registered"
    WAITING = "waiting"
    ATTENDED = "attended"
    ABSENT = "absent"
    CANCELLED = "cancelled"


class Registration(Public, Base):
    """So many people of an organization come to an edition (参加申込). No names: whom to write to is
    the organization's contact."""

    __tablename__ = "registrations"
    __table_args__ = (CheckConstraint("people >= 1", name="people_positive"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    people: Mapped[int] = mapped_column(default=1)
    state: Mapped[RegistrationState] = mapped_column(word(RegistrationState), index=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    edition: Mapped[Edition] = relationship()
    organization: Mapped[Organization] = relationship()
    registered_by: Mapped[User | None] = relationship()


class MeetingResult(StrEnum):
    """What came of a meeting at a fair (成果のフォローアップ)."""

    OPEN = "open"
    TALKS = "talks"
    QUOTE = "quote"
    DEAL = "deal"
    NONE = "none"


class Meeting(Public, Base):
    """Two organizations met at an edition (商談・面談); the generated timetable will fill `at`."""

    __tablename__ = "meetings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"), index=True)
    on: Mapped[date] = mapped_column("held_on", index=True)
    at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[MeetingResult] = mapped_column(word(MeetingResult), index=True)
    follow_up: Mapped[str] = mapped_column(Text, default="")
    follow_up_due: Mapped[date | None] = mapped_column(index=True)
    followed_up_at: Mapped[datetime | None]
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    edition: Mapped[Edition] = relationship()
    host: Mapped[Organization] = relationship(foreign_keys=[host_id])
    guest: Mapped[Organization] = relationship(foreign_keys=[guest_id])
    listing: Mapped[Listing | None] = relationship()
    coordinator: Mapped[User | None] = relationship()
