"""A retried submit makes one record: keys of finished submits, kept in their own transaction."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, db, now

KEPT = timedelta(days=2)


class FinishedSubmit(Base):
    """One submit that was carried out, and where it led."""

    __tablename__ = "finished_submits"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def location_of(key: str, actor: str) -> str | None:
    """Where the submit of that key led, or None when it has not been carried out."""
    return db.session.scalar(
        select(FinishedSubmit.location).where(
            FinishedSubmit.key == key, FinishedSubmit.actor == actor
        )
    )


def remember(key: str, actor: str, location: str) -> None:
    """Note a submit as carried out; call it in the submit's transaction.

    Two at once: the second fails on the key, is rolled back, and finds the first one's location.
    """
    db.session.add(FinishedSubmit(key=key, actor=actor, location=location))
    db.session.flush()


def forget_old() -> None:
    """Delete keys that nobody will retry any more."""
    db.session.execute(delete(FinishedSubmit).where(FinishedSubmit.at < now() - KEPT))
