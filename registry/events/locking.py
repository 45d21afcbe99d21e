"""Taking a row for oneself, and reading it anew, before deciding on it."""

from typing import Any

from sqlalchemy import select

from registry.db import db


def lock(row: Any) -> None:
    """Lock a row's line in the database until the transaction ends, then read it anew.

    The lock is asked for by itself: a row loaded with its relations would be refreshed with outer
    joins, which PostgreSQL does not lock.
    """
    model = type(row)
    db.session.execute(select(model.id).where(model.id == row.id).with_for_update())
    db.session.refresh(row)
