"""Cases (マッチング案件): parties, stages, notes, outcomes."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.cases.outcome_models import Outcome as Outcome
from registry.cases.outcome_models import Rung as Rung
from registry.db import Base, Public, Searched, now, word
from registry.encounters.models import Encounter
from registry.listings.models import Listing
from registry.organizations.models import ConsentWay, Organization
from registry.policy.models import CrossTag, PolicyCode
from registry.programs.models import Program

if TYPE_CHECKING:
    from registry.cases.listing_models import CaseListing


class Stage(StrEnum):
    """Where a case stands; allowed changes are in `cases.stages`."""

    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    TALKING = "talking"
    AGREED = "agreed"
    PROTOTYPE = "prototype"
    MARKET = "market"


class CloseReason(StrEnum):
    """Why a case ended without going further, or was completed."""

    COMPLETED = "completed"
    NO_FIT = "no_fit"
    TIMING = "timing"
    COST = "cost"
    CAPACITY = "capacity"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    OTHER = "other"


class Side(StrEnum):
    """On which side of the match a party stands."""

    NEED = "need"
    SEED = "seed"
    OTHER = "other"


class Answer(StrEnum):
    """A party's answer to the introduction."""

    PENDING = "pending"
    YES = "yes"
    NO = "no"


class Case(Searched, Public, Base):
    """Two or more parties brought together around a need and a seed.

    For one pair there is at most one open case; the database keeps that.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_open_pair",
            "need_id",
            "seed_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        CheckConstraint("closed_on >= opened_on", name="closes_after_opening"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(120))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"), index=True)
    seed_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    policy_code_id: Mapped[int | None] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    score: Mapped[float | None] = mapped_column(Float)
    stage: Mapped[Stage] = mapped_column(word(Stage), index=True)
    opened_on: Mapped[date] = mapped_column(index=True)
    moved_on: Mapped[date] = mapped_column(index=True)
    closed_on: Mapped[date | None] = mapped_column(index=True)
    close_reason: Mapped[CloseReason | None] = mapped_column(word(CloseReason))
    close_note: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_due: Mapped[date | None] = mapped_column(index=True)
    # What the other side reads before both agreed; staff keep every identifying word out of it.
    blind_summary_need: Mapped[str] = mapped_column(Text, default="")
    blind_summary_seed: Mapped[str] = mapped_column(Text, default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    need: Mapped[Listing | None] = relationship(foreign_keys=[need_id])
    seed: Mapped[Listing | None] = relationship(foreign_keys=[seed_id])
    program: Mapped[Program | None] = relationship()
    policy_code: Mapped[PolicyCode | None] = relationship()
    tags: Mapped[list[CrossTag]] = relationship(secondary="case_tags", order_by=CrossTag.id)
    coordinator: Mapped[User | None] = relationship()
    parties: Mapped[list["Party"]] = relationship(
        back_populates="case", order_by="Party.id", cascade="all, delete-orphan"
    )
    further: Mapped[list["CaseListing"]] = relationship(
        back_populates="case", order_by="CaseListing.id"
    )
    changes: Mapped[list["StageChange"]] = relationship(
        back_populates="case", order_by="StageChange.on, StageChange.id"
    )
    encounters: Mapped[list[Encounter]] = relationship(
        secondary="case_encounters",
        order_by="Encounter.held_on.desc(), Encounter.id.desc()",
        backref="cases",
    )
    notes: Mapped[list["Note"]] = relationship(
        back_populates="case", order_by="Note.created_at.desc(), Note.id.desc()"
    )
    outcomes: Mapped[list[Outcome]] = relationship(
        back_populates="case", order_by="Outcome.on, Outcome.id"
    )
    closures: Mapped[list["Closure"]] = relationship(
        back_populates="case", order_by="Closure.closed_on, Closure.id"
    )

    def search_words(self) -> tuple[str, ...]:
        """Its title and the number that people say."""
        return (self.title, self.reference)

    @property
    def reference(self) -> str:
        """The number people say: M-0087."""
        return f"M-{self.number:04d}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class CaseTag(Base):
    """A cross-cutting viewpoint or priority that a match serves, beside its one home code."""

    __tablename__ = "case_tags"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("cross_tags.id"), primary_key=True, index=True)


class Party(Public, Base):
    """One organization in a case, and its own answer to the introduction.

    Only a hash of its link is kept. `way` tells how the answer came; when staff recorded it,
    `evidence` and `recorded_by_id` say on what.
    """

    __tablename__ = "parties"
    __table_args__ = (UniqueConstraint("case_id", "organization_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    side: Mapped[Side] = mapped_column(word(Side))
    role: Mapped[str] = mapped_column(String(80), default="")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime | None]
    answer_until: Mapped[date | None]
    answer: Mapped[Answer] = mapped_column(word(Answer), default=Answer.PENDING)
    answered_on: Mapped[date | None] = mapped_column(index=True)
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    way: Mapped[ConsentWay | None] = mapped_column(word(ConsentWay))
    reason: Mapped[str] = mapped_column(String(500), default="")
    evidence: Mapped[str] = mapped_column(String(500), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The answer was seen by the coordinator.
    seen_at: Mapped[datetime | None]
    # What the worker did while the answer was missing.
    reminded_on: Mapped[date | None]
    warned_on: Mapped[date | None]
    expired_on: Mapped[date | None]
    # The office's words to this party about the other side's no, and when they were told.
    words: Mapped[str] = mapped_column(Text, default="")
    words_on: Mapped[date | None]

    case: Mapped[Case] = relationship(back_populates="parties")
    organization: Mapped[Organization] = relationship()
    recorded_by: Mapped[User | None] = relationship()

    @property
    def is_asked(self) -> bool:
        """Whether the party was asked, or answered without being asked by mail."""
        return self.asked_at is not None or self.answer is not Answer.PENDING


class StageChange(Base):
    """A case moved to a stage, on a day, with what shows it."""

    __tablename__ = "stage_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word(Stage), index=True)
    on: Mapped[date] = mapped_column("changed_on", index=True)
    evidence: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="changes")
    by: Mapped[User | None] = relationship()


class CaseEncounter(Base):
    """An encounter that belongs to a case."""

    __tablename__ = "case_encounters"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    encounter_id: Mapped[int] = mapped_column(
        ForeignKey("encounters.id"), primary_key=True, index=True
    )


class Note(Public, Base):
    """A private note of the office in a case (庁内だけ)."""

    __tablename__ = "case_notes"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)

    case: Mapped[Case] = relationship(back_populates="notes")
    author: Mapped[User | None] = relationship()


class Closure(Base):
    """A case was closed; a reopened one keeps the day and the reason of both."""

    __tablename__ = "case_closures"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    closed_on: Mapped[date]
    reason: Mapped[CloseReason] = mapped_column(word(CloseReason))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reopened_on: Mapped[date | None]
    reopen_reason: Mapped[str] = mapped_column(String(500), default="")
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    case: Mapped[Case] = relationship(back_populates="closures")
