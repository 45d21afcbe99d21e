"""Closed months (締め): the files and figures that stand for them ever after, and restatements."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public


class ClosedMonth(Public, Base):
    """A month whose report is final (締めた月). `figures` are the rows of its CSV as they stood,
    each [section, group, measure, value]; `facts` is what they were counted from, each [measure,
    day, public id of the record, then its program, policy code, industry, ward and coordinator]:
    codes and no names, so that a later difference is found down to the record."""

    __tablename__ = "closed_months"

    month: Mapped[str] = mapped_column(String(7), unique=True)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    figures: Mapped[list[list[Any]]] = mapped_column(JSON)
    facts: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)

    closed_by: Mapped[User | None] = relationship()
    files: Mapped[list["ReportFile"]] = relationship(
        back_populates="closed", cascade="all, delete-orphan"
    )


class ReportFile(Base):
    """One file of a closed month, served byte for byte: for readers inside or outside the office,
    in a language. `page` is the piece of HTML that stands in the screen's frame."""

    __tablename__ = "report_files"
    __table_args__ = (UniqueConstraint("closed_id", "form", "lang", "inside"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    closed_id: Mapped[int] = mapped_column(ForeignKey("closed_months.id"), index=True)
    form: Mapped[str] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(5))
    inside: Mapped[bool]
    sha256: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    closed: Mapped[ClosedMonth] = relationship(back_populates="files")


class Restatement(Public, Base):
    """Why a figure of a closed month would be another today (訂正): the closed one stays.

    `closed` is what the month was closed with, `value` what the records gave when the reason was
    written; None where there is no such figure.
    """

    __tablename__ = "restatements"

    month: Mapped[str] = mapped_column(String(7), index=True)
    section: Mapped[str] = mapped_column(String(40))
    group: Mapped[str] = mapped_column("group_code", String(64), default="")
    measure: Mapped[str] = mapped_column(String(40))
    closed: Mapped[float | None]
    value: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(500))
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    stated_by: Mapped[User | None] = relationship()
