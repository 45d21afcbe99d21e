"""Invitations: a link to one address by which one account is made. Only the token's hash is kept."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.accounts.models import User
from registry.accounts.queries import user_by_email
from registry.accounts.service import create_user
from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed, NotFound
from registry.common.roles import STAFF, Role
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.organizations import mails
from registry.organizations.models import Invitation, InvitationState, Membership, Organization
from registry.organizations.people import may_manage, refuse_non_manager

LASTS = timedelta(days=14)

Link = Callable[[str], str]
"""Makes the absolute address of a token's page."""


@dataclass(frozen=True)
class Invite:
    """Who is invited, in which role, to which organization."""

    email: str
    name: str = ""
    role: Role = Role.MEMBER
    organization: Organization | None = None
    is_manager: bool = False
    locale: str = "ja"


def new_token() -> tuple[str, str]:
    """A secret for a link, and the hash of it that is kept."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """What is kept of a token; long random secrets need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str, state: InvitationState) -> Invitation:
    """The invitation of a link, in that state and not expired. Raises NotFound."""
    found = db.session.scalar(
        select(Invitation).where(
            Invitation.token_hash == hash_of(token[:200]), Invitation.state == state
        )
    )
    if found is None or found.expires_at <= now():
        raise NotFound
    return found


def invitable_roles(viewer: Viewer) -> list[Role]:
    """The roles the viewer may invite for: only administrators make staff."""
    roles = [Role.MEMBER, Role.PARTNER, Role.OPERATOR, Role.EVALUATOR]
    if viewer.role is Role.ADMINISTRATOR:
        return [*roles, Role.COORDINATOR, Role.ADMINISTRATOR]
    return roles if viewer.is_staff else [Role.MEMBER]


def invite(wish: Invite, *, viewer: Viewer, link: Link) -> Invitation:
    """Offer somebody a way in, and mail the link.

    Staff for any organization or none; a manager for colleagues of the own one. An older open
    invitation of the same address ends. Raises DomainError for a role that is not the viewer's to
    give, and, to staff, for an address that cannot use the link.
    """
    if wish.organization is not None:
        refuse_non_manager(wish.organization, viewer)
    elif not viewer.is_staff:
        raise NotAllowed(_("招待できるのは、その企業・団体の管理担当と事務局です。"))
    if wish.role not in invitable_roles(viewer):
        raise DomainError(_("この役割で招待できるのは、管理者だけです。"), field="role")
    email = wish.email.strip().lower()
    if viewer.is_staff:
        _refuse_useless(email)
    revoke_open(email, wish.organization)
    token, token_hash = new_token()
    invitation = Invitation(
        email=email,
        name=wish.name,
        role=wish.role,
        organization=wish.organization,
        is_manager=wish.is_manager,
        locale=wish.locale,
        token_hash=token_hash,
        expires_at=now() + LASTS,
        state=InvitationState.OPEN,
        invited_by_id=viewer.user_id,
    )
    db.session.add(invitation)
    db.session.flush()
    log(invitation, "invitation.sent", viewer, {"email": email, "role": wish.role})
    mails.send_invitation(invitation, link(token))
    return invitation


def resend(invitation: Invitation, *, viewer: Viewer, link: Link) -> None:
    """A new link, for another 14 days; the old one is dead."""
    _refuse_foreign(invitation, viewer)
    if invitation.state is not InvitationState.OPEN:
        raise DomainError(_("この招待は終わっています。新しく招待してください。"))
    token, invitation.token_hash = new_token()
    invitation.expires_at = now() + LASTS
    log(invitation, "invitation.resent", viewer)
    mails.send_invitation(invitation, link(token))
    db.session.flush()


def revoke(invitation: Invitation, *, viewer: Viewer) -> None:
    """Take an open invitation back: its link is dead at once."""
    _refuse_foreign(invitation, viewer)
    if invitation.state is not InvitationState.OPEN:
        raise DomainError(_("この招待は終わっています。"))
    invitation.state = InvitationState.REVOKED
    log(invitation, "invitation.revoked", viewer)
    db.session.flush()


