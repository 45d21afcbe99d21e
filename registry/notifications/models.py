"""The outbox."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base, Public, word


class Delivery(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Message(Public, Base):
    """One mail to one address, written in the transaction of what it tells about."""

    __tablename__ = "messages"

    to_address: Mapped[str] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(5))
    kind: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[Delivery] = mapped_column(word(Delivery), default=Delivery.WAITING, index=True)
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")
    # Where the receiver ends mails of this kind (RFC 8058); empty for those that answer a deed.
    unsubscribe_url: Mapped[str] = mapped_column(String(300), default="")
    # The record that it tells about, like "party:<public id>"; empty = none.
    about: Mapped[str] = mapped_column(String(80), default="", index=True)
