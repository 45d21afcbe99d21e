"""Months of the newsletter: the office's words and release, who gets it, and its sending."""

from collections.abc import Mapping
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.common.calendar import Month
from registry.common.errors import DomainError, NotFound
from registry.common.viewer import Viewer
from registry.config import Config
from registry.db import db, now, transaction
from registry.digests.models import MailPreference, Newsletter, NewsletterCopy
from registry.digests.newsletter import Letter, letter_for, unsubscribe_url
from registry.digests.preferences import organization_of, subscribers
from registry.notifications.service import enqueue
from registry.notifications.times import morning

AT_ONCE = 100
"""So many copies are made in one round of the worker."""
LATE_DAY = 10
"""From this day of the month on staff are reminded of a newsletter that nobody released."""
REMEMBERED = 2
"""Programs of so many earlier newsletters do not come again."""


def newsletter_of(month: Month) -> Newsletter:
    """The month's newsletter; a row not stored when nobody touched it yet."""
    found = db.session.scalar(select(Newsletter).where(Newsletter.month == str(month)))
    return found or Newsletter(month=str(month), foreword="", foreword_en="")


def release(
    month: Month, *, foreword: str, foreword_en: str, send_on: date, today: date, viewer: Viewer
) -> Newsletter:
    """Let the month's newsletter go from a day on. Raises DomainError at the day when it lies
    before today or in another month, or when copies went already."""
    if not today <= send_on or Month.of(send_on) != month:
        raise DomainError(_("送る日を、その月の今日かそれより後にしてください。"), field="send_on")
    row = _open(month)
    changes = apply(
        row,
        {"foreword": foreword.strip(), "foreword_en": foreword_en.strip(), "send_on": send_on},
    )
    row.released_at, row.released_by_id = now(), viewer.user_id
    db.session.flush()
    _log(row, "released", viewer, changes)
    return row


def hold(month: Month, *, viewer: Viewer) -> None:
    """Take the release back. Raises DomainError when copies went already."""
    row = _open(month)
    if row.released_at is not None:
        row.released_at, row.released_by_id = None, None
        _log(row, "held", viewer, {"send_on": (row.send_on, None)})


def waits_for_release(today: date) -> bool:
    """Whether this month's newsletter has readers and, from the tenth on, still no release."""
    if today.day < LATE_DAY or newsletter_of(Month.of(today)).released_at is not None:
        return False
    return db.session.scalar(subscribers().limit(1)) is not None


def copies(row: Newsletter) -> dict[bool, int]:
    """How many copies went (True) and were left out since nothing fitted (False)."""
    statement = (
        select(NewsletterCopy.sent, func.count())
        .where(NewsletterCopy.newsletter_id == row.id)
        .group_by(NewsletterCopy.sent)
    )
    found = {line[0]: line[1] for line in db.session.execute(statement)} if row.id else {}
    return {True: found.get(True, 0), False: found.get(False, 0)}


def months() -> list[Newsletter]:
    """The newsletters that were released or written, the newest first."""
    return list(db.session.scalars(select(Newsletter).order_by(Newsletter.month.desc()).limit(24)))


def subscriber(public_id: str) -> MailPreference:
    """The subscriber with that user id. Raises NotFound."""
    found = db.session.scalar(subscribers().where(User.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def preview(row: MailPreference, newsletter: Newsletter, *, today: date) -> Letter:
    """What a subscriber would get now. Raises NotFound when he speaks for nobody any more."""
    organization = organization_of(row.user)
    if organization is None:
        raise NotFound
    told = _told(row.user_id, newsletter.month)
    return letter_for(row.user, organization, row, newsletter, today=today, told=told)


def send_due(today: date) -> int:
    """Make the copies of a newsletter whose day has come; returns how many mails went into the
    outbox. For each person it is decided once a month: the row with its unique key and the mail
    are one transaction, whoever made it first."""
    newsletter = db.session.scalar(
        select(Newsletter).where(
            Newsletter.month == str(Month.of(today)),
            Newsletter.released_at.is_not(None),
            Newsletter.send_on <= today,
        )
    )
    if newsletter is None:
        return 0
    number = newsletter.id
    decided = exists().where(
        NewsletterCopy.newsletter_id == number, NewsletterCopy.user_id == MailPreference.user_id
    )
    waiting = [row.id for row in db.session.scalars(subscribers().where(~decided).limit(AT_ONCE))]
    db.session.rollback()
    config: Config = current_app.extensions["musubi_config"]
    sent = 0
    for reader in waiting:
        with current_app.test_request_context(base_url=config.base_url):
            sent += _send(reader, number, today)
    return sent


def _send(reader: int, number: int, today: date) -> int:
    newsletter, row = db.session.get(Newsletter, number), db.session.get(MailPreference, reader)
    if newsletter is None or row is None:
        return 0
    letter = preview(row, newsletter, today=today)
    programs = [item.ref for item in letter.programs]
    try:
        with transaction():
            if db.session.scalar(subscribers().where(MailPreference.id == reader)) is None:
                return 0  # ended the newsletter, or was disabled, while the letter was written
            if not _is_released(number):
                return 0
            db.session.add(
                NewsletterCopy(
                    newsletter_id=number,
                    user_id=row.user_id,
                    sent=not letter.is_empty,
                    programs=programs,
                )
            )
            db.session.flush()
            if not letter.is_empty:
                enqueue(
                    address=row.user.email,
                    locale=row.user.locale,
                    kind="digest.newsletter",
                    subject=letter.subject,
                    body=letter.body,
                    not_before=morning(),
                    unsubscribe_url=unsubscribe_url(row),
                )
    except IntegrityError:  # another worker was first
        return 0
    return int(not letter.is_empty)


def _is_released(number: int) -> bool:
    """Whether the release still stands; until the end of the transaction it cannot be taken back."""
    row = db.session.get(Newsletter, number, with_for_update=True)
    return row is not None and row.released_at is not None


def _open(month: Month) -> Newsletter:
    """The month's row, stored and locked. Raises DomainError when copies went already."""
    row = newsletter_of(month)
    if row.id is None:
        db.session.add(row)
        db.session.flush()
    db.session.refresh(row, with_for_update=True)
    if any(copies(row).values()):
        raise DomainError(_("この月の便りは、もう送り始めました。"))
    return row


def _told(user_id: int, month: str) -> set[str]:
    """Programs that stood in this person's last newsletters before that month."""
    rows = db.session.scalars(
        select(NewsletterCopy.programs)
        .join(Newsletter, Newsletter.id == NewsletterCopy.newsletter_id)
        .where(NewsletterCopy.user_id == user_id, Newsletter.month < month, NewsletterCopy.sent)
        .order_by(Newsletter.month.desc())
        .limit(REMEMBERED)
    )
    return {ref for programs in rows for ref in programs}


def _log(
    row: Newsletter, verb: str, viewer: Viewer, changes: Mapping[str, tuple[object, object]]
) -> None:
    record(
        actor=viewer,
        action=f"newsletter.{verb}",
        subject=f"newsletter:{row.public_id}",
        changes=changes,
    )
