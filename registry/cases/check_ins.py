"""Check-ins: planned when a match is agreed, asked once by mail, answered by two taps or by word.

From which day they run is told in `check_in_queries`. Each step is taken in one transaction with its
mails and its line in the log, after the case was locked: several workers, or one that died, ask
nobody twice.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.cases.check_in_letters import send_check_in
from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.check_in_queries import (
    AGREED,
    agreed_days,
    due_check_ins,
    months_after,
    unplanned,
)
from registry.cases.letters import MakeLink
from registry.cases.models import Answer, Case, CloseReason
from registry.cases.queries import hash_of_token
from registry.cases.service import lock, touch
from registry.common.calendar import is_business_day
from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, now, transaction
from registry.office.settings import office
from registry.organizations.models import ConsentWay

ANSWER_DAYS = 60
"""For so long a link may answer, and correct its answer."""
REMIND_AFTER = 14
"""After so many days without an answer a party is reminded, once."""


@dataclass(frozen=True)
class SpokenCheckIn:
    """What a party told the office about how it goes: who, how, when, and what shows it."""

    state: CheckInState
    answered_by: str
    way: ConsentWay
    on: date
    evidence: str
    comment: str = ""


def plan(case: Case, *, viewer: Viewer) -> int:
    """Bring the planned check-ins of a case in line with its stage; returns how many are new.

    An agreed match has one for each consenting party and each month of the office's setting; what
    was answered stays. A match that is not agreed has none that wait.
    """
    rows = list(db.session.scalars(select(CheckIn).where(CheckIn.case_id == case.id)))
    each = agreed_days().subquery()
    agreed = db.session.scalar(select(each.c.agreed).where(each.c.case_id == case.id))
    if case.stage not in AGREED or agreed is None:
        for row in rows:
            if row.state is None:
                db.session.delete(row)
        db.session.flush()
        return 0
    known = {(row.party_id, row.months): row for row in rows}
    new = 0
    for party in case.parties:
        for months in office().check_in_months if party.answer is Answer.YES else ():
            due, there = months_after(agreed, months), known.get((party.id, months))
            if there is None:
                db.session.add(CheckIn(case_id=case.id, party_id=party.id, months=months, due=due))
                new += 1
            elif there.state is None and there.due != due:
                _start_over(there, due)
    db.session.flush()
    if new:
        changes = {"from": (None, agreed), "number": (None, new)}
        _log(case, "case.checks_planned", viewer, changes)
    return new


def work_due(*, link: MakeLink, today: date) -> int:
    """Plan what is missing, ask what is due, remind who is silent; returns how many steps were
    taken. `link` gives the address of a check-in from its token. Nobody is asked on a day off."""
    done = _plan_missing()
    if not is_business_day(today):
        return done
    asked_until = today - timedelta(days=REMIND_AFTER)
    first = due_check_ins(today).where(CheckIn.asked_on.is_(None))
    second = due_check_ins(today).where(
        CheckIn.asked_on <= asked_until,
        CheckIn.mails > 0,
        CheckIn.reminded_on.is_(None),
        CheckIn.answer_until >= today,
    )
    for statement in (first, second):
        numbers = list(db.session.scalars(statement.with_only_columns(CheckIn.id)))
        db.session.rollback()
        for number in numbers:
            with transaction():
                done += _step(number, link=link, today=today)
    return done


def is_answerable(check: CheckIn, *, today: date) -> bool:
    """Whether the party's link may still answer, or correct its answer."""
    case = check.case
    ended = not case.is_open and case.close_reason is not CloseReason.COMPLETED
    in_time = check.answer_until is not None and today <= check.answer_until
    return case.stage in AGREED and not ended and in_time and check.recorded_by_id is None


def answer_by_link(
    check: CheckIn, *, state: CheckInState, comment: str = "", today: date, viewer: Viewer
) -> None:
    """The party's own answer, given or corrected with its link.

    The same answer once more changes nothing. Raises DomainError when it is too late, the match
    ended, or staff wrote the answer down.
    """
    lock(check.case)
    db.session.refresh(check)
    if not is_answerable(check, today=today):
        raise DomainError(_("このリンクでは、もう答えられません。担当者に知らせてください。"))
    values = {"state": state, "comment": comment.strip()}
    if not (changes := apply(check, values)):
        return
    check.answered_on, check.way, check.seen_at = today, ConsentWay.LINK, None
    touch(check.case, today)
    db.session.flush()
    _log_answer(check, viewer, changes)