def join(token: str, *, name: str, password: str, today: date) -> User:
    """Use an invitation: an account is made and, with an organization, a membership.

    Raises NotFound for a dead link and DomainError when the address has an account by now.
    """
    invitation = by_token(token, InvitationState.OPEN)
    user = create_user(
        email=invitation.email,
        name=name,
        role=invitation.role,
        password=password,
        locale=invitation.locale,
        actor=Viewer(public_id=f"invitation:{invitation.public_id}"),
    )
    _use(invitation, user, today=today)
    return user


def join_signed_in(token: str, *, viewer: Viewer, today: date) -> None:
    """Use an invitation with the account one has: it joins the organization.

    Raises NotFound unless the invitation is for the viewer's own address and role.
    """
    invitation = by_token(token, InvitationState.OPEN)
    user = user_by_email(invitation.email)
    if user is None or user.id != viewer.user_id or user.role is not invitation.role:
        raise NotFound
    if viewer.organization_id is not None:
        raise DomainError(_("すでに別の企業・団体に参加しています。事務局に相談してください。"))
    _use(invitation, user, today=today)


def invitations_of(organization: Organization) -> list[Invitation]:
    """The open invitations of an organization, newest first."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(
                Invitation.organization_id == organization.id,
                Invitation.state == InvitationState.OPEN,
            )
            .order_by(Invitation.id.desc())
        )
    )


def invitations(state: InvitationState) -> Select[Invitation]:
    """Statement of the invitations in a state, for staff: oldest first where somebody waits."""
    newest = Invitation.id.asc() if state is InvitationState.APPLIED else Invitation.id.desc()
    return (
        select(Invitation)
        .where(Invitation.state == state)
        .options(selectinload(Invitation.organization))
        .order_by(newest)
    )


def get_invitation(public_id: str, viewer: Viewer) -> Invitation:
    """The invitation of that id: for staff, and managers of its organization. Raises NotFound."""
    found = db.session.scalar(select(Invitation).where(Invitation.public_id == public_id))
    if found is None or not _is_own(found, viewer):
        raise NotFound
    return found


def revoke_open(email: str, organization: Organization | None) -> None:
    """End open invitations of an address to the same organization: one link at a time."""
    older = db.session.scalars(
        select(Invitation).where(
            Invitation.email == email,
            Invitation.state == InvitationState.OPEN,
            Invitation.organization_id == (organization.id if organization else None),
        )
    )
    for invitation in older:
        invitation.state = InvitationState.REVOKED


def log(
    invitation: Invitation,
    action: str,
    viewer: Viewer,
    values: dict[str, object] | None = None,
) -> None:
    """Write what happened to an invitation into the audit log."""
    record(
        actor=viewer,
        action=action,
        subject=f"invitation:{invitation.public_id}",
        changes={name: (None, value) for name, value in (values or {}).items()},
    )


def _use(invitation: Invitation, user: User, *, today: date) -> None:
    invitation.state = InvitationState.USED
    actor = Viewer(role=user.role, user_id=user.id, public_id=user.public_id)
    log(invitation, "invitation.used", actor)
    organization = invitation.organization
    if organization is not None:
        membership = Membership(
            organization=organization,
            user_id=user.id,
            is_manager=invitation.is_manager,
            since=today,
        )
        db.session.add(membership)
        record(
            actor=actor,
            action="membership.started",
            subject=f"organization:{organization.public_id}",
            changes={"member": (None, user.public_id)},
        )
    db.session.flush()


def _refuse_useless(email: str) -> None:
    """Staff are told when the address has an account that the link could not help."""
    user = user_by_email(email)
    if user is None:
        return
    if not user.active:
        raise DomainError(
            _("このアドレスのアカウントは止められています。管理者が再開すると招待できます。"),
            field="email",
        )
    joined = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.ended_on.is_(None))
    )
    if joined is not None or user.role in STAFF:
        raise DomainError(_("このアドレスの人は、すでに参加しています。"), field="email")


def _is_own(invitation: Invitation, viewer: Viewer) -> bool:
    if viewer.is_staff:
        return True
    return invitation.organization is not None and may_manage(invitation.organization, viewer)


def _refuse_foreign(invitation: Invitation, viewer: Viewer) -> None:
    if not _is_own(invitation, viewer):
        raise NotAllowed(_("この招待を扱えるのは、その企業・団体の管理担当と事務局です。"))
