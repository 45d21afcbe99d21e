"""Support programs and what organizations have in them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, BigInt, Public, word
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode


class Shape(StrEnum):
    """What happens in a program (architecture: the six shapes)."""

    CASE = "case"
    ENCOUNTER = "encounter"
    ENROLMENT = "enrolment"
    OCCUPANCY = "occupancy"
    EVENT = "event"
    READING = "reading"


class ProgramState(StrEnum):
    """Life of a program; one closed to new applications may still serve those inside."""

    ACTIVE = "active"
    CLOSED_TO_NEW = "closed_to_new"
    ENDED = "ended"


class EnrolmentResult(StrEnum):
    """What an organization has in a program."""

    AWARDED = "awarded"
    CERTIFIED = "certified"
    SELECTED = "selected"
    PRIZE = "prize"
    MEMBER = "member"
    JOINT_PROJECT = "joint_project"


class Program(Public, Base):
    """One support program of the plan (支援制度)."""

    __tablename__ = "programs"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    policy_code_id: Mapped[int | None] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    operator_organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    shape: Mapped[Shape] = mapped_column(word(Shape))
    state: Mapped[ProgramState] = mapped_column(word(ProgramState))
    started: Mapped[str] = mapped_column(String(40), default="")
    ended: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(200), default="")

    policy_code: Mapped[PolicyCode | None] = relationship()
    operator_organization: Mapped[Organization | None] = relationship()


class ProgramOperator(Base):
    """A user who runs a program."""

    __tablename__ = "program_operators"
    __table_args__ = (UniqueConstraint("program_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    program: Mapped[Program] = relationship()
    user: Mapped[User] = relationship()


class Enrolment(Public, Base):
    """An organization, or its part in a named project, in a program (申込・採択・認定).

    Members of one project stand in rows of their own with the same project name.
    """

    __tablename__ = "enrolments"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    fiscal_year: Mapped[int | None] = mapped_column(index=True)
    project: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(120), default="")
    result: Mapped[EnrolmentResult] = mapped_column(word(EnrolmentResult))
    amount_yen: Mapped[int | None] = mapped_column(BigInt)
    decided_on: Mapped[date | None]
    # What the source says besides: the kind of work supported, that no year is given.
    note: Mapped[str] = mapped_column(String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program] = relationship()
    organization: Mapped[Organization] = relationship()
    partners: Mapped[list[Organization]] = relationship(
        secondary="enrolment_partners", order_by=Organization.number
    )


class EnrolmentPartner(Base):
    """A partner organization of an enrolled project (a university in joint research)."""

    __tablename__ = "enrolment_partners"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True
    )
