"""Double opt-in: each party answers for itself, by its own link, its own sign-in, or a word that
staff recorded with evidence. Nobody's click answers for another."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from registry.audit.service import record
from registry.cases.labels import answer_label
from registry.cases.letters import MakeLink, send_request, tell_of_consent
from registry.cases.models import Answer, Case, Party, Stage, StageChange
from registry.cases.queries import hash_of_token
from registry.cases.reminders import start_over
from registry.cases.service import lock, require_open, touch
from registry.cases.stages import Consent, introduced_on
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.office.settings import office
from registry.organizations.models import ConsentWay


@dataclass(frozen=True)
class ProxyAnswer:
    """A spoken or written answer: who gave it to the office, how, when, and what shows it."""

    answer: Answer
    answered_by: str
    way: ConsentWay
    on: date
    evidence: str
    reason: str = ""


def ask(
    party: Party, *, link: MakeLink, seen: str | None = None, today: date, viewer: Viewer
) -> int:
    """Ask a party (again): a new link by mail to its people; an older link is dead from now on.

    Returns how many mails went into the outbox; 0 when no address is known: then the party is to
    be asked by telephone. `seen` is the answer as the person who asks read it. Raises DomainError
    when it agreed already, answered meanwhile, or the case is closed.
    """
    lock(party.case)
    require_open(party.case)
    if party.answer is Answer.YES:
        raise DomainError(_("すでに承諾の返事をいただいています。"))
    if seen is not None and seen != party.answer.value:
        raise DomainError(
            _("開いてからの間に返事がありました。読んでから、もう一度送ってください。")
        )
    before = party.answer
    token = secrets.token_urlsafe(32)
    party.token_hash = hash_of_token(token)
    party.asked_at = now()
    party.answer_until = today + timedelta(days=office().answer_days)
    _clear(party)
    start_over(party)
    mails = send_request(party, link(token))
    touch(party.case, today)
    db.session.flush()
    _log(party, "party.asked", viewer, {"answer": (before, Answer.PENDING),
         "answer_until": (None, party.answer_until), "mails": (None, mails)})  # fmt: skip
    return mails


def extend(party: Party, *, until: date, today: date, viewer: Viewer) -> None:
    """Give a party more time; its link stays. Raises DomainError when it answered or was not asked,
    or the day has passed."""
    lock(party.case)
    require_open(party.case)
    if party.answer is not Answer.PENDING or party.asked_at is None:
        raise DomainError(_("返事を待っている当事者だけ、期限を延ばせます。"))
    if until < today:
        raise DomainError(_("期限を、今日かそれより後にしてください。"), field="until")
    before, party.answer_until = party.answer_until, until
    party.warned_on = party.expired_on = None
    db.session.flush()
    _log(party, "party.extended", viewer, {"answer_until": (before, until)})


def is_answerable(party: Party, *, today: date) -> bool:
    """Whether the party's own link or sign-in may still answer."""
    in_time = party.answer_until is None or today <= party.answer_until
    return party.case.is_open and party.is_asked and party.answer is Answer.PENDING and in_time


def answer_by_link(
    party: Party,
    *,
    answer: Answer,
    answered_by: str,
    reason: str = "",
    link: MakeLink,
    today: date,
    viewer: Viewer,
) -> None:
    """The party's own answer, given with its link: once, and in time.

    `link` gives the address of the case's page, for the mail that follows the second yes. Raises
    DomainError when it was answered already, is too late, or the case is closed.
    """
    lock(party.case)
    if not party.case.is_open:
        raise DomainError(_("この件は終わりました。返事は必要ありません。"))
    if party.answer is not Answer.PENDING:
        raise DomainError(
            _("返事はすでにいただいています。変えたいときは担当者に知らせてください。")
        )
    if not is_answerable(party, today=today):
        raise DomainError(_("返事の期限が過ぎました。担当者に知らせてください。"))
    if not answered_by.strip():
        raise DomainError(_("お答えになる方のお名前を入力してください。"), field="answered_by")
    party.answer, party.answered_on = answer, today
    party.answered_by, party.way, party.reason = (
        answered_by.strip(),
        ConsentWay.LINK,
        reason.strip(),
    )
    _answered(party, link=link, today=today, viewer=viewer)


def answer_as_member(
    party: Party, *, answer: Answer, reason: str = "", link: MakeLink, today: date, viewer: Viewer
) -> None:
    """The answer of a signed-in member for the own organization.

    Raises NotAllowed for anybody else, and what `answer_by_link` raises.
    """
    if not viewer.belongs_to(party.organization_id):
        raise NotAllowed(_("返事ができるのは、その企業・団体の方だけです。"))
    answer_by_link(
        party,
        answer=answer,
        answered_by=viewer.name,
        reason=reason,
        link=link,
        today=today,
        viewer=viewer,
    )


