"""Firms that the registry has found nobody for yet (候補の出たことのない企業), by size and ward."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select

from registry.common.calendar import day_bounds_utc
from registry.common.enterprise_size import Size, assess_size_by_industry
from registry.db import db
from registry.listings.models import Listing
from registry.organizations.models import Organization, OrganizationKind, OrganizationState
from registry.reports.figures import Group
from registry.reports.measures import NEVER_SUGGESTED, Measure
from registry.suggestions.models import Candidate

SIZES = tuple(size.value for size in Size)
"""Codes of the sizes, in their order."""


@dataclass(frozen=True)
class Firm:
    """A registered firm on a day: row number, size, ward, and whether anything was ever suggested
    to it, whether it ever published a listing."""

    number: int
    size: str
    ward: str
    suggested: bool
    listed: bool


def firms_at(day: date, *, ward: str = "") -> list[Firm]:
    """The firms that were registered at the end of a day, by row number.

    A firm is suggested something when one of its listings is one side of a candidate.
    """
    _start, end = day_bounds_utc(day, day)
    listed = set(
        db.session.scalars(select(Listing.organization_id).where(Listing.published_at < end))
    )
    suggested = _suggested_before(end)
    return [
        Firm(number, _size(industry, capital, people), at, number in suggested, number in listed)
        for number, industry, capital, people, at in db.session.execute(_registered(day, ward))
    ]


def by_size(firms: Iterable[Firm]) -> list[Group]:
    """How many of them are quiet, by size, in the sizes' order."""
    return sorted(_grouped(firms, lambda firm: firm.size), key=lambda g: SIZES.index(g.code))


def by_ward(firms: Iterable[Firm]) -> list[Group]:
    """How many of them are quiet, by ward, in the order of codes, those without one last."""
    return sorted(_grouped(firms, lambda firm: firm.ward), key=lambda g: (g.code == "", g.code))


def totals(firms: Iterable[Firm]) -> dict[Measure, int]:
    """How many firms there are, how many of them are quiet, how many never published anything."""
    table = Counter(measure for firm in firms for measure in counts_of(firm))
    return {measure: table[measure] for measure in NEVER_SUGGESTED}


def counts_of(firm: Firm) -> list[Measure]:
    """The measures that count a firm."""
    found = [Measure.FIRMS]
    if not firm.suggested:
        found.append(Measure.QUIET)
        if not firm.listed:
            found.append(Measure.UNLISTED)
    return found


def _grouped(firms: Iterable[Firm], key: Callable[[Firm], str]) -> list[Group]:
    tables: dict[str, Counter[Measure]] = {}
    for firm in firms:
        tables.setdefault(key(firm), Counter()).update(counts_of(firm))
    return [Group(code, {m: table[m] for m in NEVER_SUGGESTED}) for code, table in tables.items()]


def _size(industry: str, capital: int | None, people: int | None) -> str:
    return assess_size_by_industry(industry or None, capital, people).size.value


def _registered(day: date, ward: str) -> Select[int, str, int | None, int | None, str]:
    statement = (
        select(
            Organization.id,
            Organization.industry,
            Organization.capital_yen,
            Organization.employees,
            Organization.municipality,
        )
        .where(
            Organization.kind == OrganizationKind.COMPANY,
            Organization.state.in_((OrganizationState.APPROVED, OrganizationState.ARCHIVED)),
            Organization.approved_on <= day,
            or_(Organization.archived_on.is_(None), Organization.archived_on > day),
        )
        .order_by(Organization.id)
    )
    return statement.where(Organization.municipality == ward) if ward else statement


def _suggested_before(end: object) -> set[int]:
    found: set[int] = set()
    for side in (Candidate.need_id, Candidate.seed_id):
        statement = (
            select(Listing.organization_id)
            .where(Listing.id.in_(select(side).where(Candidate.first_seen_at < end)))
            .distinct()
        )
        found.update(db.session.scalars(statement))
    return found
