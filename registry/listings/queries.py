"""Reading listings: who sees which, and whose name with it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from registry.common import codelists
from registry.common.errors import NotFound
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.listings.search import knows_owner, matching
from registry.organizations.blind import blind_line
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.queries import OrganizationFilter, found_organizations
from registry.web.i18n import pick

CIRCLE = frozenset({Role.MEMBER, Role.OPERATOR, Role.PARTNER})
"""Roles that see listings for members; partners see them redacted."""


NEWEST_PUBLISHED = (Listing.published_at.desc(), Listing.id.desc())
"""Order where everything is published: the database walks its index instead of sorting."""
NEWEST = (func.coalesce(Listing.published_at, Listing.created_at).desc(), Listing.id.desc())
"""Order where drafts stand among them."""


@dataclass(frozen=True)
class ListingFilter:
    """What a list of listings is narrowed to; empty means all.

    `division` is a letter of the industry classification, `place` a municipality or ward; `own`
    keeps the viewer's own organization's. Without a state only published ones are listed.
    """

    text: str = ""
    kind: ListingKind | None = None
    category: Category | None = None
    division: str = ""
    place: str = ""
    visibility: Visibility | None = None
    state: ListingState | None = None
    every_state: bool = False
    own: bool = False


def visible_to(viewer: Viewer) -> Select[Listing]:
    """Statement of the listings that the viewer may see, newest first.

    Staff see all. Members see their own organization's in every state. Beyond that published ones
    of approved organizations are seen: public ones by everybody, those for members by `CIRCLE`.
    """
    if viewer.is_staff:
        return select(Listing).order_by(*NEWEST)
    circles = [Visibility.PUBLIC]
    if viewer.role in CIRCLE:
        circles.append(Visibility.MEMBERS)
    published = and_(
        Listing.state == ListingState.PUBLISHED,
        Listing.visibility.in_(circles),
        Listing.organization.has(Organization.state == OrganizationState.APPROVED),
    )
    if viewer.organization_id is None:
        return select(Listing).where(published).order_by(*NEWEST_PUBLISHED)
    return select(Listing).where(or_(published, is_own(viewer))).order_by(*NEWEST)


def found_listings(wanted: ListingFilter, viewer: Viewer) -> Select[Listing]:
    """Statement of the visible listings that fit the filter, newest first, for paging."""
    statement = visible_to(viewer)
    if (condition := matching(wanted.text[:200], viewer)) is not None:
        statement = statement.where(condition)
    for column, value in (
        (Listing.kind, wanted.kind),
        (Listing.category, wanted.category),
        (Listing.visibility, wanted.visibility if viewer.is_staff else None),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.division or wanted.place:
        statement = statement.where(_of_owner(wanted, viewer))
    if wanted.own:
        statement = statement.where(is_own(viewer))
    if wanted.every_state and not wanted.state:
        return statement
    state = wanted.state or ListingState.PUBLISHED
    statement = statement.where(Listing.state == state)
    if state is ListingState.PUBLISHED:
        return statement.order_by(None).order_by(*NEWEST_PUBLISHED)
    return statement


def get_listing(public_id: str, viewer: Viewer) -> Listing:
    """The listing of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Listing.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def open_listings(kind: ListingKind | None = None) -> list[Listing]:
    """Published listings (of one kind) of approved organizations, whoever may see them, newest
    first: what takes part in matching."""
    statement = visible_to(SYSTEM).where(
        _is_published(), Listing.organization.has(Organization.state == OrganizationState.APPROVED)
    )
    if kind:
        statement = statement.where(Listing.kind == kind)
    return list(db.session.scalars(statement))


def listings_of(organization: Organization, viewer: Viewer) -> list[Listing]:
    """An organization's listings whose owner the viewer may know, newest first.

    Anonymous ones are left out for everybody but staff and the organization itself.
    """
    return list(
        db.session.scalars(
            visible_to(viewer).where(
                Listing.organization_id == organization.id, knows_owner(viewer)
            )
        )
    )


def review_queue() -> Select[Listing]:
    """Statement of the listings that wait for review, the longest waiting first; for staff."""
    return (
        select(Listing)
        .where(Listing.state == ListingState.SUBMITTED)
        .order_by(Listing.submitted_at, Listing.id)
    )


def is_own(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a listing is the viewer's own organization's."""
    return Listing.organization_id == (viewer.organization_id or 0)


def may_see_name(listing: Listing, viewer: Viewer) -> bool:
    """Whether the viewer may know whose listing it is."""
    if viewer.is_staff or viewer.belongs_to(listing.organization_id):
        return True
    return not listing.anonymous and not is_redacted(listing, viewer)


def is_redacted(listing: Listing, viewer: Viewer) -> bool:
    """Whether the viewer sees only title, category and keywords: partners, of listings for
    members."""
    return (
        viewer.role is Role.PARTNER
        and listing.visibility is not Visibility.PUBLIC
        and not viewer.belongs_to(listing.organization_id)
    )


def owner_line(listing: Listing, viewer: Viewer) -> str:
    """The owner's name, or the line that stands for it: industry, ward and size band."""
    if may_see_name(listing, viewer):
        return pick(listing.organization.name, listing.organization.name_en)
    return blind_line(listing.organization, hide_place=listing.hide_place)


def places_of_listings(viewer: Viewer) -> list[codelists.Municipality]:
    """Municipalities and wards of the owners of what the viewer sees, by code."""
    codes = db.session.scalars(
        visible_to(viewer)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(_place_told(viewer))
        .with_only_columns(Organization.municipality)
        .distinct()
        .order_by(None)
    )
    found = [place for code in codes if code and (place := codelists.municipality(code))]
    return sorted(found, key=lambda place: place.code)


def count_submitted() -> int:
    """How many listings wait for review; for staff."""
    statement = review_queue().order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(statement)) or 0


def _is_published() -> ColumnElement[bool]:
    return Listing.state == ListingState.PUBLISHED


def _of_owner(wanted: ListingFilter, viewer: Viewer) -> ColumnElement[bool]:
    """The owner lies in that division or place. Where the place is not told it does not count."""
    owners = found_organizations(
        OrganizationFilter(division=wanted.division, place=wanted.place), SYSTEM
    )
    fits = Listing.organization_id.in_(owners.with_only_columns(Organization.id).order_by(None))
    return and_(fits, _place_told(viewer)) if wanted.place else fits


def _place_told(viewer: Viewer) -> ColumnElement[bool]:
    return or_(knows_owner(viewer), Listing.hide_place.is_(False))
