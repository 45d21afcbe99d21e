"""What other rooms tell about an organization on its own page: listings, and part in programs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.common import calendar
from registry.common.viewer import Viewer
from registry.listings.cards import Card, card
from registry.listings.labels import CATEGORIES, CHIPS, STATES, VISIBILITIES
from registry.listings.queries import listings_of
from registry.organizations.models import Organization, OrganizationState
from registry.programs.labels import RESULTS
from registry.programs.models import Enrolment
from registry.programs.queries import enrolments_of
from registry.web.access import viewer

SHOWN = 20
"""So many listings are shown; their number is told."""


@dataclass(frozen=True)
class Part:
    """An organization's part in one project of a program, with the others whom the viewer may see."""

    enrolment: Enrolment
    others: list[Organization]


@dataclass(frozen=True)
class PublicRecord:
    """What a viewer may know of an organization beyond its profile. `cards` are the newest of
    `listing_count` listings."""

    cards: list[Card]
    listing_count: int
    parts: list[Part]


def public_record(organization: Organization, seen_by: Viewer) -> PublicRecord:
    """Gather what the viewer may see; listings whose owner he may not know are left out."""
    listings = listings_of(organization, seen_by)
    today = calendar.today()
    return PublicRecord(
        cards=[card(row, viewer=seen_by, today=today) for row in listings[:SHOWN]],
        listing_count=len(listings),
        parts=parts_of(organization, seen_by),
    )


def parts_of(organization: Organization, seen_by: Viewer) -> list[Part]:
    """Its parts in programs, newest year first. A project that stands with several of its members
    is told once, by the organization's own row where it has one."""
    projects: dict[tuple[object, ...], list[Enrolment]] = {}
    for row in enrolments_of(organization, seen_by):
        key = (row.program_id, row.fiscal_year, row.project or row.id)
        projects.setdefault(key, []).append(row)
    return [_part(rows, organization, seen_by) for rows in projects.values()]


def _part(rows: list[Enrolment], organization: Organization, seen_by: Viewer) -> Part:
    own = next((row for row in rows if row.organization_id == organization.id), rows[0])
    others = {
        other.id: other
        for row in rows
        for other in (row.organization, *row.partners)
        if other.id != organization.id and _is_seen(other, seen_by)
    }
    return Part(own, list(others.values()))


def _is_seen(organization: Organization, seen_by: Viewer) -> bool:
    return (
        organization.state is OrganizationState.APPROVED
        or seen_by.is_staff
        or seen_by.belongs_to(organization.id)
    )


def offered() -> dict[str, Callable[[Organization], dict[str, Any]]]:
    """For every template: `public_record_of(organization)`, what the page's included part shows, with its words."""
    return {
        "public_record_of": lambda organization: {
            "record": public_record(organization, viewer()),
            "categories": CATEGORIES,
            "chips": CHIPS,
            "states": STATES,
            "visibilities": VISIBILITIES,
            "results": RESULTS,
        }
    }
