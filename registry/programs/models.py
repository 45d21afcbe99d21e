"""Support programs (支援制度), their calls, and what organizations have in them."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, BigInt, Public, word
from registry.organizations.models import Organization
from registry.policy.models import CrossTag, Indicator, PolicyCode
from registry.programs.kinds import (
    CallState,
    ChangeKind,
    ConditionKind,
    EnrolmentResult,
    EnrolmentState,
    MemberClass,
    ProgramState,
    Shape,
)

__all__ = [
    "Call",
    "CallState",
    "ChangeKind",
    "Condition",
    "ConditionKind",
    "Enrolment",
    "EnrolmentPartner",
    "EnrolmentResult",
    "EnrolmentState",
    "EnrolmentStep",
    "MemberClass",
    "Program",
    "ProgramIndicator",
    "ProgramOperator",
    "ProgramState",
    "ProgramTag",
    "Shape",
]


class Program(Public, Base):
    """One support program of the plan, with the fields of GIF DS-451-4 (行政サービス・制度).

    `shape` is the one that it mainly has, `further_shapes` the others; `stage_names` holds its own
    words for the steps of an enrolment. JSON lists keep codes of registry/data.
    """

    __tablename__ = "programs"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    policy_code_id: Mapped[int | None] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    subtitle: Mapped[str] = mapped_column(String(80), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(Text, default="")
    content_en: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    change_kind: Mapped[ChangeKind | None] = mapped_column(word(ChangeKind))
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    operator_organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organizations.id"), index=True
    )
    contact: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    benefit_max_yen: Mapped[int | None] = mapped_column(BigInt)
    rate_max_percent: Mapped[float | None] = mapped_column(Numeric(5, 1, asdecimal=False))
    loan_max_yen: Mapped[int | None] = mapped_column(BigInt)
    interest_max_percent: Mapped[float | None] = mapped_column(Numeric(5, 2, asdecimal=False))
    repayment: Mapped[str] = mapped_column(String(120), default="")
    costs: Mapped[str] = mapped_column(Text, default="")
    has_budget_limit: Mapped[bool | None]
    how_to_apply: Mapped[str] = mapped_column(Text, default="")
    season: Mapped[str] = mapped_column(String(120), default="")
    documents: Mapped[str] = mapped_column(Text, default="")
    is_online: Mapped[bool | None]
    website: Mapped[str] = mapped_column(String(200), default="")
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    industries: Mapped[list[str]] = mapped_column(JSON, default=list)
    stages: Mapped[list[str]] = mapped_column(JSON, default=list)
    troubles: Mapped[list[str]] = mapped_column(JSON, default=list)
    service_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    shape: Mapped[Shape] = mapped_column(word(Shape))
    further_shapes: Mapped[list[str]] = mapped_column(JSON, default=list)
    stage_names: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[ProgramState] = mapped_column(word(ProgramState))
    started: Mapped[str] = mapped_column(String(40), default="")
    ended: Mapped[str] = mapped_column(String(40), default="")
    published_from: Mapped[date | None]
    published_to: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    source: Mapped[str] = mapped_column(String(200), default="")

    policy_code: Mapped[PolicyCode | None] = relationship()
    operator_organization: Mapped[Organization | None] = relationship()
    origin: Mapped["Program | None"] = relationship(remote_side="Program.id")
    confirmed_by: Mapped[User | None] = relationship()
    tags: Mapped[list[CrossTag]] = relationship(secondary="program_tags", order_by=CrossTag.id)
    conditions: Mapped[list["Condition"]] = relationship(
        back_populates="program", order_by="Condition.id", cascade="all, delete-orphan"
    )


class ProgramTag(Base):
    """A cross-cutting viewpoint or priority that a program serves."""

    __tablename__ = "program_tags"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("cross_tags.id"), primary_key=True, index=True)


class ProgramIndicator(Base):
    """An indicator that tells what came of one program; an indicator has at most one program."""

    __tablename__ = "program_indicators"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)

    program: Mapped[Program] = relationship()
    indicator: Mapped[Indicator] = relationship()


class ProgramOperator(Base):
    """A user who runs a program."""

    __tablename__ = "program_operators"
    __table_args__ = (UniqueConstraint("program_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    program: Mapped[Program] = relationship()
    user: Mapped[User] = relationship()


class Condition(Base):
    """A condition for taking part (対象者条件), typed so that it answers yes, no or unknown.

    `limits` says where it ends: {"max": 300000000}, {"codes": ["E"]}, {"municipalities": ["14130"]};
    `rule` is the text shown with the answer.
    """

    __tablename__ = "conditions"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    kind: Mapped[ConditionKind] = mapped_column(word(ConditionKind))
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rule: Mapped[str] = mapped_column(String(200))
    rule_en: Mapped[str] = mapped_column(String(240), default="")

    program: Mapped[Program] = relationship(back_populates="conditions")


class Call(Public, Base):
    """A call for applications of a program (公募・募集), with its window and its own questions.

    `questions` is a list of field definitions: {"key", "label", "label_en", "type", "required",
    "choices", "max"}; types: text, long_text, number, yen, date, choice, choices, yes_no.
    """

    __tablename__ = "calls"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    fiscal_year: Mapped[int] = mapped_column(index=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
    state: Mapped[CallState] = mapped_column(word(CallState), index=True)
    budget_yen: Mapped[int | None] = mapped_column(BigInt)
    places: Mapped[int | None]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program] = relationship()


class Enrolment(Public, Base):
    """An organization, or its part in a named project, in a program (申込・採択・認定).

    Members of one project stand in rows of their own with the same project name. What is wished
    for while it is applied for, and what it became: `result`. From `started_on` to `ended_on` it
    counts in a stock. `published` rows stand in the public award list.
    """

    __tablename__ = "enrolments"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    fiscal_year: Mapped[int | None] = mapped_column(index=True)
    project: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(120), default="")
    # The kind of work or theme within the program (対象事業, テーマ).
    topic: Mapped[str] = mapped_column(String(120), default="", index=True)
    member_class: Mapped[MemberClass | None] = mapped_column(word(MemberClass))
    state: Mapped[EnrolmentState] = mapped_column(
        word(EnrolmentState), default=EnrolmentState.ACTIVE, index=True
    )
    result: Mapped[EnrolmentResult] = mapped_column(word(EnrolmentResult))
    requested_yen: Mapped[int | None] = mapped_column(BigInt)
    amount_yen: Mapped[int | None] = mapped_column(BigInt)
    applied_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    started_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None] = mapped_column(index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    published: Mapped[bool] = mapped_column(default=True)
    # What the source says besides: the kind of work supported, that no year is given.
    note: Mapped[str] = mapped_column(String(300), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    program: Mapped[Program] = relationship()
    call: Mapped[Call | None] = relationship()
    organization: Mapped[Organization] = relationship()
    partners: Mapped[list[Organization]] = relationship(
        secondary="enrolment_partners", order_by=Organization.number
    )
    steps: Mapped[list["EnrolmentStep"]] = relationship(
        back_populates="enrolment", order_by="EnrolmentStep.on", cascade="all, delete-orphan"
    )


class EnrolmentPartner(Base):
    """A partner organization of an enrolled project (a university in joint research)."""

    __tablename__ = "enrolment_partners"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True
    )


class EnrolmentStep(Public, Base):
    """How far an enrolment came (trap T15: 3 selected → 2 met an investor → 1 had an offer).

    `step` is a key of the program's `stage_names`.
    """

    __tablename__ = "enrolment_steps"
    __table_args__ = (UniqueConstraint("enrolment_id", "step"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    step: Mapped[str] = mapped_column(String(40))
    on: Mapped[date] = mapped_column("reached_on", index=True)
    detail: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    enrolment: Mapped[Enrolment] = relationship(back_populates="steps")
    recorded_by: Mapped[User | None] = relationship()
