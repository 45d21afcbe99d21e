"""Intake: enquiries (問い合わせ・依頼) with their answers and routing rules, and surveys."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, Searched, word
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.programs.models import Program


class EnquiryKind(StrEnum):
    """A question to the office, or a request to somebody."""

    QUESTION = "question"
    REQUEST = "request"


class EnquiryState(StrEnum):
    """How far an enquiry came. An unverified one has not reached anybody yet."""

    UNVERIFIED = "unverified"
    RECEIVED = "received"
    ROUTED = "routed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Became(StrEnum):
    """What an enquiry or a survey's answer went on as."""

    ENCOUNTER = "encounter"
    NEED = "need"
    CASE = "case"


class GoesOn:
    """A row that can go on as an encounter, the draft of a need, or a case. For mixing in.

    The record is named by its public id, since cases belong to a higher room.
    """

    became: Mapped[Became | None] = mapped_column(word(Became))
    became_id: Mapped[str] = mapped_column(String(36), default="")


class Enquiry(Searched, GoesOn, Public, Base):
    """One enquiry or request: who asks, whom, about what, and how far it came.

    A request is addressed to an organization (a creator, a supporter) by way of one of its listings
    or by itself; to the owner of an anonymous listing it goes without his name being told. A
    visitor's reaches nobody before the address is proved by the link; `token_hash` is the link's.
    """

    __tablename__ = "enquiries"

    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[EnquiryKind] = mapped_column(word(EnquiryKind))
    state: Mapped[EnquiryState] = mapped_column(word(EnquiryState), index=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    organization_name: Mapped[str] = mapped_column(String(120), default="")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(40), default="", index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"), index=True)
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    desk: Mapped[str] = mapped_column(String(80), default="")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime | None] = mapped_column(index=True)
    due_on: Mapped[date | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str] = mapped_column(String(200), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program | None] = relationship()
    listing: Mapped[Listing | None] = relationship()
    organization: Mapped[Organization | None] = relationship(foreign_keys=[organization_id])
    addressee: Mapped[Organization | None] = relationship(foreign_keys=[addressee_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    handler: Mapped[User | None] = relationship(foreign_keys=[handler_id])
    answers: Mapped[list["EnquiryAnswer"]] = relationship(
        back_populates="enquiry", order_by="EnquiryAnswer.id", cascade="all, delete-orphan"
    )

    @property
    def reference(self) -> str:
        """The number that people say on the telephone: R-0012."""
        return f"R-{self.number:04d}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in (EnquiryState.RECEIVED, EnquiryState.ROUTED)

    def search_words(self) -> tuple[str, ...]:
        """Who asks, and about what."""
        return (self.reference if self.number else "", self.subject, self.text, self.name,
                self.organization_name, self.email)  # fmt: skip


class EnquiryAnswer(Public, Base):
    """An answer that went out by mail; of the office, of an operator, or of the addressee."""

    __tablename__ = "enquiry_answers"

    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiries.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_addressee: Mapped[bool] = mapped_column(default=False)

    enquiry: Mapped[Enquiry] = relationship(back_populates="answers")
    by: Mapped[User | None] = relationship()


class RoutingRule(Public, Base):
    """Who gets an enquiry: the first rule in order that fits. Empty conditions fit everything."""

    __tablename__ = "routing_rules"

    position: Mapped[int] = mapped_column(index=True)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[EnquiryKind | None] = mapped_column(word(EnquiryKind))
    desk: Mapped[str] = mapped_column(String(80), default="")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    days: Mapped[int] = mapped_column(default=5)
    is_active: Mapped[bool] = mapped_column(default=True)

    program: Mapped[Program | None] = relationship()
    handler: Mapped[User | None] = relationship()


class Survey(Public, Base):
    """A short survey of chosen organizations. `questions` are defined as those of a call."""

    __tablename__ = "surveys"

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text, default="")
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    closes_on: Mapped[date]
    illustrative: Mapped[bool] = mapped_column(default=False)

    copies: Mapped[list["SurveyCopy"]] = relationship(
        back_populates="survey", order_by="SurveyCopy.id", cascade="all, delete-orphan"
    )


class SurveyCopy(GoesOn, Public, Base):
    """One organization's copy of a survey: its link, and what it answered."""

    __tablename__ = "survey_copies"
    __table_args__ = (UniqueConstraint("survey_id", "organization_id"),)

    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    answered_at: Mapped[datetime | None] = mapped_column(index=True)

    survey: Mapped[Survey] = relationship(back_populates="copies")
    organization: Mapped[Organization] = relationship()
