"""Search across the rooms, for staff: by words in any spelling, by number, by corporate number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from registry.cases.labels import stage_label
from registry.cases.models import Case
from registry.cases.queries import find_by_text as find_cases
from registry.common.folding import fold, search_terms
from registry.common.identifiers import format_corporate_number
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.labels import kind_label as encounter_kind
from registry.encounters.models import Encounter
from registry.encounters.queries import EncounterFilter, encounters
from registry.listings.labels import STATES
from registry.listings.models import Listing, ListingKind
from registry.listings.queries import ListingFilter, found_listings
from registry.listings.queries import visible_to as listings_visible_to
from registry.organizations.labels import kind_label, short_place_label, state_label
from registry.organizations.models import Contact, Organization
from registry.organizations.queries import find_by_text as find_organizations
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.portal.desk_queries import number_of
from registry.portal.links import address
from registry.programs.models import Program
from registry.web.i18n import day, listed, pick

LONGEST = 200
"""Longer queries are refused: each character costs time on every row."""
MOST_TERMS = 10
SHOWN = 10

_LISTING_NUMBER = re.compile(r"([ns])-?0*(\d{1,7})")


@dataclass(frozen=True)
class Hit:
    """One record found: its title, address, what stands beside it; `kind` marks needs and seeds."""

    title: str
    url: str
    meta: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Found:
    """What one room holds for the query: how many in all, the first hits, the room's own list."""

    code: str
    title: str
    total: int
    hits: list[Hit]
    url: str | None


@dataclass(frozen=True)
class Room:
    """How one room is searched and shown."""

    code: str
    title: Callable[[], str]
    statement: Callable[[str, Viewer], Select[Any]]
    hit: Callable[[Any], Hit]
    listed_at: str
    list_values: tuple[tuple[str, str], ...] = ()


def search(query: str, viewer: Viewer) -> list[Found]:
    """What the rooms hold for a query, room by room; rooms without a hit are left out."""
    if not search_terms(query):
        return []
    found = [_in_room(room, query, viewer) for room in ROOMS]
    return [group for group in found if group.total]


def _in_room(room: Room, query: str, viewer: Viewer) -> Found:
    statement = room.statement(query, viewer)
    total = number_of(statement)
    rows: Any = db.session.scalars(statement.limit(SHOWN)).unique() if total else ()
    return Found(
        code=room.code,
        title=room.title(),
        total=total,
        hits=[room.hit(row) for row in rows],
        url=address(room.listed_at, q=query, **dict(room.list_values)) if room.listed_at else None,
    )


def listings_found(query: str, viewer: Viewer) -> Select[Listing]:
    """Listings in every state: the one of that number (N-0412), or those with the words."""
    number = _LISTING_NUMBER.fullmatch(fold(query).replace(" ", ""))
    if number:
        kind = ListingKind.NEED if number[1] == "n" else ListingKind.SEED
        return listings_visible_to(viewer).where(
            Listing.kind == kind, Listing.number == int(number[2])
        )
    return found_listings(ListingFilter(text=query, every_state=True), viewer)


def programs_found(query: str, _viewer: Viewer) -> Select[Program]:
    """Programs in whose folded text every term occurs, by title."""
    terms = search_terms(query)[:MOST_TERMS]
    return (
        select(Program)
        .where(and_(*(Program.search_text.contains(term, autoescape=True) for term in terms)))
        .options(joinedload(Program.policy_code))
        .order_by(Program.title, Program.id)
    )


def contacts_found(query: str, viewer: Viewer) -> Select[Contact]:
    """Contacts of organizations by name, role, address or telephone; nothing but for staff."""
    terms = search_terms(query)[:MOST_TERMS]
    seen = organizations_visible_to(viewer).with_only_columns(Organization.id).order_by(None)
    statement = select(Contact).where(
        Contact.organization_id.in_(seen),
        and_(*(_reached_by(term) for term in terms)),
    )
    if not viewer.is_staff:
        statement = statement.where(Contact.id < 0)
    return statement.options(joinedload(Contact.organization)).order_by(Contact.kana, Contact.id)


def _reached_by(term: str) -> Any:
    digits = term.replace("-", "")
    wanted = {term, digits} if digits.isdigit() else {term}
    return or_(*(Contact.search_text.contains(word, autoescape=True) for word in sorted(wanted)))


def _cases(query: str, viewer: Viewer) -> Select[Case]:
    return find_cases(query, viewer)


def _encounters(query: str, viewer: Viewer) -> Select[Encounter]:
    return encounters(EncounterFilter(text=query), viewer).options(
        selectinload(Encounter.organizations)
    )


def _organization_hit(row: Organization) -> Hit:
    number = format_corporate_number(row.corporate_number) if row.corporate_number else ""
    return Hit(
        pick(row.name, row.name_en),
        address("organizations.show", public_id=row.public_id) or "",
        (kind_label(row.kind), short_place_label(row.municipality), number, state_label(row.state)),
    )


def _listing_hit(row: Listing) -> Hit:
    return Hit(
        row.title,
        address("listings.show", public_id=row.public_id) or "",
        (
            row.reference,
            pick(row.organization.name, row.organization.name_en),
            str(STATES[row.state]),
        ),
        kind=row.kind.value,
    )


def _case_hit(row: Case) -> Hit:
    names = [pick(p.organization.name, p.organization.name_en) for p in row.parties]
    state = stage_label(row.stage) if row.is_open else _("終了")
    return Hit(
        f"{row.reference} {row.title}",
        address("cases.show", public_id=row.public_id) or "",
        (state, listed(names)),
    )


def _encounter_hit(row: Encounter) -> Hit:
    names = [pick(o.name, o.name_en) for o in row.organizations]
    return Hit(
        row.subject,
        address("encounters.show", public_id=row.public_id) or "",
        (day(row.held_on), encounter_kind(row.kind), listed(names)),
    )


def _program_hit(row: Program) -> Hit:
    code = row.policy_code.code if row.policy_code else ""
    return Hit(
        pick(row.title, row.title_en),
        address("programs.show", "programs.index", public_id=row.public_id) or "",
        (code,),
    )


def _contact_hit(row: Contact) -> Hit:
    return Hit(
        row.name,
        address("organizations.show", public_id=row.organization.public_id) or "",
        (
            pick(row.organization.name, row.organization.name_en),
            row.role,
            row.phone,
            row.email,
        ),
    )


ROOMS: tuple[Room, ...] = (
    Room(
        "organizations",
        lambda: str(_("企業・団体")),
        find_organizations,
        _organization_hit,
        "organizations.index",
    ),
    Room(
        "listings",
        lambda: str(_("案件")),
        listings_found,
        _listing_hit,
        "listings.index",
        (("state", "all"),),
    ),
    Room(
        "cases",
        lambda: str(_("マッチング")),
        _cases,
        _case_hit,
        "cases.index",
        (("state", "all"),),
    ),
    Room(
        "encounters", lambda: str(_("相談・訪問")), _encounters, _encounter_hit, "encounters.index"
    ),
    Room("programs", lambda: str(_("支援制度")), programs_found, _program_hit, "programs.index"),
    Room("contacts", lambda: str(_("連絡先")), contacts_found, _contact_hit, ""),
)
"""The rooms in the order of the page."""
