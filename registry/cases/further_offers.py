"""Which needs and seeds are offered to join a case: those found by words, else the suggestions."""

from datetime import date

from registry.cases.listing_models import further_of
from registry.cases.models import Case
from registry.common.viewer import Viewer
from registry.db import db
from registry.listings.models import Listing
from registry.listings.queries import ListingFilter, found_listings
from registry.suggestions.queries import candidates_of

FOUND = 20
SUGGESTED = 6
"""So many suggestions for each side of the main pair."""


def offered(case: Case, text: str, *, today: date, viewer: Viewer) -> list[Listing]:
    """Published listings that are not in the case: those that fit the words, newest first; without
    words the best suggestions for its main need and seed."""
    inside = {case.need_id, case.seed_id, *(row.listing_id for row in further_of(case))}
    if text.strip():
        statement = found_listings(ListingFilter(text=text), viewer).limit(FOUND + len(inside))
        found = list(db.session.scalars(statement))
    else:
        found = [
            *(c.seed for c in (candidates_of(case.need, today) if case.need else [])[:SUGGESTED]),
            *(c.need for c in (candidates_of(case.seed, today) if case.seed else [])[:SUGGESTED]),
        ]
    return [one for one in dict.fromkeys(found) if one.id not in inside][:FOUND]
