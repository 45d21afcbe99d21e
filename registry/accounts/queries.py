"""Reading users."""

from sqlalchemy import Select, func, select

from registry.accounts.models import User
from registry.common.errors import NotFound
from registry.common.roles import STAFF, Role
from registry.db import db


def users(*, role: Role | None = None, text: str = "", active: bool | None = None) -> Select[User]:
    """Statement of the users by name, the active ones first, for paging."""
    statement = select(User).order_by(User.active.desc(), User.name, User.id)
    if active is not None:
        statement = statement.where(User.active.is_(active))
    if role:
        statement = statement.where(User.role == role)
    if text:
        found = User.name.contains(text, autoescape=True) | User.email.contains(
            text.lower(), autoescape=True
        )
        statement = statement.where(found)
    return statement


def get_user(public_id: str) -> User:
    """The user of that id. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.public_id == public_id))
    if user is None:
        raise NotFound
    return user


def user_by_email(email: str) -> User | None:
    """The user of that address, in any case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def coordinators() -> list[User]:
    """Active staff, by name: who may be in charge of a case."""
    return list(
        db.session.scalars(
            select(User).where(User.role.in_(STAFF), User.active).order_by(User.name, User.id)
        )
    )


def counts() -> dict[str, int]:
    """How many accounts are active, disabled, and with a second factor."""
    active, disabled, second = db.session.execute(
        select(
            func.count().filter(User.active),
            func.count().filter(User.active.is_(False)),
            func.count().filter(User.active, User.tf_totp_secret.is_not(None)),
        )
    ).one()
    return {"active": active, "disabled": disabled, "second_factor": second}
