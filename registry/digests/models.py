"""What a person wishes to hear by mail, and what was sent of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, now

WORKING_DAYS = "12345"
"""Monday to Friday, as ISO numbers."""
MORNING = 8 * 60 + 30
"""When the day's digest comes unless somebody chose otherwise, in minutes after midnight, Tokyo."""


class MailPreference(Public, Base):
    """One person's choice of mails; without a row the defaults hold.

    The newsletter comes only to those who asked for it: `newsletter_since` is the moment. `token`
    stands in its links and lets its holder do one thing: end the newsletter.
    """

    __tablename__ = "mail_preferences"
    __table_args__ = (CheckConstraint("digest_minute BETWEEN 0 AND 1439", name="minute_of_a_day"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    digest: Mapped[bool] = mapped_column(default=True)
    digest_minute: Mapped[int] = mapped_column(default=MORNING)
    digest_days: Mapped[str] = mapped_column(String(7), default=WORKING_DAYS)
    newsletter: Mapped[bool] = mapped_column(default=False)
    newsletter_since: Mapped[datetime | None]
    # Codes by list ("stage", "trouble", "service"); empty = by what the organization does.
    interests: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    token: Mapped[str] = mapped_column(String(64), unique=True)

    user: Mapped[User] = relationship()


class DigestCopy(Base):
    """A day's digest was decided for a person: sent, or left out since nothing waited."""

    __tablename__ = "digest_copies"
    __table_args__ = (UniqueConstraint("user_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    things: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class Newsletter(Public, Base):
    """One month's newsletter of support programs: the office's words, and its release.

    Nothing goes before staff released it; `send_on` is the day from which it goes.
    """

    __tablename__ = "newsletters"

    month: Mapped[str] = mapped_column(String(7), unique=True)
    foreword: Mapped[str] = mapped_column(Text, default="")
    foreword_en: Mapped[str] = mapped_column(Text, default="")
    send_on: Mapped[date | None] = mapped_column(index=True)
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    released_by: Mapped[User | None] = relationship()


class NewsletterCopy(Base):
    """A newsletter was decided for a person, once a month: sent, or left out since nothing fitted.

    `programs` are the public ids that stood in it; they do not come again in the months after.
    """

    __tablename__ = "newsletter_copies"
    __table_args__ = (UniqueConstraint("newsletter_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    sent: Mapped[bool]
    programs: Mapped[list[str]] = mapped_column(JSON, default=list)
    at: Mapped[datetime] = mapped_column(default=now)
