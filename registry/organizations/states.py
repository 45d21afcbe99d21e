"""The way of a registration: draft → submitted → approved or returned → archived → restored."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import apply, record
from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.organizations import mails
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.queries import members_of
from registry.organizations.service import refuse_stranger

State = OrganizationState


def submit_organization(organization: Organization, *, viewer: Viewer) -> None:
    """Hand a draft, or a corrected one, to the office for review."""
    refuse_stranger(organization, viewer)
    _refuse_unless(organization, State.DRAFT, State.RETURNED)
    values = {"state": State.SUBMITTED, "state_reason": "", "submitted_at": now()}
    _move(organization, "organization.submitted", values, viewer)


def approve_organization(organization: Organization, *, viewer: Viewer, today: date) -> None:
    """Put an organization on the public list.

    Raises DomainError when nobody stands for it: no member, no recorded consent, no cited source.
    """
    _refuse_others(viewer)
    _refuse_unless(organization, State.DRAFT, State.SUBMITTED)
    stands = organization.source or organization.consents or members_of(organization)
    if not stands:
        raise DomainError(
            _("会員も同意の記録もありません。公開する同意を得て、先に記録してください。")
        )
    values = {
        "state": State.APPROVED,
        "state_reason": "",
        "approved_on": organization.approved_on or today,
    }
    _move(organization, "organization.approved", values, viewer)
    mails.tell_approved(organization)


def return_organization(organization: Organization, *, reason: str, viewer: Viewer) -> None:
    """Give a submitted registration back for correction."""
    _refuse_others(viewer)
    _refuse_unless(organization, State.SUBMITTED)
    values = {"state": State.RETURNED, "state_reason": _given(reason)}
    _move(organization, "organization.returned", values, viewer)
    mails.tell_returned(organization)


def archive_organization(
    organization: Organization, *, reason: str, viewer: Viewer, today: date
) -> None:
    """Take an organization off the list; its record stays for the reports."""
    _refuse_others(viewer)
    _refuse_unless(organization, *(state for state in State if state is not State.ARCHIVED))
    values = {"state": State.ARCHIVED, "state_reason": _given(reason), "archived_on": today}
    _move(organization, "organization.archived", values, viewer)
    mails.tell_archived(organization)


def restore_organization(organization: Organization, *, viewer: Viewer) -> None:
    """Bring an archived organization back: to the list when it was on it, else as a draft."""
    _refuse_others(viewer)
    _refuse_unless(organization, State.ARCHIVED)
    state = State.APPROVED if organization.approved_on else State.DRAFT
    values = {"state": state, "state_reason": "", "archived_on": None}
    _move(organization, "organization.restored", values, viewer)
    mails.tell_restored(organization)


def _move(
    organization: Organization, action: str, values: Mapping[str, object], viewer: Viewer
) -> None:
    changes = apply(organization, values)
    changes.pop("submitted_at", None)
    record(
        actor=viewer,
        action=action,
        subject=f"organization:{organization.public_id}",
        changes=changes,
    )
    db.session.flush()


def _refuse_others(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise NotAllowed(_("この操作ができるのは、事務局の担当者です。"))


def _refuse_unless(organization: Organization, *states: OrganizationState) -> None:
    if organization.state not in states:
        raise DomainError(
            _("この登録の状態が変わっているので、この操作はできません。画面を読み直してください。")
        )


def _given(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("理由を入力してください。相手に届きます。"), field="reason")
    return reason.strip()
