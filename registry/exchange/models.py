"""Imports as the office remembers them, their files, and the mappings of its headers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, now, word


class ImportState(StrEnum):
    """Where an import stands. `checking` and `running` ones wait for the worker or are in its hands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


class ImportRun(Public, Base):
    """One import: who, when, which file, how its columns were read, and what became of its rows.

    `mapping` is position of a header → column code; `decisions` line → what was decided on a
    doubtful row. `verdicts` and `effects` are packed: what was told, and what undoing needs.
    """

    __tablename__ = "imports"

    kind: Mapped[str] = mapped_column(String(24), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    encoding: Mapped[str] = mapped_column(String(16), default="")
    sheet: Mapped[str] = mapped_column(String(64), default="")
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    decisions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[ImportState] = mapped_column(word(ImportState), index=True)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    verdicts: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    effects: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    imported_by: Mapped[User | None] = relationship()
    file: Mapped["ImportFile | None"] = relationship(
        back_populates="run", cascade="all, delete-orphan", uselist=False
    )

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it or will take it."""
        return self.state in (ImportState.CHECKING, ImportState.RUNNING)


class ImportFile(Base):
    """The bytes of a file until its import is done; then only its digest stays."""

    __tablename__ = "import_files"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)

    run: Mapped[ImportRun] = relationship(back_populates="file")


class HeaderMapping(Base):
    """How the office mapped a set of headers last: plain header → column code, "" = left out."""

    __tablename__ = "header_mappings"
    __table_args__ = (UniqueConstraint("kind", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    signature: Mapped[str] = mapped_column(String(40))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    used_at: Mapped[datetime] = mapped_column(default=now)
