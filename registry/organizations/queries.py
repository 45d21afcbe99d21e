"""Reading organizations: who sees which, and the choices that pages offer."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from registry.accounts.models import User
from registry.common import codelists
from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.identifiers import is_corporate_number, parse_corporate_number
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db, next_number
from registry.office.settings import office
from registry.organizations.blind import BANDS
from registry.organizations.identity_models import Merge
from registry.organizations.models import (
    FormerNumber,
    Membership,
    Organization,
    OrganizationKind,
    OrganizationState,
)

BY_READING = (Organization.kana == "", Organization.kana, Organization.number)
"""Order of lists: by reading, those without one last."""


@dataclass(frozen=True)
class MailAddress:
    """Where mail about an organization goes, in which language, and to whom."""

    address: str
    locale: str
    name: str


@dataclass(frozen=True)
class OrganizationFilter:
    """What a list of organizations is narrowed to; empty means all.

    `place` is a municipality's code and takes its wards in; `band` one of `blind.BANDS`;
    `referred` keeps only what the viewer's own organization referred.
    """

    text: str = ""
    kind: OrganizationKind | None = None
    division: str = ""
    place: str = ""
    band: str = ""
    state: OrganizationState | None = None
    referred: bool = False


def visible_to(viewer: Viewer) -> Select[Organization]:
    """Statement of the organizations that the viewer may see, by kana, then by number; those
    without a reading come last.

    Staff see all. Others see approved ones and their own; a partner also those it referred.
    """
    statement = select(Organization).order_by(*BY_READING)
    if viewer.is_staff:
        return statement
    seen = [Organization.state == OrganizationState.APPROVED]
    if viewer.organization_id is not None:
        seen.append(Organization.id == viewer.organization_id)
        if viewer.role is Role.PARTNER:
            seen.append(Organization.referred_by_id == viewer.organization_id)
    return statement.where(or_(*seen))


def get_organization(public_id: str, viewer: Viewer) -> Organization:
    """The organization of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Organization.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def own_organization(viewer: Viewer) -> Organization | None:
    """The organization that the viewer speaks for, with its people and consents."""
    if viewer.organization_id is None:
        return None
    return db.session.scalar(
        select(Organization)
        .where(Organization.id == viewer.organization_id)
        .options(selectinload(Organization.contacts), selectinload(Organization.consents))
    )


def find_by_text(text: str, viewer: Viewer) -> Select[Organization]:
    """Statement of the visible organizations in which every term occurs, in any spelling.

    A corporate number may be pasted with its separators.
    """
    return visible_to(viewer).where(matches(text))


def found_organizations(wanted: OrganizationFilter, viewer: Viewer) -> Select[Organization]:
    """Statement of the visible organizations that fit the filter, for paging."""
    statement = find_by_text(wanted.text, viewer)
    if wanted.kind:
        statement = statement.where(Organization.kind == wanted.kind)
    if wanted.division:
        statement = statement.where(_in_division(wanted.division))
    if wanted.place:
        codes = [wanted.place, *(ward.code for ward in codelists.wards(wanted.place))]
        statement = statement.where(Organization.municipality.in_(codes))
    if wanted.band:
        statement = statement.where(_in_band(wanted.band))
    if wanted.state and viewer.is_staff:
        statement = statement.where(Organization.state == wanted.state)
    if wanted.referred:
        statement = statement.where(Organization.referred_by_id == viewer.organization_id)
    return statement


def count_by_state() -> dict[OrganizationState, int]:
    """How many organizations stand in each state; for staff."""
    rows = db.session.execute(select(Organization.state, func.count()).group_by(Organization.state))
    counts = dict.fromkeys(OrganizationState, 0)
    for state, count in rows:
        counts[state] = count
    return counts


def places_in_use(viewer: Viewer) -> list[codelists.Municipality]:
    """The municipalities and wards where visible organizations are, each ward after its city."""
    codes = db.session.scalars(
        visible_to(viewer).with_only_columns(Organization.municipality).distinct().order_by(None)
    )
    places = [place for code in codes if code and (place := codelists.municipality(code))]
    cities = {place.parent for place in places if place.parent}
    known = {place.code: place for place in places}
    known.update({city: found for city in cities if (found := codelists.municipality(city))})
    return [known[code] for code in sorted(known)]


def organization_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """(public id, name) of the visible organizations that are not archived, for a select."""
    statement = visible_to(viewer).where(Organization.state != OrganizationState.ARCHIVED)
    rows = db.session.execute(
        statement.with_only_columns(Organization.public_id, Organization.name)
    )
    return [(public_id, name) for public_id, name in rows]


def organization_by_corporate_number(number: str) -> Organization | None:
    """The organization with that corporate number, now or formerly, whoever may see it."""
    found = db.session.scalar(select(Organization).where(Organization.corporate_number == number))
    return found or db.session.scalar(
        select(Organization).join(Organization.former_numbers).where(FormerNumber.number == number)
    )


def next_organization_number() -> int:
    """The next running number; numbers of merged records stay taken, so that a merge can be
    undone."""
    merged = db.session.scalar(select(func.max(Merge.merged_number))) or 0
    return max(next_number(Organization.number), merged + 1)


def organization_by_number(number: int) -> Organization | None:
    """The organization with that running number, whoever may see it."""
    return db.session.scalar(select(Organization).where(Organization.number == number))


def members_of(organization: Organization) -> list[Membership]:
    """The people who speak for an organization now, managers first, then by name."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.user)
            .where(Membership.organization_id == organization.id, Membership.ended_on.is_(None))
            .options(selectinload(Membership.user))
            .order_by(Membership.is_manager.desc(), User.name, Membership.id)
        )
    )


def membership_of(organization: Organization, user_public_id: str) -> Membership:
    """The membership of a person in an organization. Raises NotFound when he is no member now."""
    for membership in members_of(organization):
        if membership.user.public_id == user_public_id:
            return membership
    raise NotFound


def addresses_of(organization: Organization) -> list[MailAddress]:
    """Where to write: its active members; where there are none, its contacts with an address."""
    members = [
        MailAddress(m.user.email, m.user.locale, m.user.name)
        for m in members_of(organization)
        if m.user.active
    ]
    return members or [
        MailAddress(contact.email, "ja", contact.name)
        for contact in organization.contacts
        if contact.email
    ]


def matches(text: str) -> ColumnElement[bool]:
    """Condition: every term of the text occurs in what search looks at."""
    if is_corporate_number(text):
        number = parse_corporate_number(text)
        former = select(FormerNumber.organization_id).where(FormerNumber.number == number)
        return or_(Organization.corporate_number == number, Organization.id.in_(former))
    terms = search_terms(text[:200])
    return and_(
        true(), *(Organization.search_text.contains(term, autoescape=True) for term in terms)
    )


def _in_division(division: str) -> ColumnElement[bool]:
    groups = [group.code for group in codelists.industries(division)]
    if not groups:
        return false()
    return or_(
        Organization.industry == division, func.substr(Organization.industry, 1, 2).in_(groups)
    )


def _in_band(code: str) -> ColumnElement[bool]:
    for band, first, last in BANDS:
        if band == code:
            low = Organization.employees >= first
            return low if last is None else and_(low, Organization.employees <= last)
    return false()


def home_city() -> codelists.Municipality | None:
    """The office's own city, when the code list knows its name."""
    name = office().name
    return next((city for city in codelists.municipalities() if city.name_ja == name), None)
