"""Colleagues: who speaks for an organization, who looks after them, and who leaves."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.service import disable_user
from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Invitation, InvitationState, Membership, Organization
from registry.organizations.queries import members_of


def may_manage(organization: Organization, viewer: Viewer) -> bool:
    """Whether the viewer looks after the people of the organization: staff and its managers."""
    return viewer.is_staff or (viewer.manages_organization and viewer.belongs_to(organization.id))


def refuse_non_manager(organization: Organization, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer looks after the organization's people."""
    if not may_manage(organization, viewer):
        raise NotAllowed(_("この操作ができるのは、その企業・団体の管理担当と事務局です。"))


def set_manager(membership: Membership, *, is_manager: bool, viewer: Viewer) -> None:
    """Make a colleague a manager, or a plain member again. One manager always stays."""
    organization = membership.organization
    refuse_non_manager(organization, viewer)
    if membership.is_manager is is_manager:
        return
    if not is_manager:
        _refuse_last_manager(organization, membership, viewer)
    membership.is_manager = is_manager
    record(
        actor=viewer,
        action="membership.changed",
        subject=f"organization:{organization.public_id}",
        changes={
            "member": (None, membership.user.public_id),
            "is_manager": (not is_manager, is_manager),
        },
    )
    db.session.flush()


def end_membership(membership: Membership, *, viewer: Viewer, today: date) -> None:
    """A colleague leaves: the account is disabled, and ways in that he opened are closed."""
    organization = membership.organization
    refuse_non_manager(organization, viewer)
    if membership.user_id == viewer.user_id:
        raise DomainError(_("自分の参加は終えられません。ほかの管理担当か事務局に頼んでください。"))
    _refuse_last_manager(organization, membership, viewer)
    membership.ended_on = today
    membership.is_manager = False
    record(
        actor=viewer,
        action="membership.ended",
        subject=f"organization:{organization.public_id}",
        changes={"member": (membership.user.public_id, None)},
    )
    disable_user(membership.user, viewer=viewer)
    _close_ways_in(membership)
    db.session.flush()


def _refuse_last_manager(organization: Organization, leaving: Membership, viewer: Viewer) -> None:
    """Staff may leave an organization without a manager; its own people may not."""
    if viewer.is_staff or not leaving.is_manager:
        return
    if not any(m.is_manager for m in members_of(organization) if m is not leaving):
        raise DomainError(_("管理担当がいなくなります。先に、ほかの人を管理担当にしてください。"))


def _close_ways_in(membership: Membership) -> None:
    waiting = db.session.scalars(
        select(Invitation).where(
            Invitation.state == InvitationState.OPEN,
            (Invitation.invited_by_id == membership.user_id)
            | (Invitation.email == membership.user.email),
        )
    )
    for invitation in waiting:
        invitation.state = InvitationState.REVOKED
