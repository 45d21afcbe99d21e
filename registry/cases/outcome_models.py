"""Outcomes (成果): the rungs that a match reached, each with what is worth knowing of it."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, word

if TYPE_CHECKING:
    from registry.cases.models import Case


class Rung(StrEnum):
    """A rung of the outcome ladder (成果)."""

    AGREEMENT = "agreement"
    NDA = "nda"
    CONTRACT = "contract"
    PROTOTYPE = "prototype"
    PRODUCT = "product"
    SALES = "sales"
    JOBS = "jobs"
    PATENT = "patent"
    PRESS = "press"


class ContractKind(StrEnum):
    """What a contract or an agreement is about."""

    LICENCE = "licence"
    JOINT_DEVELOPMENT = "joint_development"
    JOINT_RESEARCH = "joint_research"
    COMMISSION = "commission"
    PURCHASE = "purchase"
    SUPPLY = "supply"
    OTHER = "other"


class SalesBand(StrEnum):
    """Sales of a year as a band: the amount itself is nobody's business."""

    UNDER_1M = "under_1m"
    FROM_1M = "1m_10m"
    FROM_10M = "10m_50m"
    FROM_50M = "50m_100m"
    FROM_100M = "100m_1b"
    FROM_1B = "over_1b"


class Outcome(Public, Base):
    """One rung reached: on a day, with what shows it.

    `name` is a product's or a prototype's name, or the medium of a press report; `number` counts
    jobs or patents filed. Which rung asks for which of them is in `cases.outcomes`.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("amount_yen > 0", name="amount_positive"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    rung: Mapped[Rung] = mapped_column(word(Rung), index=True)
    on: Mapped[date] = mapped_column("reached_on", index=True)
    contract_kind: Mapped[ContractKind | None] = mapped_column(word(ContractKind))
    amount_yen: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120), default="")
    # The office may tell the name to everybody.
    is_public: Mapped[bool] = mapped_column(default=False)
    sales_band: Mapped[SalesBand | None] = mapped_column(word(SalesBand))
    number: Mapped[int | None]
    application: Mapped[str] = mapped_column(String(60), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    case: Mapped["Case"] = relationship(back_populates="outcomes")
    recorded_by: Mapped[User | None] = relationship()
