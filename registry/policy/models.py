"""The policy tree of a plan (政策 → 施策 → 基本戦略), its indicators, targets and readings."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, word


class PlanPeriod(Base):
    """A period of the plan (計画期間), like the second program, FY2018–2021."""

    __tablename__ = "plan_periods"
    __table_args__ = (CheckConstraint("first_year <= last_year", name="years_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    first_year: Mapped[int]
    last_year: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")


class PolicyCode(Base):
    """One node of the tree, like 3-3-1. Joined on the code, never on the title, which varies.

    `plan` is the key of its plan period.
    """

    __tablename__ = "policy_codes"
    __table_args__ = (UniqueConstraint("plan", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(16), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)


class TagKind(StrEnum):
    """What cuts across the tree: 視点 of the plan's chapter 4, and 重点項目."""

    VIEWPOINT = "viewpoint"
    PRIORITY = "priority"


class CrossTag(Base):
    """A cross-cutting viewpoint (視点) or priority (重点項目) of a plan; programs and cases have any
    number of them beside their one home code."""

    __tablename__ = "cross_tags"
    __table_args__ = (UniqueConstraint("plan", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(String(40))
    kind: Mapped[TagKind] = mapped_column(word(TagKind))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    source: Mapped[str] = mapped_column(String(200), default="")


class PeriodType(StrEnum):
    """What time a figure of an indicator stands for (trap T8)."""

    FISCAL_YEAR = "fiscal_year"
    FISCAL_YEAR_END = "fiscal_year_end"
    CALENDAR_YEAR = "calendar_year"
    EVENT = "event"
    AS_OF = "as_of"


class CountingRule(StrEnum):
    """How a figure counts: in a period, at a time, each once, each time (延べ), or part of (うち)."""

    FLOW = "flow"
    STOCK = "stock"
    UNIQUE = "unique"
    CUMULATIVE = "cumulative"
    SUBSET = "subset"


class Indicator(Public, Base):
    """A figure that the office reports every year (指標): what it counts, and how.

    `measure` names a count over a shape, like "encounters.rows"; empty when the figure is read by
    hand. `filters` narrows the rows, like {"program": "team-visits", "kinds": ["visit"]}: data that
    the count's own code checks, never an expression. A stock begins with `opening_balance`, the
    number that stood before the registry's rows, at the end of fiscal year `opening_year`. A subset
    (うち) never exceeds the indicator it is part of. Since fiscal year `counted_from` all its rows are
    in the registry, so that nothing counted means 0; of earlier years it means "not known".
    """

    __tablename__ = "indicators"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    policy_code_id: Mapped[int] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(160), default="")
    unit: Mapped[str] = mapped_column(String(16))
    unit_en: Mapped[str] = mapped_column(String(32), default="")
    period_type: Mapped[PeriodType] = mapped_column(word(PeriodType))
    rule: Mapped[CountingRule] = mapped_column(word(CountingRule))
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("indicators.id"), index=True)
    measure: Mapped[str] = mapped_column(String(40), default="")
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opening_balance: Mapped[int | None]
    opening_year: Mapped[int | None]
    counted_from: Mapped[int | None]
    # The figure is a party's own when one party alone stands behind it: then a small cell is hidden.
    counts_parties: Mapped[bool] = mapped_column(default=False)
    # How the results tell it, with {n} for the figure with its "about"; the office's own words.
    sentence: Mapped[str] = mapped_column(String(200), default="")
    sentence_en: Mapped[str] = mapped_column(String(240), default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(200), default="")

    policy_code: Mapped[PolicyCode] = relationship()
    part_of: Mapped["Indicator | None"] = relationship(remote_side="Indicator.id")


class Target(Public, Base):
    """What an indicator should reach in a period (目標値). None: "no target set", never 100 %."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("indicator_id", "period"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), index=True)
    period: Mapped[str] = mapped_column(String(24))
    value: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    approximate: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    indicator: Mapped[Indicator] = relationship()


class Reading(Public, Base):
    """A figure reported by hand (指標値): indicator, period, number, approximate or not, source.

    `period` is written FY2016, FY2016-end, 2017, 2017-02 or 2018-01-asof (contracts); `fiscal_year`
    is the fiscal year whose yearly results show it.
    """

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("indicator_id", "period"),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), index=True)
    period: Mapped[str] = mapped_column(String(24))
    fiscal_year: Mapped[int] = mapped_column(index=True)
    value: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    approximate: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    indicator: Mapped[Indicator] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class RemarkKind(StrEnum):
    """What the verification of a measure left behind (検証)."""

    COMMENT = "comment"
    HEARING = "hearing"
    SITE_VISIT = "site_visit"


class Remark(Public, Base):
    """A comment of the verification committee (専門部会), or a note of a hearing or site visit, on a
    code in a fiscal year; published ones are read by all and answered by the office (反映)."""

    __tablename__ = "remarks"

    policy_code_id: Mapped[int] = mapped_column(ForeignKey("policy_codes.id"), index=True)
    fiscal_year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[RemarkKind] = mapped_column(word(RemarkKind))
    held_on: Mapped[date | None]
    body: Mapped[str] = mapped_column(Text)
    feedback: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    policy_code: Mapped[PolicyCode] = relationship()
    author: Mapped[User | None] = relationship()
