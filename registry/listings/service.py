"""Writing listings and taking them through review, publication and their end."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, next_number, now
from registry.listings import mails, search
from registry.listings.comparison import conflict_fields
from registry.listings.content import (
    Content,
    content_of,
    date_problem,
    gaps,
    needs_review_again,
)
from registry.listings.models import Listing, ListingKind, ListingState
from registry.listings.states import STEPS, Step
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.profile import Word
from registry.organizations.service import record_consent

REMINDED_BEFORE = timedelta(days=14)
"""How long before its end the members hear that a listing expires."""


def create_listing(
    content: Content,
    *,
    kind: ListingKind,
    organization: Organization,
    viewer: Viewer,
    today: date,
    consent: Word | None = None,
) -> Listing:
    """A new draft of a seed or need; by staff for a firm that gave its word (代行入力)."""
    refuse_stranger(organization.id, viewer)
    if organization.state is OrganizationState.ARCHIVED:
        raise DomainError(_("登録が終了した企業・団体の案件は書けません。"))
    listing = Listing(
        kind=kind,
        number=next_number(Listing.number, Listing.kind == kind),
        organization=organization,
        state=ListingState.DRAFT,
        entered_by_id=viewer.user_id,
        **content.values(),
    )
    db.session.add(listing)
    search.refresh(listing)
    if consent is not None:
        listing.consent = record_consent(organization, **vars(consent), viewer=viewer, today=today)
    db.session.flush()
    changes = {name: (None, value) for name, value in content.values().items() if value}
    _log(listing, "listing.created", viewer, changes)
    return listing


def change_listing(
    listing: Listing,
    content: Content,
    *,
    version: int | None,
    viewer: Viewer,
    today: date,
    consent: Word | None = None,
) -> Listing:
    """Write a listing anew. A published one stays complete; what its author changes in what it
    says, or shows to a wider circle, is reviewed again. Staff's changes count at once.

    Raises Conflict when somebody else was faster.
    """
    refuse_stranger(listing.organization_id, viewer)
    _refuse_state(listing, Step.EDIT)
    if version is not None and version != listing.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの案件を変更しました。"),
            version=listing.version,
            fields=conflict_fields(content_of(listing), content),
        )
    before = content_of(listing)
    if listing.state in (ListingState.PUBLISHED, ListingState.SUBMITTED):
        _refuse_gaps(content, listing.kind, today)
    changes = apply(listing, content.values())
    if consent is not None and viewer.is_staff:
        listing.consent = record_consent(
            listing.organization, **vars(consent), viewer=viewer, today=today
        )
    if not changes:
        return listing
    if "valid_until" in changes:
        listing.reminded_on = None
    search.refresh(listing)
    _log(listing, "listing.changed", viewer, changes)
    published = listing.state is ListingState.PUBLISHED
    if published and not viewer.is_staff and needs_review_again(before, content):
        _move(listing, ListingState.SUBMITTED, "listing.submitted", viewer)
        listing.submitted_at = now()
    db.session.flush()
    return listing


def submit_listing(
    listing: Listing,
    *,
    viewer: Viewer,
    today: date,
    version: int | None = None,
    publish: bool = False,
) -> None:
    """Hand a complete listing in for review. What staff enter needs the firm's word first.

    `publish` lets staff put it on the list at once.
    """
    refuse_stranger(listing.organization_id, viewer)
    _refuse_state(listing, Step.SUBMIT)
    _refuse_version(listing, version)
    _refuse_gaps(content_of(listing), listing.kind, today)
    if consent_is_missing(listing):
        raise DomainError(_("代行で書いた案件です。編集の画面で、同意の記録を入れてください。"))
    _move(listing, ListingState.SUBMITTED, "listing.submitted", viewer)
    listing.submitted_at = now()
    db.session.flush()
    if publish:
        publish_listing(listing, viewer=viewer, today=today)


def withdraw_listing(listing: Listing, *, viewer: Viewer) -> None:
    """Take a listing back out of review; it becomes a draft."""
    refuse_stranger(listing.organization_id, viewer)
    _refuse_state(listing, Step.WITHDRAW)
    _move(listing, ListingState.DRAFT, "listing.withdrawn", viewer)
    db.session.flush()


def publish_listing(
    listing: Listing,
    *,
    viewer: Viewer,
    today: date,
    version: int | None = None,
    hide_place: bool = False,
) -> None:
    """Put a reviewed listing on the list; its first publication stays its date.

    `version` is the one that was read: nobody publishes a text he has not seen. `hide_place`
    leaves the ward out of an anonymous owner's line.
    """
    _refuse_others_than_staff(viewer)
    _refuse_state(listing, Step.PUBLISH)
    _refuse_version(listing, version)
    if listing.organization.state is not OrganizationState.APPROVED:
        raise DomainError(
            _("企業・団体の登録を先に承認してください。案件はそのあとに公開できます。")
        )
    _refuse_gaps(content_of(listing), listing.kind, today)
    _move(listing, ListingState.PUBLISHED, "listing.published", viewer)
    listing.hide_place = hide_place and listing.anonymous
    listing.published_at = listing.published_at or now()
    db.session.flush()
    mails.tell_published(listing)


def return_listing(
    listing: Listing, *, reason: str, viewer: Viewer, version: int | None = None
) -> None:
    """Give a listing back to its author with what is to be corrected."""
    _refuse_others_than_staff(viewer)
    _refuse_state(listing, Step.RETURN)
    _refuse_version(listing, version)
    _move(listing, ListingState.RETURNED, "listing.returned", viewer, reason)
    db.session.flush()
    mails.tell_returned(listing)


def renew_listing(
    listing: Listing, *, until: date, version: int | None, viewer: Viewer, today: date
) -> None:
    """Show a published or expired listing for longer."""
    refuse_stranger(listing.organization_id, viewer)
    _refuse_state(listing, Step.RENEW)
    _refuse_version(listing, version)
    if problem := date_problem(until, today=today):
        raise DomainError(problem, field="valid_until")
    expired = listing.state is ListingState.EXPIRED
    if until < listing.valid_until or (until == listing.valid_until and not expired):
        raise DomainError(
            _("いまの期限より後の日を入力してください。早く終えるときは「終了する」を使います。"),
            field="valid_until",
        )
    changes = apply(listing, {"valid_until": until, "state": ListingState.PUBLISHED})
    listing.reminded_on = listing.ended_at = None
    _log(listing, "listing.renewed", viewer, changes)
    db.session.flush()


def close_listing(
    listing: Listing, *, reason: str, viewer: Viewer, version: int | None = None
) -> None:
    """Take a listing off the list for good. It stays in the reports."""
    refuse_stranger(listing.organization_id, viewer)
    _refuse_state(listing, Step.CLOSE)
    _refuse_version(listing, version)
    _move(listing, ListingState.CLOSED, "listing.closed", viewer, reason)
    listing.ended_at = now()
    db.session.flush()


def expire_due(today: date) -> int:
    """Take listings past their day off the list; return how many."""
    due = select(Listing).where(
        Listing.state == ListingState.PUBLISHED, Listing.valid_until < today
    )
    rows = list(db.session.scalars(due.order_by(Listing.id)))
    for listing in rows:
        _move(listing, ListingState.EXPIRED, "listing.expired", SYSTEM)
        listing.ended_at = now()
    db.session.flush()
    return len(rows)


def remind_expiring(today: date) -> int:
    """Tell owners of listings that end within `REMINDED_BEFORE`, once each; return how many."""
    last = today + REMINDED_BEFORE
    due = select(Listing).where(
        Listing.state == ListingState.PUBLISHED,
        Listing.valid_until.between(today, last),
        Listing.reminded_on.is_(None),
    )
    rows = list(db.session.scalars(due.order_by(Listing.id)))
    for listing in rows:
        listing.reminded_on = today
        _log(listing, "listing.reminded", SYSTEM, {"reminded_on": (None, today)})
        mails.tell_expiring(listing)
    db.session.flush()
    return len(rows)


def consent_is_missing(listing: Listing) -> bool:
    """Whether staff entered it and nobody wrote down the firm's word."""
    writer = listing.entered_by
    return writer is not None and writer.role is not Role.MEMBER and listing.consent_id is None


