"""People who sign in, and the keys by which their programs do."""

import uuid
from datetime import date, datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.common.roles import Role
from registry.db import Base, Public, word


class UserRole(RoleMixin):
    """Flask-Security's view of our one role; it is no table of its own."""

    def __init__(self, name: str) -> None:
        self.name = name


def new_uniquifier() -> str:
    """A new value that ends all of a user's sessions and links."""
    return uuid.uuid4().hex


class User(Public, Base, UserMixin):
    """Somebody who signs in, in exactly one role."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_uniquifier)
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The time step of the last code used: each counts once.
    tf_last_counter: Mapped[int | None]
    # Encrypted. Mutable: the library takes a used one out of the list in place.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(word(Role), index=True)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    last_seen_at: Mapped[datetime | None]

    @property
    def roles(self) -> list[UserRole]:  # type: ignore[override]  # the library would have a column
        """What Flask-Security asks for; our own checks use `role`."""
        return [UserRole(self.role.value)]


class ApiToken(Public, Base):
    """A key with which a program acts as its owner, within its scopes and until its last day.

    Only a hash is kept; `prefix` is the beginning of the key, by which its owner knows it again.
    """

    __tablename__ = "api_tokens"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    expires_on: Mapped[date]
    # To the nearest ten minutes.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    def is_live(self, today: date) -> bool:
        """Whether it opens anything on that day."""
        return self.revoked_at is None and today <= self.expires_on and self.user.active
