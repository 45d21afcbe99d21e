"""What each person chose to hear by mail: defaults, changes, and the way out of the newsletter."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from registry.accounts.models import User
from registry.accounts.service import change_profile
from registry.audit.service import apply, record
from registry.common.roles import STAFF, Role
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.digests.models import MORNING, WORKING_DAYS, MailPreference
from registry.organizations.models import Membership, Organization, OrganizationState

INTERESTS = ("stage", "trouble", "service")
"""The code lists of programs from which interests are chosen."""


@dataclass(frozen=True)
class Choice:
    """What somebody wishes: language, the day's digest (staff), the newsletter (members)."""

    locale: str
    digest: bool = True
    minute: int = MORNING
    days: str = WORKING_DAYS
    newsletter: bool = False
    interests: Mapping[str, Sequence[str]] | None = None


def preference_of(user: User) -> MailPreference:
    """The person's choices; what holds by default when nothing was chosen, as a row not stored."""
    found = db.session.scalar(select(MailPreference).where(MailPreference.user_id == user.id))
    return found or _default(user)


def choose(user: User, choice: Choice, *, viewer: Viewer) -> MailPreference:
    """Store what a person chose. What does not belong to his role stays as it was."""
    change_profile(user, name=user.name, locale=choice.locale, viewer=viewer)
    row = preference_of(user)
    if row.id is None:
        db.session.add(row)
        db.session.flush()
    values: dict[str, object] = {}
    if user.role in STAFF:
        values |= {
            "digest": choice.digest,
            "digest_minute": choice.minute,
            "digest_days": choice.days,
        }
    if user.role is Role.MEMBER:
        kept = {name: list(codes) for name, codes in (choice.interests or {}).items() if codes}
        values |= {"interests": kept}
    changes = apply(row, values)
    if changes:
        _log(row, "mail_preference.changed", viewer, changes)
    if user.role is Role.MEMBER and choice.newsletter != row.newsletter:
        subscribe(row, viewer=viewer) if choice.newsletter else unsubscribe(row, viewer=viewer)
    return row


def subscribe(row: MailPreference, *, viewer: Viewer) -> None:
    """The person asks for the newsletter; once more is no other thing."""
    if not row.newsletter:
        row.newsletter, row.newsletter_since = True, now()
        _log(row, "mail_preference.subscribed", viewer, {"newsletter": (False, True)})


def unsubscribe(row: MailPreference, *, viewer: Viewer) -> None:
    """The person wants no newsletter any more; once more is no other thing."""
    if row.newsletter:
        row.newsletter = False
        _log(row, "mail_preference.unsubscribed", viewer, {"newsletter": (True, False)})


def preference_of_token(token: str) -> MailPreference | None:
    """Whose newsletter the link ends, or None."""
    return db.session.scalar(select(MailPreference).where(MailPreference.token == token[:64]))


def subscribers() -> Select[MailPreference]:
    """Statement of those who get the newsletter: members with a working account who asked for it
    and speak for an approved organization; by organization and name."""
    return (
        select(MailPreference)
        .join(MailPreference.user)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(
            MailPreference.newsletter,
            User.active,
            User.role == Role.MEMBER,
            Membership.ended_on.is_(None),
            Organization.state == OrganizationState.APPROVED,
        )
        .options(contains_eager(MailPreference.user))
        .order_by(Organization.number, User.name, User.id)
    )


def organization_of(user: User) -> Organization | None:
    """The organization that a person speaks for now."""
    return db.session.scalar(
        select(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == user.id, Membership.ended_on.is_(None))
    )


def organizations_of(users: Iterable[User]) -> dict[int, Organization]:
    """The organizations that several people speak for now, by the person's id, in one query."""
    rows = db.session.execute(
        select(Membership.user_id, Organization)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.user_id.in_([user.id for user in users]), Membership.ended_on.is_(None))
    )
    return {row.user_id: row.Organization for row in rows}


def member_viewer(user: User, organization: Organization) -> Viewer:
    """A member as the one who looks, outside of a request."""
    return Viewer(
        role=user.role,
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        organization_id=organization.id,
    )


def staff_viewer(user: User) -> Viewer:
    """One of the staff as the one who looks, outside of a request."""
    return Viewer(role=user.role, user_id=user.id, public_id=user.public_id, name=user.name)


def _default(user: User) -> MailPreference:
    return MailPreference(
        user_id=user.id,
        digest=user.role is Role.COORDINATOR,
        digest_minute=MORNING,
        digest_days=WORKING_DAYS,
        newsletter=False,
        interests={},
        token=secrets.token_urlsafe(32),
    )


def _log(
    row: MailPreference, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"mail_preference:{row.public_id}", changes=changes)