def refuse_stranger(organization_id: int, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer is staff or a member of that organization."""
    own = viewer.role is Role.MEMBER and viewer.belongs_to(organization_id)
    if not viewer.is_staff and not own:
        raise NotAllowed(_("この案件を扱えるのは、その会員と事務局です。"))


def _refuse_others_than_staff(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise NotAllowed(_("案件を審査するのは、事務局の担当者です。"))


def _refuse_state(listing: Listing, step: Step) -> None:
    if listing.state not in STEPS[step]:
        raise DomainError(
            _("この案件の状態では、この操作はできません。いまの状態を確かめてください。")
        )


def _refuse_version(listing: Listing, version: int | None) -> None:
    if version is not None and version != listing.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの案件を変更しました。"), version=listing.version
        )


def _refuse_gaps(content: Content, kind: ListingKind, today: date) -> None:
    for gap in gaps(content, kind, today=today):
        raise DomainError(gap.message, field=gap.field)


def _move(
    listing: Listing, state: ListingState, action: str, viewer: Viewer, reason: str = ""
) -> None:
    changes = apply(listing, {"state": state, "state_reason": reason})
    _log(listing, action, viewer, changes)


def _log(listing: Listing, action: str, viewer: Viewer, changes: Mapping[str, Change]) -> None:
    record(actor=viewer, action=action, subject=f"listing:{listing.public_id}", changes=changes)
