"""Putting mails into the outbox and sending them from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import record
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.config import Config
from registry.db import db, now, transaction
from registry.notifications.models import Delivery, Message

WAITS = tuple(timedelta(minutes=m) for m in (2, 10, 30, 120, 360, 720, 1440))
"""How long a mail waits after its first, second … failure: two days in all, so that a mail server
may be down over a weekend's night without loss."""

LAST_ATTEMPT = len(WAITS) + 1
"""After so many failures an administrator has to look."""

LEASE = timedelta(minutes=5)
"""How long a message belongs to the worker that took it; far longer than the mail server's timeout."""


@dataclass(frozen=True)
class Letter:
    """A message as the mail server gets it: values, no row, since no transaction is open then."""

    to_address: str
    locale: str
    subject: str
    body: str
    message_id: str
    unsubscribe_url: str = ""


class Refused(Exception):
    """The mail server said for good (5xx) that it will not take this letter: trying again is vain."""


class Unreachable(Exception):
    """No mail server answered, or it takes nothing now: the other letters need not try either."""


Send = Callable[[Letter], None]
"""Hands one letter to the mail server; raises when it was not taken (`Refused`, `Unreachable`, or
anything else for one more try)."""


def enqueue(
    *,
    address: str,
    locale: str,
    kind: str,
    subject: str,
    body: str,
    about: str = "",
    not_before: datetime | None = None,
    unsubscribe_url: str = "",
) -> Message:
    """Write a mail into the outbox; call it in the transaction of what the mail tells about.

    `about` names a record ("party:<public id>"), `not_before` the moment from which it may go,
    `unsubscribe_url` where a posted button ends mails of this kind. Raises DomainError when the address is none, or address or subject hold a line break or another
    control character (header injection).
    """
    if any(not mark.isprintable() for mark in address + subject + unsubscribe_url):
        raise DomainError(_("メールの宛先と件名には、改行などの制御文字を使えません。"))
    if address.count("@") != 1 or any(mark in address for mark in " ,;<>()\u3000"):
        raise DomainError(_("メールアドレスの形を確かめてください。例：hanako@example.jp"))
    message = Message(
        to_address=address,
        locale=locale,
        kind=kind,
        subject=subject,
        body=body,
        message_id=make_msgid(domain=_own_host()),
        send_after=max(now(), not_before) if not_before else now(),
        about=about,
        unsubscribe_url=unsubscribe_url,
    )
    db.session.add(message)
    db.session.flush()
    return message


def deliver_due(send: Send, *, limit: int = 50) -> int:
    """Send what is due, oldest first; return how many went out.

    Each message is taken in one short transaction, sent outside of any, and marked in another: a
    slow mail server never holds SQLite's writer lock. Taking it moves its time by `LEASE`, so that
    no second worker takes it too (PostgreSQL skips locked rows, on SQLite writers queue). When a
    worker dies between, the message is due again after the lease, with the same Message-ID: sent
    at least once, and recognisable as the same. A mail server that does not answer ends the round:
    the letters behind would wait for it in vain.
    """
    sent = 0
    for _round in range(limit):
        taken = _take(now())
        if taken is None:
            break
        number, attempt, letter = taken
        error = _failure(send, letter)
        _mark(number, attempt, error)
        sent += error is None
        if isinstance(error, Unreachable):
            break
    return sent


def retry(message: Message, *, viewer: Viewer) -> None:
    """Put a failed message back into the queue. Raises DomainError when it is not a failed one."""
    if message.state is not Delivery.FAILED:
        raise DomainError(_("送れなかったメールだけを、もう一度送れます。"))
    message.state, message.attempts, message.send_after = Delivery.WAITING, 0, now()
    record(actor=viewer, action="message.retried", subject=f"message:{message.public_id}")


def _own_host() -> str:
    """The name under which people open the registry: what is unique there is unique anywhere."""
    config: Config = current_app.extensions["musubi_config"]
    return urlsplit(config.base_url).hostname or "localhost"


def _take(moment: datetime) -> tuple[int, int, Letter] | None:
    with transaction():
        message = db.session.scalar(
            select(Message)
            .where(Message.state == Delivery.WAITING, Message.send_after <= moment)
            .order_by(Message.send_after, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if message is None:
            return None
        message.attempts += 1
        message.send_after = moment + LEASE
        letter = Letter(
            message.to_address,
            message.locale,
            message.subject,
            message.body,
            message.message_id,
            message.unsubscribe_url,
        )
        return message.id, message.attempts, letter


def _failure(send: Send, letter: Letter) -> Exception | None:
    """What went wrong, if something did. One bad message must not stop those behind it."""
    try:
        send(letter)
    except Exception as error:  # a server, a network, an address that cannot be encoded
        return error
    return None


def _in_words(error: Exception | None) -> str:
    """The failure as the outbox page shows it; what lies behind ours is told by its own name."""
    if error is None:
        return ""
    if isinstance(error, (Refused, Unreachable)):
        error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    return f"{type(error).__name__}: {error}"[:500]


def _mark(number: int, attempt: int, error: Exception | None) -> None:
    """Note the outcome, unless the lease ran out and somebody else took the message since."""
    with transaction():
        message = db.session.get(Message, number, with_for_update=True)
        if message is None or message.attempts != attempt:
            return
        message.last_error = _in_words(error)
        if error is None:
            message.state, message.sent_at = Delivery.SENT, now()
        elif attempt >= LAST_ATTEMPT or isinstance(error, Refused):
            message.state = Delivery.FAILED
        else:
            message.send_after = now() + WAITS[attempt - 1]
