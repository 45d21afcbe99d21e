"""Deciding about applications, and what follows: steps of the life, steps of the support."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.programs import mails
from registry.programs.application_states import STEPS, previous
from registry.programs.kinds import EnrolmentResult, EnrolmentState, MemberClass
from registry.programs.models import Enrolment, EnrolmentStep
from registry.programs.service import refuse_others


@dataclass(frozen=True)
class Decision:
    """What was decided. The amount in yen; what the public list shows is published."""

    accepted: bool
    decided_on: date
    reason: str = ""
    result: EnrolmentResult = EnrolmentResult.AWARDED
    amount_yen: int | None = None
    topic: str = ""
    member_class: MemberClass | None = None
    published: bool = True


def decide(
    row: Enrolment, wish: Decision, *, version: int | None, today: date, viewer: Viewer
) -> None:
    """Accept or decline an application; the applicant gets a mail. Raises DomainError at the field
    that cannot stand, Conflict when it was changed after `version`."""
    refuse_others(row.program, viewer)
    db.session.refresh(row, with_for_update=True)
    if row.state is not EnrolmentState.APPLIED:
        raise DomainError(_("この申込の結果は、すでに決まっているか、取り下げられています。"))
    if version is not None and version != row.version:
        raise Conflict(
            _("この申込は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(ConflictField("project", _("事業の名前"), row.project, row.project),),
        )
    if not wish.accepted and not wish.reason.strip():
        raise DomainError(_("不採択の理由を入力してください。申込者に伝わります。"), field="reason")
    if wish.decided_on > today:
        raise DomainError(_("決定の日を、今日かそれより前にしてください。"), field="decided_on")
    if row.applied_on and wish.decided_on < row.applied_on:
        raise DomainError(_("決定の日を、申込の日より後にしてください。"), field="decided_on")
    values: dict[str, object] = {
        "state": EnrolmentState.ACCEPTED if wish.accepted else EnrolmentState.DECLINED,
        "decided_on": wish.decided_on,
        "decision_reason": wish.reason.strip(),
        "amount_yen": wish.amount_yen if wish.accepted else None,
        "result": wish.result if wish.accepted else row.result,
        "topic": wish.topic.strip() or row.topic,
        "member_class": wish.member_class if wish.accepted else None,
        "published": wish.published and wish.accepted,
    }
    _changed(row, "enrolment.decided", apply(row, values), viewer)
    mails.tell_decided(row)


def step_on(row: Enrolment, state: EnrolmentState, *, today: date, viewer: Viewer) -> None:
    """Begin, complete, or note that the organization withdrew."""
    refuse_others(row.program, viewer)
    db.session.refresh(row, with_for_update=True)
    if state is row.state:
        return
    if state not in STEPS.get(row.state, ()):
        raise DomainError(_("いまの状態からは、この変更はできません。画面を開き直してください。"))
    values: dict[str, object] = {"state": state}
    if state is EnrolmentState.ACTIVE:
        values["started_on"] = row.started_on or today
    else:
        values["ended_on"] = today
    _changed(row, "enrolment.state", apply(row, values), viewer)


def undo(row: Enrolment, *, viewer: Viewer) -> None:
    """Take the last step back: a decision too, whose mail is then corrected. Raises DomainError
    where nothing can be taken back."""
    refuse_others(row.program, viewer)
    db.session.refresh(row, with_for_update=True)
    back = previous(row)
    if back is None or (row.call is None and back is EnrolmentState.APPLIED):
        raise DomainError(_("元に戻せる変更がありません。"))
    if back is EnrolmentState.APPLIED and row.steps:
        raise DomainError(_("支援の段階の記録を消してから、結果を取り消してください。"))
    was_decided = row.state in (EnrolmentState.ACCEPTED, EnrolmentState.DECLINED)
    values: dict[str, object] = {"state": back, "ended_on": None}
    if back in (EnrolmentState.ACCEPTED, EnrolmentState.APPLIED):
        values["started_on"] = None
    if back is EnrolmentState.APPLIED:
        values |= {"decided_on": None, "decision_reason": "", "amount_yen": None}
        values["published"] = False
    _changed(row, "enrolment.undone", apply(row, values), viewer)
    if was_decided and back is EnrolmentState.APPLIED:
        mails.tell_decision_undone(row)


def add_step(
    row: Enrolment, step: str, *, on: date, detail: str = "", today: date, viewer: Viewer
) -> EnrolmentStep:
    """Note how far the support came. `step` is a key of the program's stage names."""
    refuse_others(row.program, viewer)
    db.session.refresh(row, with_for_update=True)
    if step not in row.program.stage_names:
        raise DomainError(_("段階を選んでください。"), field="step")
    if any(found.step == step for found in row.steps):
        raise DomainError(_("この段階は、すでに記録されています。"), field="step")
    if on > today:
        raise DomainError(_("日を、今日かそれより前にしてください。"), field="on")
    found = EnrolmentStep(
        enrolment=row, step=step, on=on, detail=detail.strip(), recorded_by_id=viewer.user_id
    )
    db.session.add(found)
    db.session.flush()
    _changed(row, "enrolment.step", {step: (None, on)}, viewer)
    return found


def remove_step(row: Enrolment, public_id: str, *, viewer: Viewer) -> None:
    """Take a step away that was noted by mistake. Raises DomainError when it is gone."""
    refuse_others(row.program, viewer)
    found = next((step for step in row.steps if step.public_id == public_id), None)
    if found is None:
        raise DomainError(_("この記録は、もうありません。"))
    changes: dict[str, Change] = {found.step: (found.on, None)}
    row.steps.remove(found)
    db.session.flush()
    _changed(row, "enrolment.step", changes, viewer)


def _changed(row: Enrolment, action: str, changes: dict[str, Change], viewer: Viewer) -> None:
    db.session.flush()
    record(actor=viewer, action=action, subject=f"enrolment:{row.public_id}", changes=changes)
