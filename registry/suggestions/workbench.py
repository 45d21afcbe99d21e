"""What the workbench shows: one listing beside its ranked candidates."""

from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.db import db
from registry.listings.models import Listing, ListingKind
from registry.matching import Keep, Suggestion
from registry.suggestions import highlights
from registry.suggestions.highlights import Numbers, Segment
from registry.suggestions.matcher import STAFF, Audience, matcher
from registry.suggestions.models import Decision, DecisionKind
from registry.suggestions.queries import decision_for
from registry.suggestions.texts import text_of

SHOWN = 10
SEARCHED = 40


@dataclass(frozen=True)
class Row:
    """One candidate as the page shows it."""

    rank: int
    listing: Listing
    suggestion: Suggestion
    segments: list[Segment]
    parts: list[tuple[str, float]]
    decision: Decision | None

    @property
    def missing(self) -> str:
        """Weighty words of the listing that met nothing here."""
        return _("」「").join(term.term for term in self.suggestion.missing)


@dataclass(frozen=True)
class Bench:
    """The whole page: the listing with marked fields, the candidates, the one shown."""

    listing: Listing
    rows: list[Row]
    shown: Row | None
    title: list[Segment] = field(default_factory=list)
    description: list[Segment] = field(default_factory=list)
    meetings: list[dict[str, object]] = field(default_factory=list)
    words_only: bool = False


def lay_out(
    listing: Listing,
    *,
    today: date,
    shown: str = "",
    category: str = "",
    municipality: str = "",
    audience: Audience = STAFF,
) -> Bench:
    """The workbench of a need (its seeds) or a seed (its needs).

    Pairs dismissed or accepted are left out, deferred ones stay with their mark. `shown` is the
    public id of the candidate whose words are marked; the first one otherwise.
    """
    keep = Keep(all_of=frozenset(_wanted(category, municipality)))
    found = matcher().suggest(listing, audience=audience, limit=SEARCHED, keep=keep)
    listings = _listings([s.ref for s in found])
    open_pairs: list[tuple[Suggestion, Decision | None]] = []
    for suggestion in found:
        if suggestion.ref not in listings:
            continue
        decision = _decision(listing, listings[suggestion.ref])
        if decision is None or decision.kind is DecisionKind.DEFERRED:
            open_pairs.append((suggestion, decision))
    open_pairs = open_pairs[:SHOWN]
    return _bench(listing, open_pairs, listings, shown)


def _wanted(category: str, municipality: str) -> list[str]:
    tags = [("category", category), ("municipality", municipality)]
    return [f"{name}:{value}" for name, value in tags if value]


def _listings(refs: list[str]) -> dict[str, Listing]:
    statement = (
        select(Listing).where(Listing.public_id.in_(refs)).options(joinedload(Listing.organization))
    )
    return {row.public_id: row for row in db.session.scalars(statement)}


def _decision(listing: Listing, other: Listing) -> Decision | None:
    if listing.kind is ListingKind.NEED:
        return decision_for(listing.id, other.id)
    return decision_for(other.id, listing.id)


def _bench(
    listing: Listing,
    pairs: list[tuple[Suggestion, Decision | None]],
    listings: dict[str, Listing],
    shown: str,
) -> Bench:
    text, numbers = text_of(listing), Numbers()
    ordered = sorted(pairs, key=lambda pair: pair[0].ref != shown)
    for suggestion, _decided in ordered:
        highlights.meetings(suggestion, numbers)
    rows = [
        Row(
            rank=rank,
            listing=listings[suggestion.ref],
            suggestion=suggestion,
            segments=highlights.seed_segments(
                text_of(listings[suggestion.ref]), "description", suggestion, numbers
            ),
            parts=highlights.parts(suggestion),
            decision=decision,
        )
        for rank, (suggestion, decision) in enumerate(pairs, 1)
    ]
    current = next((row for row in rows if row.listing.public_id == shown), None)
    current = current or (rows[0] if rows else None)
    first = current.suggestion if current else None
    others = [row.suggestion for row in rows if row is not current]
    return Bench(
        listing=listing,
        rows=rows,
        shown=current,
        title=highlights.need_segments(text, "title", first, others, numbers),
        description=highlights.need_segments(text, "description", first, others, numbers),
        meetings=highlights.meetings(first, numbers) if first else [],
        words_only=any(row.suggestion.basis == "words" for row in rows),
    )
