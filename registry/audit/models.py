"""Rows of the audit log.

The chain hashes salted digests of the values; the values themselves stand in a side table, from
which personal ones can be erased without breaking the chain.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, BigInt

ERASED = "audit.erased"
"""The action of the entry that tells of an erasing."""


class AuditHead(Base):
    """The end of the chain: one row, locked by every writer, so that entries have one order."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInt)
    hash: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """One change: who, when, what, on which record. `position` is the one change sequence."""

    __tablename__ = "audit_entries"

    position: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    digests: Mapped[dict[str, str]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    values: Mapped[list["AuditValue"]] = relationship(
        order_by="AuditValue.field", back_populates="entry"
    )


class AuditValue(Base):
    """What a field was and became. May be erased (both texts empty, `erased` set)."""

    __tablename__ = "audit_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInt, ForeignKey("audit_entries.position"), index=True)
    field: Mapped[str] = mapped_column(String(64))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    erased: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[AuditEntry] = relationship(back_populates="values")
