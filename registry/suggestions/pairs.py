"""The suggested pairs of a listing. A pair is one thing, from whichever side it is asked: the same
score, reasons, limits and decision."""

from dataclasses import dataclass, replace

from registry.db import db
from registry.listings.models import Listing, ListingKind
from registry.matching import Item, Keep, Reason, Suggestion
from registry.suggestions import exchange
from registry.suggestions.filters import Wanted
from registry.suggestions.matcher import CUTOFF, STAFF, Audience, Matcher, matcher
from registry.suggestions.models import ListingTerms
from registry.suggestions.queries import decided_refs, listings_by_ref
from registry.suggestions.texts import item_of

MOST = 50
"""So many pairs of a listing are looked at."""
ASKED_BACK = 15.0
"""Needs that score so much from the seed's side are asked what they would be shown."""


@dataclass(frozen=True)
class Pairs:
    """The best pairs first. Reasons are turned towards the listing that was asked: its places stand
    on the need's side. `apart` tells how many by-products the limits keep away."""

    found: list[Suggestion]
    listings: dict[str, Listing]
    apart: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return len(self.found) >= MOST


def pairs_of(
    listing: Listing,
    *,
    wanted: Wanted | None = None,
    audience: Audience = STAFF,
    limit: int = MOST,
    with_decided: bool = False,
) -> Pairs:
    """Seeds for a need, needs for a seed, within the filter. Pairs that were accepted or dismissed
    and by-products that limits keep apart are left out before anything is ranked."""
    apart = exchange.refused(listing)
    decided = frozenset() if with_decided else decided_refs(listing)
    keep = Keep(all_of=(wanted or Wanted()).tags(), no_refs=apart | decided)
    cutoff = CUTOFF if listing.kind is ListingKind.NEED else ASKED_BACK
    found = matcher().suggest(listing, audience=audience, limit=limit, keep=keep, cutoff=cutoff)
    listings = listings_by_ref([suggestion.ref for suggestion in found])
    if listing.kind is ListingKind.SEED:
        found = _seen_from_needs(listing, found, listings, audience)
    return Pairs([s for s in found if s.ref in listings], listings, len(apart))


def turned(suggestion: Suggestion, ref: str) -> Suggestion:
    """The same pair seen from the other side."""
    return replace(suggestion, ref=ref, reasons=tuple(map(_turned, suggestion.reasons)))


def _seen_from_needs(
    seed: Listing, found: list[Suggestion], needs: dict[str, Listing], audience: Audience
) -> list[Suggestion]:
    """Each pair as its need would be shown it; what would not be suggested there is left out."""
    own = Keep(refs=frozenset({seed.public_id}))
    engine, pairs = matcher(), []
    for suggestion in found:
        if need := needs.get(suggestion.ref):
            item = item_of(need, db.session.get(ListingTerms, need.id))
            pairs += [turned(pair, need.public_id) for pair in _one(engine, item, audience, own)]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.ref))


def _one(engine: Matcher, need: Item, audience: Audience, keep: Keep) -> list[Suggestion]:
    return engine.ask(need, ListingKind.SEED, audience=audience, limit=1, keep=keep, cutoff=CUTOFF)


def _turned(reason: Reason) -> Reason:
    return replace(
        reason,
        need_term=reason.seed_term,
        seed_term=reason.need_term,
        need=reason.seed,
        seed=reason.need,
        need_spans=reason.seed_spans,
        seed_spans=reason.need_spans,
    )
