"""Handovers (引継ぎ): who gave what to whom, so that it can be given back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public


class Handover(Public, Base):
    """One coordinator's open work given to another. `moved` holds the public ids of cases,
    encounters and meetings by their kind."""

    __tablename__ = "handovers"

    giver_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]

    giver: Mapped[User] = relationship(foreign_keys=[giver_id])
    taker: Mapped[User] = relationship(foreign_keys=[taker_id])