def record_answer(
    party: Party,
    command: ProxyAnswer,
    *,
    version: int | None = None,
    link: MakeLink,
    today: date,
    viewer: Viewer,
) -> None:
    """Write down an answer that staff heard or read. Raises NotAllowed for anybody but staff,
    Conflict when another answer came after `version`, and DomainError at the field that is missing
    or cannot be."""
    if not viewer.is_staff:
        raise NotAllowed(_("代わって記録できるのは、職員だけです。"))
    lock(party.case)
    require_open(party.case)
    if version is not None and version != party.version and party.answer is not Answer.PENDING:
        raise _answer_conflict(party, command)
    _check_proxy(party, command, today)
    party.answer, party.answered_on = command.answer, command.on
    party.answered_by, party.way = command.answered_by.strip(), command.way
    party.reason, party.evidence = command.reason.strip(), command.evidence.strip()
    party.recorded_by_id, party.seen_at = viewer.user_id, now()
    _answered(party, link=link, today=today, viewer=viewer)


def mark_seen(case: Case, *, viewer: Viewer) -> int:
    """Note that the coordinator has seen the answers of a case; returns how many were new."""
    lock(case)
    fresh = [p for p in case.parties if p.answer is not Answer.PENDING and p.seen_at is None]
    for party in fresh:
        party.seen_at = now()
        _log(party, "party.seen", viewer, {"seen": (None, party.answer)})
    return len(fresh)


def consents_of(case: Case) -> list[Consent]:
    """The answers of a case as the rule reads them."""
    return [Consent(p.side, p.answer, p.answered_on) for p in case.parties]


def _answer_conflict(party: Party, command: ProxyAnswer) -> Conflict:
    """Somebody, perhaps the party itself, answered after the form was opened: show both answers."""
    return Conflict(
        _("開いてからの間に、この当事者の返事が記録されました。"),
        version=party.version,
        fields=(
            ConflictField(
                "answer", _("返事"), answer_label(party.answer), answer_label(command.answer)
            ),
            ConflictField("answered_by", _("返事をした方"), party.answered_by, is_text=True),
            ConflictField("evidence", _("根拠"), party.evidence, is_text=True),
            ConflictField("reason", _("辞退の理由・ひとこと"), party.reason, is_text=True),
        ),
    )


def _check_proxy(party: Party, command: ProxyAnswer, today: date) -> None:
    refusals = (
        (party.answer is Answer.YES, _("すでに承諾の返事をいただいています。"), None),
        (command.answer is Answer.PENDING, _("返事を選んでください。"), "answer"),
        (command.way is ConsentWay.LINK, _("返事を受けた方法を選んでください。"), "way"),
        (not command.answered_by.strip(), _("返事をした方を入力してください。"), "answered_by"),
        (not command.evidence.strip(), _("何で確かめられるかを入力してください。"), "evidence"),
        (command.on > today, _("返事の日を、今日かそれより前にしてください。"), "on"),
        (
            command.on < party.case.opened_on,
            _("返事の日を、このマッチングを始めた日かそれより後にしてください。"),
            "on",
        ),
    )
    for refused, message, field in refusals:
        if refused:
            raise DomainError(message, field=field)


def _answered(party: Party, *, link: MakeLink, today: date, viewer: Viewer) -> None:
    """Log the answer, and introduce the sides when it was the one still missing."""
    touch(party.case, today)
    db.session.flush()
    _log(
        party,
        "party.answered",
        viewer,
        {
            "answer": (Answer.PENDING, party.answer),
            "way": (None, party.way),
            "answered_on": (None, party.answered_on),
            "answered_by": (None, party.answered_by),
            "reason": (None, party.reason or None),
            "evidence": (None, party.evidence or None),
        },
    )
    case = party.case
    if party.answer is not Answer.YES:
        return
    if case.stage is not Stage.PROPOSED:
        tell_of_consent([p for p in case.parties if p.answer is Answer.YES], case, link)
        return
    if on := introduced_on(consents_of(case)):
        on = max(on, case.opened_on)
        case.stage = Stage.INTRODUCED
        case.changes.append(StageChange(stage=Stage.INTRODUCED, on=on, by_id=None))
        touch(case, on)
        db.session.flush()
        record(
            actor=viewer,
            action="case.introduced",
            subject=f"case:{case.public_id}",
            changes={"stage": (Stage.PROPOSED, Stage.INTRODUCED), "on": (None, on)},
        )
        tell_of_consent([p for p in case.parties if p.answer is Answer.YES], case, link)


def _clear(party: Party) -> None:
    """Forget an earlier answer of a party that is asked again; the log keeps it."""
    party.answer, party.answered_on, party.answered_by = Answer.PENDING, None, ""
    party.way, party.reason, party.evidence = None, "", ""
    party.recorded_by_id, party.seen_at = None, None


def _log(
    party: Party, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"party:{party.public_id}", changes=changes)
