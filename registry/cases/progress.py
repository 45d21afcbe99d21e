"""How a case moves: stages, closing and reopening."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from registry.audit.service import record
from registry.cases import check_ins, stages
from registry.cases.models import Case, CloseReason, Closure, Stage, StageChange
from registry.cases.queries import open_case_of_pair
from registry.cases.service import OpenPair, keep_step, lock, require_open, touch
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db


def change_stage(
    case: Case, to: Stage, *, on: date, evidence: str = "", today: date, viewer: Viewer
) -> None:
    """Move a case to a stage on a day: one step on, several with evidence, one back with a reason.

    Raises DomainError at the field when the rule of `stages` refuses it.
    """
    lock(case)
    require_open(case)
    try:
        stages.check(case.stage, to, on=on, evidence=evidence, since=reached_on(case), today=today)
    except stages.StageProblem as problem:
        raise _refusal(problem, case) from problem
    before, case.stage = case.stage, to
    case.changes.append(
        StageChange(stage=to, on=on, evidence=evidence.strip(), by_id=viewer.user_id)
    )
    touch(case, on)
    db.session.flush()
    _log(
        case,
        "case.moved",
        viewer,
        {
            "stage": (before, to),
            "on": (None, on),
            "evidence": (None, evidence.strip() or None),
        },
    )
    check_ins.plan(case, viewer=viewer)


def reached_on(case: Case) -> date:
    """The day on which the case came to its stage."""
    return max((change.on for change in case.changes), default=case.opened_on)


def close_case(
    case: Case,
    *,
    reason: CloseReason,
    note: str = "",
    on: date | None = None,
    today: date,
    viewer: Viewer,
) -> None:
    """End a case; links that wait for an answer are dead from now on.

    Raises DomainError when it is closed already, "completed" comes before an agreement, "other"
    has no words, or the day does not fit.
    """
    day = on or today
    lock(case)
    if not case.is_open:
        raise DomainError(_("このマッチングは、すでに閉じています。"))
    if not stages.may_close(case.stage, reason):
        raise DomainError(
            _("「目的を果たした」は、成立から後の段階でだけ選べます。"), field="reason"
        )
    if reason is CloseReason.OTHER and not note.strip():
        raise DomainError(_("「その他」のときは、事情を入力してください。"), field="note")
    if day > today or day < case.opened_on:
        raise DomainError(_("閉じた日を、始めた日から今日までにしてください。"), field="on")
    case.closed_on, case.close_reason, case.close_note = day, reason, note.strip()
    keep_step(case, viewer=viewer)
    case.next_step, case.next_due = "", None
    case.closures.append(
        Closure(closed_on=day, reason=reason, note=note.strip(), by_id=viewer.user_id)
    )
    touch(case, day)
    db.session.flush()
    _log(
        case,
        "case.closed",
        viewer,
        {"closed_on": (None, day), "reason": (None, reason), "note": (None, note.strip() or None)},
    )


def reopen_case(case: Case, *, reason: str, today: date, viewer: Viewer) -> None:
    """Take a closed case up again in the stage where it stood.

    Raises DomainError when it is open or no reason is given, OpenPair when another case of the
    same need and seed was opened meanwhile.
    """
    lock(case)
    if case.closed_on is None:
        raise DomainError(_("このマッチングは閉じていません。"))
    if not reason.strip():
        raise DomainError(_("再開する理由を入力してください。"), field="reason")
    need, seed = case.need_id, case.seed_id
    if need and seed and (other := open_case_of_pair(need, seed)):
        raise OpenPair(other)
    before = case.closed_on
    closure = _closure_in_force(case)
    closure.reopened_on, closure.reopen_reason = today, reason.strip()
    closure.reopened_by_id = viewer.user_id
    try:
        with db.session.begin_nested():
            case.closed_on, case.close_reason, case.close_note = None, None, ""
            case.moved_on = max(case.moved_on, today)
            db.session.flush()
    except IntegrityError:
        other = open_case_of_pair(need, seed) if need and seed else None
        if other:
            raise OpenPair(other) from None
        raise
    _log(
        case,
        "case.reopened",
        viewer,
        {"closed_on": (before, None), "reason": (None, reason.strip())},
    )


def _closure_in_force(case: Case) -> Closure:
    """The closing that reopening ends; one is made for a case that was loaded as closed."""
    for closure in reversed(case.closures):
        if closure.reopened_on is None:
            return closure
    closure = Closure(
        closed_on=case.closed_on or case.opened_on,
        reason=case.close_reason or CloseReason.OTHER,
        note=case.close_note,
    )
    case.closures.append(closure)
    return closure


def _refusal(problem: stages.StageProblem, case: Case) -> DomainError:
    words = {
        "same": (_("いまと違う段階を選んでください。"), "stage"),
        "consent": (_("引き合わせは、双方の承諾がそろうと自動で記録されます。"), "stage"),
        "back_far": (_("段階を戻せるのは 1 つだけです。"), "stage"),
        "evidence": (
            _("段階を飛ばすとき、戻すときは、根拠か理由を入力してください。"),
            "evidence",
        ),
        "early": (
            _(
                "日付を、いまの段階になった日（%(day)s）かそれより後にしてください。",
                day=reached_on(case).isoformat(),
            ),
            "on",
        ),
        "future": (_("日付を、今日かそれより前にしてください。"), "on"),
    }
    message, field = words[problem.code]
    return DomainError(message, field=field)


def _log(
    case: Case, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"case:{case.public_id}", changes=changes)
