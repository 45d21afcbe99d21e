"""Limits on how often something may be tried, kept in the database so that a restart keeps them."""

import time
from datetime import UTC, datetime, timedelta

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.db import Base, db, now, own_transaction


class RateCount(Base):
    """How often one key was hit in its current window."""

    __tablename__ = "rate_counts"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RowStorage(Storage):
    """Counter storage of the `limits` library on our table (fixed windows)."""

    STORAGE_SCHEME = ["rows"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more hit; the window of `expiry` seconds starts with the first."""
        try:
            return self._count(key, expiry, amount)
        except IntegrityError:  # two first hits at once: the other one made the row
            return self._count(key, expiry, amount)

    def _count(self, key: str, expiry: int, amount: int) -> int:
        with own_transaction() as own:
            row = own.scalar(select(RateCount).where(RateCount.key == key[:255]).with_for_update())
            if row is None:
                row = RateCount(key=key[:255], count=0, expires_at=now())
                own.add(row)
            if row.expires_at <= now():
                row.count, row.expires_at = 0, now() + timedelta(seconds=expiry)
            row.count += amount
            return row.count

    def get(self, key: str) -> int:
        """Hits in the current window."""
        row = self._row(key)
        return row[0] if row else 0

    def get_expiry(self, key: str) -> float:
        """End of the current window in seconds of the epoch."""
        row = self._row(key)
        return row[1].astimezone(UTC).timestamp() if row else time.time()

    def check(self) -> bool:
        """Whether the table answers."""
        with Session(db.engine) as own:
            own.execute(select(RateCount.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Forget all counts; return how many there were."""
        with own_transaction() as own:
            return own.execute(delete(RateCount)).rowcount  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        """Forget one count."""
        with own_transaction() as own:
            own.execute(delete(RateCount).where(RateCount.key == key[:255]))

    def _row(self, key: str) -> tuple[int, datetime] | None:
        with Session(db.engine) as own:
            found = own.execute(
                select(RateCount.count, RateCount.expires_at).where(
                    RateCount.key == key[:255], RateCount.expires_at > now()
                )
            ).one_or_none()
        return (found[0], found[1]) if found else None


limiter = Limiter(
    key_func=get_remote_address,
    storage_uri="rows://",
    strategy="fixed-window",
    headers_enabled=False,
    default_limits=[],
)


def forget_old() -> None:
    """Delete windows that are over."""
    with own_transaction() as own:
        own.execute(delete(RateCount).where(RateCount.expires_at <= now()))
