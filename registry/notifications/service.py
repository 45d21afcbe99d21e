"""Putting mails into the outbox and sending them from it."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import make_msgid

from sqlalchemy import select

from registry.common.errors import DomainError
from registry.db import db, now, transaction
from registry.notifications.models import Delivery, Message

LAST_ATTEMPT = 8
"""After so many failures an administrator has to look."""

Send = Callable[[Message], None]
"""Hands one message to the mail server; raises OSError or smtplib.SMTPException on failure."""


def enqueue(*, address: str, locale: str, kind: str, subject: str, body: str) -> Message:
    """Write a mail into the outbox; call it in the transaction of what the mail tells about.

    Raises DomainError when address or subject hold a line break (header injection).
    """
    if any(mark in address + subject for mark in "\r\n\0"):
        raise DomainError("a mail address or subject holds a line break")
    message = Message(
        to_address=address,
        locale=locale,
        kind=kind,
        subject=subject,
        body=body,
        message_id=make_msgid(domain="musubi.invalid"),
        send_after=now(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def deliver_due(send: Send, *, limit: int = 50) -> int:
    """Send what is due, oldest first, each in a transaction of its own; return how many went out.

    Several workers may run: PostgreSQL skips rows that another one holds. A message whose sending
    was interrupted is sent again with the same Message-ID.
    """
    sent = 0
    for _round in range(limit):
        with transaction():
            message = _next_due(now())
            if message is None:
                break
            sent += _try(message, send)
    return sent


def retry(message: Message) -> None:
    """Put a failed message back into the queue."""
    message.state, message.attempts, message.send_after = Delivery.WAITING, 0, now()


def _next_due(moment: datetime) -> Message | None:
    return db.session.scalar(
        select(Message)
        .where(Message.state == Delivery.WAITING, Message.send_after <= moment)
        .order_by(Message.send_after, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _try(message: Message, send: Send) -> int:
    message.attempts += 1
    try:
        send(message)
    except (OSError, smtplib.SMTPException) as error:
        message.last_error = f"{type(error).__name__}: {error}"[:500]
        message.send_after = now() + timedelta(minutes=2**message.attempts)
        if message.attempts >= LAST_ATTEMPT:
            message.state = Delivery.FAILED
        return 0
    message.state, message.sent_at, message.last_error = Delivery.SENT, now(), ""
    return 1
