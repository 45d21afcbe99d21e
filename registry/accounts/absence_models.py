"""Absences of the office's people, each with the colleague who stands in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public


class Absence(Public, Base):
    """Somebody is away from `first` to `last`, both included; `deputy` stands in. It ends by
    itself: nothing has to be taken back when the last day is over."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("first <= last", name="days"),
        CheckConstraint("user_id <> deputy_id", name="deputy"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    first: Mapped[date] = mapped_column(index=True)
    last: Mapped[date] = mapped_column(index=True)
    # Set when it was called off before it began.
    cancelled_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    deputy: Mapped[User] = relationship(foreign_keys=[deputy_id])

    def is_on(self, day: date) -> bool:
        """Whether the person is away on that day."""
        return self.cancelled_at is None and self.first <= day <= self.last
