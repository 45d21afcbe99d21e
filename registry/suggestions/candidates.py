"""Keeping the candidates of every published need: what the engine suggests now, and first when."""

from sqlalchemy import or_, select, update

from registry.db import db, now, transaction
from registry.listings.models import Listing, ListingKind, ListingState
from registry.matching import Suggestion
from registry.suggestions.matcher import encoder, matcher
from registry.suggestions.models import Candidate, ListingTerms
from registry.suggestions.pairs import pairs_of
from registry.suggestions.texts import recipe_of, store_terms

KEPT = 10
"""So many candidates are kept for a need."""


def refresh_due(*, limit: int = 25) -> int:
    """Terms, vectors and candidates of listings that are new or changed; for the worker.

    Each listing in a transaction of its own; returns how many were treated.
    """
    done = 0
    for listing_id in _due(limit):
        with transaction():
            listing = db.session.get(Listing, listing_id)
            if listing is not None:
                terms = store_terms(listing, encoder())
                terms.matched_version = listing.version
        db.session.rollback()
        listing = db.session.get(Listing, listing_id)
        if listing is None:
            continue
        for need in _needs_touched(listing):
            refresh_need(need)
        done += 1
    return done


def refresh_need(need: Listing) -> None:
    """Seek a need's candidates anew and keep them."""
    suggestions = pairs_of(need, limit=KEPT, with_decided=True).found
    number = matcher().ranking().number
    need_id = need.id
    with transaction():
        _keep(need_id, suggestions, number)


def refresh_all_later() -> None:
    """Have every listing's candidates sought again, as after a change of the glossary
    or of the weights in force."""
    db.session.execute(update(ListingTerms).values(matched_version=0))


def _due(limit: int) -> list[int]:
    stale = or_(
        ListingTerms.listing_id.is_(None),
        ListingTerms.listing_version != Listing.version,
        ListingTerms.matched_version != Listing.version,
        ListingTerms.recipe != recipe_of(encoder()),
    )
    statement = (
        select(Listing.id)
        .outerjoin(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(Listing.state == ListingState.PUBLISHED, stale)
        .order_by(Listing.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def _needs_touched(listing: Listing) -> list[Listing]:
    """The need itself; for a seed the needs that it may newly serve, and those it served."""
    if listing.kind is ListingKind.NEED:
        return [listing]
    refs = [found.ref for found in matcher().suggest(listing, limit=2 * KEPT)]
    served = select(Candidate.need_id).where(Candidate.seed_id == listing.id, Candidate.current)
    touched = or_(Listing.public_id.in_(refs), Listing.id.in_(served))
    return list(db.session.scalars(select(Listing).where(touched).order_by(Listing.id)))


def _keep(need_id: int, suggestions: list[Suggestion], weights: int) -> None:
    refs = [found.ref for found in suggestions]
    seeds = {
        public_id: number
        for number, public_id in db.session.execute(
            select(Listing.id, Listing.public_id).where(Listing.public_id.in_(refs))
        )
    }
    kept = {
        row.seed_id: row
        for row in db.session.scalars(select(Candidate).where(Candidate.need_id == need_id))
    }
    for row in kept.values():
        row.current = False
    for rank, found in enumerate((s for s in suggestions if s.ref in seeds), 1):
        seed_id = seeds[found.ref]
        row = kept.get(seed_id) or Candidate(need_id=need_id, seed_id=seed_id)
        row.score, row.rank, row.parts = round(found.score, 2), rank, dict(found.parts)
        row.weights, row.current, row.last_seen_at = weights, True, now()
        db.session.add(row)
    db.session.flush()
