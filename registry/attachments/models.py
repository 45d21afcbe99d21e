"""Files as rows; their bytes lie in the data folder under the hash of what they hold."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, Public, word


class FileKind(StrEnum):
    """What a file is, by what it holds."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"
    TEXT = "text"


class Attachment(Public, Base):
    """One file of a record. `subject` names the record as the log does: "case:<public id>".

    A removed one stays for a while, so that it can be put back; then the worker purges it.
    """

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint("size > 0", name="holds_something"),)

    subject: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[FileKind] = mapped_column(word(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    # Whether those outside the office who may see the record's shared files see it.
    shared: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(index=True)
