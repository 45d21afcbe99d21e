"""What finding duplicates and merging keeps: keys, pairs, decisions, and what merges moved."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, Public, now, word
from registry.organizations.identity import Verdict
from registry.organizations.models import Organization

DERIVED = {"derived": True}
"""Marks a table that is made anew from the organizations: a merge drops its rows."""


class IdentityKey(Base):
    """A key under which an organization is sought (`identity.register.blocks_of`)."""

    __tablename__ = "identity_keys"
    __table_args__ = (
        Index("ix_identity_keys_block_organization_id", "block", "organization_id"),
        {"info": DERIVED},
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    block: Mapped[str] = mapped_column(String(300), primary_key=True)


class IdentityCheck(Base):
    """At which version an organization's keys and pairs were last made; without a row never."""

    __tablename__ = "identity_checks"
    __table_args__ = ({"info": DERIVED},)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    version: Mapped[int]


class PairState(StrEnum):
    """What the office has said about a pair."""

    OPEN = "open"
    LATER = "later"
    SETTLED = "settled"


class DuplicatePair(Base):
    """Two organizations that may be one. Made anew whenever one of them changes."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_duplicate_pairs_state_strength", "state", "strength"),
        {"info": DERIVED},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(word(Verdict), index=True)
    strength: Mapped[float] = mapped_column(Float)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    against: Mapped[list[str]] = mapped_column(JSON)
    # Digest of what both said: a decision holds as long as it stays the same.
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[PairState] = mapped_column(word(PairState), default=PairState.OPEN, index=True)

    first: Mapped[Organization] = relationship(foreign_keys=[first_id])
    second: Mapped[Organization] = relationship(foreign_keys=[second_id])


class DuplicateDecision(Public, Base):
    """The office's word on a pair: not the same, or later. It holds while the data stay."""

    __tablename__ = "duplicate_decisions"

    first_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    state: Mapped[PairState] = mapped_column(word(PairState))
    fingerprint: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Merge(Public, Base):
    """One record merged into another: what moved, in order, so that it can be undone exactly.

    Both are named by public id, since the merged one has no row any more.
    """

    __tablename__ = "merges"

    survivor_public_id: Mapped[str] = mapped_column(String(36), index=True)
    merged_public_id: Mapped[str] = mapped_column(String(36), index=True)
    merged_number: Mapped[int]
    merged_name: Mapped[str] = mapped_column(String(120))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    merged_by: Mapped[str] = mapped_column(String(64))
    merged_at: Mapped[datetime] = mapped_column(default=now)
    undone_by: Mapped[str] = mapped_column(String(64), default="")
    undone_at: Mapped[datetime | None]
