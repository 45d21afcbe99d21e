"""Applying in a call: drafts, handing in, taking back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.audit.service import record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization
from registry.programs import mails
from registry.programs.application_queries import standing_application
from registry.programs.application_states import WITHDRAWABLE
from registry.programs.call_status import status_of
from registry.programs.kinds import CallStatus, EnrolmentResult, EnrolmentState, ProgramState
from registry.programs.models import Call, Enrolment
from registry.programs.questions import read_answers


@dataclass(frozen=True)
class Application:
    """What is applied for. The amount in yen; answers by the key of their question."""

    project: str = ""
    topic: str = ""
    requested_yen: int | None = None
    partners: tuple[Organization, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)


def begin(
    call: Call,
    organization: Organization,
    wish: Application,
    *,
    hand_in: bool,
    today: date,
    viewer: Viewer,
) -> Enrolment:
    """Keep a draft, or hand it in at once. Two who write at once for one organization make one
    application: the call is locked. Raises DomainError at its field."""
    refuse_strangers(organization, viewer)
    db.session.refresh(call, with_for_update=True)
    _refuse_closed(call, today)
    if not organization.is_approved:
        raise DomainError(_("登録が承認された企業・団体が申し込めます。"))
    if standing_application(call, organization.id) is not None:
        raise DomainError(_("この募集には、すでに申込か下書きがあります。そちらを開いてください。"))
    row = Enrolment(
        program_id=call.program_id,
        call_id=call.id,
        organization_id=organization.id,
        fiscal_year=call.fiscal_year,
        state=EnrolmentState.DRAFT,
        result=EnrolmentResult.AWARDED,
        published=False,
    )
    _write(row, call, wish, hand_in=hand_in)
    db.session.add(row)
    db.session.flush()
    _log(row, "enrolment.begun", viewer, {"call": (None, call.public_id)})
    if hand_in:
        _hand_in(row, today=today, viewer=viewer)
    return row


def rewrite(
    row: Enrolment,
    wish: Application,
    *,
    version: int | None,
    hand_in: bool,
    today: date,
    viewer: Viewer,
) -> None:
    """Write a draft anew, or hand it in. Raises Conflict when it was changed after `version`."""
    refuse_strangers(row.organization, viewer)
    call = _call_of(row)
    db.session.refresh(row, with_for_update=True)
    if version is not None and version != row.version:
        raise _conflict(row)
    if row.state is not EnrolmentState.DRAFT:
        raise DomainError(_("申し込んだ内容を直すには、先に「下書きに戻す」を押してください。"))
    if hand_in:
        _refuse_closed(call, today)
    _write(row, call, wish, hand_in=hand_in)
    db.session.flush()
    _log(row, "enrolment.written", viewer, {})
    if hand_in:
        _hand_in(row, today=today, viewer=viewer)


def reopen(row: Enrolment, *, today: date, viewer: Viewer) -> None:
    """Make an application a draft again while its call is open; a withdrawn one too."""
    refuse_strangers(row.organization, viewer)
    call = _call_of(row)
    db.session.refresh(call, with_for_update=True)
    db.session.refresh(row, with_for_update=True)
    before = row.state
    if before is EnrolmentState.DRAFT:
        return
    undecided = before is EnrolmentState.APPLIED or (
        before is EnrolmentState.WITHDRAWN and row.decided_on is None
    )
    if not undecided:
        raise DomainError(_("結果が決まった申込は、下書きに戻せません。"))
    _refuse_closed(call, today)
    other = standing_application(call, row.organization_id)
    if other is not None and other.id != row.id:
        raise DomainError(_("この募集には、ほかの申込か下書きがあります。"))
    row.state, row.applied_on, row.ended_on = EnrolmentState.DRAFT, None, None
    db.session.flush()
    _log(row, "enrolment.reopened", viewer, {"state": (before, row.state)})


def withdraw(row: Enrolment, *, today: date, viewer: Viewer) -> None:
    """The applicant steps back (辞退)."""
    refuse_strangers(row.organization, viewer)
    db.session.refresh(row, with_for_update=True)
    if row.state is EnrolmentState.WITHDRAWN:
        return
    if row.state not in WITHDRAWABLE:
        raise DomainError(_("この申込は、もう辞退できません。"))
    before, row.state, row.ended_on = row.state, EnrolmentState.WITHDRAWN, today
    db.session.flush()
    _log(row, "enrolment.withdrawn", viewer, {"state": (before, row.state)})


def discard(row: Enrolment, *, viewer: Viewer) -> None:
    """Throw a draft away; nobody else has seen it."""
    refuse_strangers(row.organization, viewer)
    db.session.refresh(row, with_for_update=True)
    if row.state is not EnrolmentState.DRAFT:
        raise DomainError(_("下書きだけを捨てられます。申込は、辞退してください。"))
    _log(row, "enrolment.discarded", viewer, {})
    db.session.delete(row)
    db.session.flush()


def refuse_strangers(organization: Organization, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer speaks for the organization or is the office."""
    speaks = viewer.role is Role.MEMBER and viewer.belongs_to(organization.id)
    if not (speaks or viewer.is_staff):
        raise NotAllowed(_("申し込めるのは、その企業・団体の会員と事務局です。"))


def _hand_in(row: Enrolment, *, today: date, viewer: Viewer) -> None:
    before, row.state, row.applied_on = row.state, EnrolmentState.APPLIED, today
    db.session.flush()
    _log(row, "enrolment.handed_in", viewer, {"state": (before, row.state)})
    mails.tell_received(row)


def _write(row: Enrolment, call: Call, wish: Application, *, hand_in: bool) -> None:
    if hand_in and not wish.project.strip():
        raise DomainError(_("事業の名前を入力してください。"), field="project")
    if any(partner.id == row.organization_id for partner in wish.partners):
        raise DomainError(_("連携先に、申し込む団体自身は選べません。"), field="partner_names")
    row.project, row.topic = wish.project.strip(), wish.topic.strip()
    row.requested_yen = wish.requested_yen
    row.partners = list(wish.partners)
    row.answers = read_answers(call.questions, wish.answers, complete=hand_in)


def _refuse_closed(call: Call, today: date) -> None:
    if call.program.state is not ProgramState.ACTIVE:
        raise DomainError(_("この制度は、新規の受付をしていません。"))
    if status_of(call, today) is not CallStatus.OPEN:
        raise DomainError(_("この募集は、いま受け付けていません。下書きは残っています。"))


def _call_of(row: Enrolment) -> Call:
    if row.call is None:
        raise DomainError(_("募集を通さずに記録されたものです。制度の担当に確かめてください。"))
    return row.call


def _log(row: Enrolment, action: str, viewer: Viewer, changes: Mapping[str, Any]) -> None:
    record(actor=viewer, action=action, subject=f"enrolment:{row.public_id}", changes=changes)


def _conflict(row: Enrolment) -> Conflict:
    amount = row.requested_yen
    return Conflict(
        _("この申込は、開いてからの間に、ほかの人が変更しました。"),
        version=row.version,
        fields=(
            ConflictField("project", _("事業の名前"), row.project),
            ConflictField("topic", _("テーマ・種別"), row.topic),
            ConflictField(
                "requested_yen", _("希望の金額"), "" if amount is None else f"{amount:,}"
            ),
        ),
    )
