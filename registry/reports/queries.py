"""What the monthly report reads besides the facts."""

from datetime import date

from sqlalchemy import func, or_, select

from registry.accounts.models import User
from registry.cases.models import Case
from registry.common.roles import STAFF
from registry.db import db


def open_cases_at(day: date) -> list[date]:
    """When the cases that are open at the end of a day were opened."""
    statement = (
        select(Case.opened_on)
        .where(Case.opened_on <= day, or_(Case.closed_on.is_(None), Case.closed_on > day))
        .order_by(Case.opened_on)
    )
    return list(db.session.scalars(statement))


def coordinator_names() -> list[str]:
    """Names of all staff, for the filter."""
    return list(
        db.session.scalars(select(User.name).where(User.role.in_(STAFF)).order_by(User.name))
    )


def first_day() -> date | None:
    """The day of the first case, from which reports make sense."""
    return db.session.scalar(select(func.min(Case.opened_on)))