def record_spoken(check: CheckIn, command: SpokenCheckIn, *, today: date, viewer: Viewer) -> None:
    """Write down what staff heard or read, or correct what they wrote.

    Raises NotAllowed for anybody but staff, DomainError at the field that is missing or cannot be,
    and when the party answered itself.
    """
    if not viewer.is_staff:
        raise NotAllowed(_("代わって記録できるのは、職員だけです。"))
    lock(check.case)
    db.session.refresh(check)
    _check_spoken(check, command, today)
    changes = apply(
        check,
        {
            "state": command.state,
            "comment": command.comment.strip(),
            "answered_on": command.on,
            "answered_by": command.answered_by.strip(),
            "way": command.way,
            "evidence": command.evidence.strip(),
        },
    )
    if not changes:
        return
    check.recorded_by_id, check.seen_at = viewer.user_id, now()
    touch(check.case, command.on)
    db.session.flush()
    _log_answer(check, viewer, changes)


def mark_seen(case: Case, *, viewer: Viewer) -> int:
    """Note that the coordinator has read the answers of a case; returns how many were new."""
    lock(case)
    unread = select(CheckIn).where(
        CheckIn.case_id == case.id, CheckIn.state.is_not(None), CheckIn.seen_at.is_(None)
    )
    fresh = list(db.session.scalars(unread))
    for check in fresh:
        check.seen_at = now()
    if fresh:
        _log(case, "case.checks_seen", viewer, {"number": (None, len(fresh))})
    return len(fresh)


def _plan_missing() -> int:
    """Plan the check-ins of matches agreed before there were any, and of parties that came later."""
    numbers = list(db.session.scalars(unplanned(office().check_in_months)))
    db.session.rollback()
    planned = 0
    for number in numbers:
        with transaction():
            if case := db.session.get(Case, number):
                lock(case)
                planned += bool(plan(case, viewer=SYSTEM))
    return planned


def _step(number: int, *, link: MakeLink, today: date) -> int:
    """Ask or remind one party, unless somebody else did meanwhile; returns 1 when it was done."""
    check = db.session.get(CheckIn, number)
    if check is None:
        return 0
    lock(check.case)
    db.session.refresh(check)
    still = due_check_ins(today).where(CheckIn.id == number).with_only_columns(CheckIn.id)
    if check.reminded_on or db.session.scalar(still) is None:
        return 0
    again = check.asked_on is not None
    if again and (check.asked_on or today) > today - timedelta(days=REMIND_AFTER):
        return 0
    token = secrets.token_urlsafe(32)
    if again:
        check.reminder_hash, check.reminded_on = hash_of_token(token), today
    else:
        check.token_hash, check.asked_on = hash_of_token(token), today
        check.answer_until = today + timedelta(days=ANSWER_DAYS)
    mails = send_check_in(check, link(token), again=again)
    check.mails = max(check.mails, mails)
    db.session.flush()
    action = "case.check_reminded" if again else "case.check_asked"
    changes = {**_about(check), "mails": (None, mails)}
    _log(check.case, action, SYSTEM, changes)
    return 1


def _start_over(row: CheckIn, due: date) -> None:
    """Move a check-in to another day: it will be asked anew, and older links are dead."""
    row.due = due
    row.token_hash = row.reminder_hash = row.asked_on = row.reminded_on = row.answer_until = None
    row.mails = 0


def _check_spoken(check: CheckIn, command: SpokenCheckIn, today: date) -> None:
    refusals = (
        (
            check.way is ConsentWay.LINK,
            _("本人の回答がすでにあります。変えるときは、本人のリンクから直してもらってください。"),
            None,
        ),
        (check.case.stage not in AGREED, _("このマッチングは、いま成立していません。"), None),
        (command.way is ConsentWay.LINK, _("返事を受けた方法を選んでください。"), "way"),
        (not command.answered_by.strip(), _("返事をした方を入力してください。"), "answered_by"),
        (not command.evidence.strip(), _("何で確かめられるかを入力してください。"), "evidence"),
        (command.on > today, _("返事の日を、今日かそれより前にしてください。"), "on"),
        (
            command.on < check.case.opened_on,
            _("返事の日を、このマッチングを始めた日かそれより後にしてください。"),
            "on",
        ),
    )
    for refused, message, field in refusals:
        if refused:
            raise DomainError(message, field=field)


def _about(check: CheckIn) -> dict[str, tuple[object, object]]:
    return {"party": (None, check.party.public_id), "months": (None, check.months)}


def _log_answer(check: CheckIn, viewer: Viewer, changes: dict[str, tuple[object, object]]) -> None:
    _log(check.case, "case.check_answered", viewer, {**_about(check), **changes})


def _log(
    case: Case, action: str, viewer: Viewer, changes: Mapping[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"case:{case.public_id}", changes=changes)
