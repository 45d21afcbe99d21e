"""Reading candidates and decisions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from registry.common.errors import NotFound
from registry.db import db
from registry.listings.models import Category, Listing, ListingKind, ListingState
from registry.organizations.models import Organization, OrganizationState
from registry.suggestions.models import Candidate, Decision, DecisionKind


def decision_for(need_id: int, seed_id: int) -> Decision | None:
    """What was decided about a pair, if anything."""
    return db.session.scalar(
        select(Decision).where(Decision.need_id == need_id, Decision.seed_id == seed_id)
    )


def get_decision(public_id: str) -> Decision:
    """The decision of that id. Raises NotFound."""
    decision = db.session.scalar(select(Decision).where(Decision.public_id == public_id))
    if decision is None:
        raise NotFound
    return decision


def decisions_for_need(need_id: int) -> dict[int, Decision]:
    """Decisions about a need's pairs, by the seed's row number."""
    rows = db.session.scalars(select(Decision).where(Decision.need_id == need_id))
    return {row.seed_id: row for row in rows}


def _undecided(today: date) -> Select[Candidate]:
    """Current candidates of published listings without a decision in force."""
    need, seed = aliased(Listing), aliased(Listing)
    decided = exists().where(
        Decision.need_id == Candidate.need_id,
        Decision.seed_id == Candidate.seed_id,
        or_(Decision.kind != DecisionKind.DEFERRED, Decision.until > today),
    )
    return (
        select(Candidate)
        .join(need, Candidate.need_id == need.id)
        .join(seed, Candidate.seed_id == seed.id)
        .where(
            Candidate.current,
            ~decided,
            need.state == ListingState.PUBLISHED,
            seed.state == ListingState.PUBLISHED,
        )
    )


def undecided_needs(today: date, *, least: float = 0) -> Select[Listing, int, float]:
    """Published needs whose best undecided candidate scores `least` or more, with the number of
    their undecided candidates and the best score; the best first."""
    undecided = _undecided(today).subquery()
    best = func.max(undecided.c.score)
    found = (
        select(undecided.c.need_id, func.count().label("count"), best.label("best"))
        .group_by(undecided.c.need_id)
        .having(best >= least)
        .subquery()
    )
    return (
        select(Listing, found.c.count, found.c.best)
        .join(found, found.c.need_id == Listing.id)
        .options(joinedload(Listing.organization))
        .order_by(found.c.best.desc(), Listing.id)
    )


def needs_with_candidates(today: date) -> Select[Listing, int, float]:
    """Statement of published needs with the number of their undecided candidates and the best
    score, the best first, for paging."""
    undecided = _undecided(today).subquery()
    best = func.max(undecided.c.score)
    return (
        select(Listing, func.count(), best)
        .join(undecided, undecided.c.need_id == Listing.id)
        .options(joinedload(Listing.organization))
        .group_by(Listing.id)
        .order_by(best.desc(), Listing.id)
    )


def needs_without_candidates() -> list[Listing]:
    """Published needs for which the engine found nothing, oldest first."""
    found = exists().where(Candidate.need_id == Listing.id, Candidate.current)
    statement = (
        select(Listing)
        .where(Listing.kind == ListingKind.NEED, Listing.state == ListingState.PUBLISHED, ~found)
        .options(joinedload(Listing.organization))
        .order_by(Listing.published_at, Listing.id)
    )
    return list(db.session.scalars(statement))


def candidates_of(listing: Listing, today: date) -> list[Candidate]:
    """Undecided candidates of a need or a seed, the best first."""
    side = Candidate.need_id if listing.kind is ListingKind.NEED else Candidate.seed_id
    statement = (
        _undecided(today)
        .where(side == listing.id)
        .options(joinedload(Candidate.need), joinedload(Candidate.seed))
        .order_by(Candidate.score.desc(), Candidate.id)
    )
    return list(db.session.scalars(statement))


def count_undecided(today: date) -> int:
    """How many needs wait for a look at their candidates."""
    undecided = _undecided(today).subquery()
    return db.session.scalar(select(func.count(func.distinct(undecided.c.need_id)))) or 0


def deferred_due(today: date) -> list[Decision]:
    """Deferred pairs whose day has come, the longest due first."""
    statement = (
        select(Decision)
        .where(and_(Decision.kind == DecisionKind.DEFERRED, Decision.until <= today))
        .order_by(Decision.until, Decision.id)
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class OpenCounts:
    """How many open listings there are by category, visibility, and their owners' municipality
    and industry."""

    categories: dict[str, int]
    visibilities: dict[str, int]
    places: dict[str, int]
    industries: dict[str, int]


def counts_of_open(kind: ListingKind) -> OpenCounts:
    """What may be suggested, counted by what filters ask for; for staff."""

    def by(column: InstrumentedAttribute[Any]) -> dict[str, int]:
        rows = db.session.execute(
            select(column, func.count())
            .select_from(Listing)
            .join(Organization, Organization.id == Listing.organization_id)
            .where(Listing.kind == kind, Listing.state == ListingState.PUBLISHED)
            .group_by(column)
        )
        return {str(getattr(value, "value", value)): count for value, count in rows}

    return OpenCounts(
        by(Listing.category),
        by(Listing.visibility),
        by(Organization.municipality),
        by(Organization.industry),
    )


def decided_refs(listing: Listing) -> frozenset[str]:
    """Public ids of the listings with which this one was accepted or dismissed."""
    side = (
        (Decision.need_id, Decision.seed_id)
        if listing.kind is ListingKind.NEED
        else (Decision.seed_id, Decision.need_id)
    )
    statement = (
        select(Listing.public_id)
        .join(Decision, side[1] == Listing.id)
        .where(side[0] == listing.id, Decision.kind != DecisionKind.DEFERRED)
    )
    return frozenset(db.session.scalars(statement))


def listings_by_ref(refs: Collection[str]) -> dict[str, Listing]:
    """Listings with their owners by public id."""
    statement = (
        select(Listing).where(Listing.public_id.in_(refs)).options(joinedload(Listing.organization))
    )
    return {row.public_id: row for row in db.session.scalars(statement)}


def by_products(kind: ListingKind) -> list[Listing]:
    """Open listings of by-products of a kind."""
    statement = (
        select(Listing)
        .where(
            Listing.kind == kind,
            Listing.category == Category.MATERIAL,
            Listing.state == ListingState.PUBLISHED,
        )
        .options(joinedload(Listing.organization))
        .order_by(Listing.id)
    )
    return list(db.session.scalars(statement))


def seeds_with_candidates(today: date) -> Select[Listing, int, float]:
    """Statement of open seeds with the number of the undecided pairs in which they were suggested
    and the best score, the best first, for paging."""
    undecided = _undecided(today).subquery()
    best = func.max(undecided.c.score)
    return (
        select(Listing, func.count(), best)
        .join(undecided, undecided.c.seed_id == Listing.id)
        .options(joinedload(Listing.organization))
        .group_by(Listing.id)
        .order_by(best.desc(), Listing.id)
    )


def counts_of_organizations() -> tuple[dict[str, int], dict[str, int]]:
    """How many approved organizations there are by municipality and by industry."""

    def by(column: InstrumentedAttribute[str]) -> dict[str, int]:
        rows = db.session.execute(
            select(column, func.count())
            .where(Organization.state == OrganizationState.APPROVED)
            .group_by(column)
        )
        return {str(value): int(count) for value, count in rows}

    return by(Organization.municipality), by(Organization.industry)
