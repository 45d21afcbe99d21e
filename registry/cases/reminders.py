"""What happens by itself while a party has not answered: a reminder, a last call, the expiry.

Each step is taken once, in one transaction with its mails and its line in the log; it is decided
anew after the case was locked, so that several workers, or a worker that died, change nothing.
"""

import secrets
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from registry.audit.service import record
from registry.cases.letters import MakeLink, send_last_call, send_reminder
from registry.cases.link_models import PartyLink
from registry.cases.models import Answer, Case, Party
from registry.cases.queries import hash_of_token
from registry.cases.service import lock
from registry.common.calendar import (
    add_business_days,
    business_days_between,
    is_business_day,
    tokyo_day,
)
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.office.settings import Office, office

Send = Callable[[Party, str], int]


class Due(StrEnum):
    """What a silent party gets next."""

    REMINDER = "reminder"
    LAST_CALL = "last_call"
    EXPIRY = "expiry"


def due(party: Party, *, today: date, settings: Office) -> Due | None:
    """What is due for a party on a day, if anything.

    The reminder comes `remind_days` working days after the question, the last call `warn_days`
    working days before the last day, never both on one day, none on a day off (0 = not at all).
    Nobody is pressed once another party of the case said no.
    """
    if not party.case.is_open or party.answer is not Answer.PENDING or party.asked_at is None:
        return None
    until = party.answer_until
    if until is not None and until < today:
        return None if party.expired_on else Due.EXPIRY
    if not is_business_day(today) or any(p.answer is Answer.NO for p in party.case.parties):
        return None
    asked = tokyo_day(party.asked_at)
    is_near = until is not None and business_days_between(today, until) <= settings.warn_days
    if settings.warn_days and is_near and not party.warned_on:
        return Due.LAST_CALL if max(asked, party.reminded_on or asked) < today else None
    if settings.remind_days and not party.reminded_on and not party.warned_on:
        is_time = add_business_days(asked, settings.remind_days) <= today
        return Due.REMINDER if is_time else None
    return None


def work_due(*, link: MakeLink, today: date) -> int:
    """Remind and expire all that is due; returns how many steps were taken. `link` gives the
    address of an introduction from its token."""
    settings = office()
    numbers = [
        party.id
        for party in db.session.scalars(_silent(today))
        if due(party, today=today, settings=settings)
    ]
    db.session.rollback()
    done = 0
    for number in numbers:
        with transaction():
            party = db.session.get(Party, number)
            if party is None:
                continue
            lock(party.case)
            step = due(party, today=today, settings=settings)
            if step is not None:
                _take(party, step, link=link, today=today)
                done += 1
    return done


def start_over(party: Party) -> None:
    """Forget the reminders of an earlier question, the links they carried, and what the sides were
    told of an earlier no: it counts no more."""
    party.reminded_on = party.warned_on = party.expired_on = None
    for one in party.case.parties:
        one.words, one.words_on = "", None
    for old in db.session.scalars(select(PartyLink).where(PartyLink.party_id == party.id)):
        db.session.delete(old)


def _take(party: Party, step: Due, *, link: MakeLink, today: date) -> None:
    if step is Due.EXPIRY:
        party.expired_on = today
        record(
            actor=SYSTEM,
            action="party.expired",
            subject=f"party:{party.public_id}",
            changes={"expired_on": (None, today)},
        )
        return
    send: Send = send_reminder if step is Due.REMINDER else send_last_call
    token = secrets.token_urlsafe(32)
    db.session.add(PartyLink(token_hash=hash_of_token(token), party_id=party.id))
    if step is Due.REMINDER:
        party.reminded_on = today
    else:
        party.warned_on = today
    record(
        actor=SYSTEM,
        action="party.reminded",
        subject=f"party:{party.public_id}",
        changes={"kind": (None, step), "mails": (None, send(party, link(token)))},
    )


def _silent(today: date) -> Select[Party]:
    """The parties for whom a step may still come, in their order, with their cases."""
    return (
        select(Party)
        .options(selectinload(Party.case).selectinload(Case.parties))
        .join(Case, Case.id == Party.case_id)
        .where(
            Case.closed_on.is_(None),
            Party.answer == Answer.PENDING,
            Party.asked_at.is_not(None),
            Party.expired_on.is_(None),
            or_(
                Party.answer_until < today,
                Party.reminded_on.is_(None),
                Party.warned_on.is_(None),
            ),
        )
        .order_by(Party.id)
    )
