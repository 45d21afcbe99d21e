"""Applying to join, and the office's answers.

The applicant always sees the same answer, whether or not the address is known.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.queries import user_by_email
from registry.common.errors import DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import VISITOR, Viewer
from registry.db import db, now
from registry.organizations import mails
from registry.organizations.invitations import LASTS, Link, by_token, log, new_token
from registry.organizations.models import (
    Invitation,
    InvitationState,
    Organization,
    OrganizationKind,
)
from registry.organizations.profile import Profile
from registry.organizations.queries import members_of
from registry.organizations.service import create_organization


@dataclass(frozen=True)
class Application:
    """What an applicant writes."""

    email: str
    name: str
    organization_name: str
    message: str = ""
    locale: str = "ja"


def apply_to_join(application: Application, *, link: Link) -> None:
    """Take an application and mail the link that proves the address.

    To a known address goes another mail; nobody else learns of it. An older application of the
    address that was never verified ends.
    """
    email = application.email.strip().lower()
    if user_by_email(email) is not None or _waits(email):
        mails.send_known_address(email, application.locale)
        return
    for older in _with_state(email, InvitationState.UNVERIFIED):
        older.state = InvitationState.REVOKED
    token, token_hash = new_token()
    invitation = Invitation(
        email=email,
        name=application.name,
        organization_name=application.organization_name,
        message=application.message,
        locale=application.locale,
        role=Role.MEMBER,
        token_hash=token_hash,
        expires_at=now() + LASTS,
        state=InvitationState.UNVERIFIED,
    )
    db.session.add(invitation)
    db.session.flush()
    log(invitation, "application.received", VISITOR, {"email": email, "name": application.name})
    mails.send_verification(invitation, link(token))


def verify_address(token: str) -> Invitation:
    """The applicant pressed the button on the link's page: the office gets the application.

    Raises NotFound for a dead link. The link cannot be used again.
    """
    invitation = by_token(token, InvitationState.UNVERIFIED)
    invitation.state = InvitationState.APPLIED
    _secret, invitation.token_hash = new_token()
    log(invitation, "application.verified", VISITOR)
    db.session.flush()
    return invitation


def accept_application(
    invitation: Invitation,
    *,
    organization: Organization | None,
    viewer: Viewer,
    today: date,
    link: Link,
) -> Organization:
    """Let an applicant in: for an organization on record, or for a new draft of the name given.

    The first person of an organization becomes its manager. The invitation mail goes out.
    """
    _refuse_unless_waiting(invitation, viewer)
    if organization is None:
        profile = Profile(kind=OrganizationKind.COMPANY, name=invitation.organization_name)
        organization = create_organization(
            profile, viewer=viewer, today=today, duplicates_checked=True
        )
    invitation.organization = organization
    invitation.is_manager = not any(m.is_manager for m in members_of(organization))
    invitation.state = InvitationState.OPEN
    invitation.invited_by_id = viewer.user_id
    token, invitation.token_hash = new_token()
    invitation.expires_at = now() + LASTS
    log(invitation, "application.accepted", viewer, {"organization": organization.public_id})
    mails.send_invitation(invitation, link(token))
    db.session.flush()
    return organization


def decline_application(invitation: Invitation, *, reason: str, viewer: Viewer) -> None:
    """Refuse an applicant, with the reason, which is mailed."""
    _refuse_unless_waiting(invitation, viewer)
    if not reason.strip():
        raise DomainError(_("理由を入力してください。相手に届きます。"), field="reason")
    invitation.state = InvitationState.DECLINED
    invitation.state_reason = reason.strip()
    log(invitation, "application.declined", viewer, {"reason": reason.strip()})
    mails.send_declined(invitation)
    db.session.flush()


def _refuse_unless_waiting(invitation: Invitation, viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise NotAllowed(_("申込に答えられるのは、事務局の担当者です。"))
    if invitation.state is not InvitationState.APPLIED:
        raise DomainError(_("この申込には、すでに答えが出ています。"))


def _waits(email: str) -> bool:
    return bool(_with_state(email, InvitationState.APPLIED))


def _with_state(email: str, state: InvitationState) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation).where(Invitation.email == email, Invitation.state == state)
        )
    )
