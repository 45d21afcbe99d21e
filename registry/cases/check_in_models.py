"""Check-ins (成果の確認): what each party of an agreed match says, months after the agreement."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.cases.models import Case, Party
from registry.db import Base, Public, word
from registry.organizations.models import ConsentWay


class CheckInState(StrEnum):
    """How a party says that it goes."""

    GOING = "going"
    RESULT = "result"
    STALLED = "stalled"
    ENDED = "ended"


class CheckIn(Public, Base):
    """One question to one party, so many months after the agreement, and its answer.

    Of its links (the mail's and the reminder's) only hashes are kept. `mails` is how many mails
    went out: 0 after asking means that nobody has an address, and somebody has to call. When staff
    recorded a spoken answer, `evidence` and `recorded_by_id` say on what.
    """

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("party_id", "months"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"))
    months: Mapped[int]
    due: Mapped[date] = mapped_column(index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    reminder_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_on: Mapped[date | None] = mapped_column(index=True)
    reminded_on: Mapped[date | None]
    answer_until: Mapped[date | None]
    mails: Mapped[int] = mapped_column(default=0)
    state: Mapped[CheckInState | None] = mapped_column(word(CheckInState))
    comment: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None] = mapped_column(index=True)
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    way: Mapped[ConsentWay | None] = mapped_column(word(ConsentWay))
    evidence: Mapped[str] = mapped_column(String(500), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The answer was seen by the coordinator.
    seen_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    party: Mapped[Party] = relationship()
    recorded_by: Mapped[User | None] = relationship()
