"""What the engine found, what the office decided, and the office's glossary."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, now, word
from registry.listings.models import Listing


class DecisionKind(StrEnum):
    """What a coordinator decided about a suggestion: 採用・保留・見送り."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DISMISSED = "dismissed"


class DismissReason(StrEnum):
    """Why a suggestion was dismissed."""

    KNOWN = "known"
    UNFIT_USE = "unfit_use"
    PRECISION = "precision"
    QUANTITY = "quantity"
    TIMING = "timing"
    COST = "cost"
    DISTANCE = "distance"
    RIVAL = "rival"
    CAPACITY = "capacity"
    OUTDATED = "outdated"
    OTHER = "other"


class ListingTerms(Base):
    """A listing as the engine reads it: its terms and its passages' vectors.

    `listing_version` is the version they were made from, `matched_version` the one for which the
    listing's candidates were last sought, `recipe` the engine that did both; `stored_at` tells other
    processes that it is new.
    """

    __tablename__ = "listing_terms"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    terms: Mapped[str] = mapped_column(Text)
    vectors: Mapped[bytes | None] = mapped_column(LargeBinary)
    listing_version: Mapped[int]
    matched_version: Mapped[int] = mapped_column(default=0)
    recipe: Mapped[str] = mapped_column(String(80), default="")
    stored_at: Mapped[datetime] = mapped_column(default=now, index=True)

    listing: Mapped[Listing] = relationship()


class Candidate(Base):
    """A pair that the engine suggested: first and last seen, best score, rank for the need."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("need_id", "seed_id"),
        CheckConstraint("need_id <> seed_id", name="two_listings"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    seed_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    score: Mapped[float] = mapped_column(Float, index=True)
    rank: Mapped[int]
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    first_seen_at: Mapped[datetime] = mapped_column(default=now, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    # Number of the learned weights that ranked it; 0 = the recipe.
    weights: Mapped[int] = mapped_column(default=0)
    # False once a newer run no longer suggests the pair.
    current: Mapped[bool] = mapped_column(default=True, index=True)

    need: Mapped[Listing] = relationship(foreign_keys=[need_id])
    seed: Mapped[Listing] = relationship(foreign_keys=[seed_id])


class Decision(Public, Base):
    """A coordinator's decision about a pair; the newest counts, undoing deletes it."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("need_id", "seed_id"),
        Index("ix_decisions_kind_decided_at", "kind", "decided_at"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    seed_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(word(DecisionKind))
    reason: Mapped[DismissReason | None] = mapped_column(word(DismissReason))
    # Words to the owner of the seed, and when they were told; empty = nothing is said.
    words: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime | None]
    until: Mapped[date | None]
    score: Mapped[float | None] = mapped_column(Float)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(default=now)

    need: Mapped[Listing] = relationship(foreign_keys=[need_id])
    seed: Mapped[Listing] = relationship(foreign_keys=[seed_id])


class LearnedWeights(Public, Base):
    """One version of weights learned from decisions; at most one is in force, else the recipe.

    `content` are the weights, `figures` the ranks of decided pairs before and after, `examples`
    open pairs whose rank it would move. Trained by nobody = by the worker.
    """

    __tablename__ = "learned_weights"
    __table_args__ = (
        Index(
            "uq_learned_weights_in_force",
            "in_force",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )

    number: Mapped[int] = mapped_column(unique=True)
    trained_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    trained_at: Mapped[datetime] = mapped_column(default=now)
    # The moment up to which decisions were learned from.
    learned_until: Mapped[datetime]
    accepted: Mapped[int]
    dismissed: Mapped[int]
    silent: Mapped[int]
    comparisons: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    examples: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    in_force: Mapped[bool] = mapped_column(default=False)
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    # Why it was taken out of force.
    end_reason: Mapped[str] = mapped_column(String(500), default="")

    trained_by: Mapped[User | None] = relationship(foreign_keys=[trained_by_id])
    used_by: Mapped[User | None] = relationship(foreign_keys=[used_by_id])


class GlossaryEntry(Public, Base):
    """One entry of the office's glossary: phrases that mean the same here."""

    __tablename__ = "glossary_entries"

    japanese: Mapped[str] = mapped_column(String(80), unique=True)
    english: Mapped[str] = mapped_column(String(120), default="")
    synonyms: Mapped[list[str]] = mapped_column(JSON, default=list)
