"""What the workbench shows: one listing beside its ranked candidates."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from registry.listings.models import Listing, ListingKind
from registry.matching import Suggestion
from registry.suggestions import highlights
from registry.suggestions.exchange import Fitting, fitting
from registry.suggestions.filters import Wanted
from registry.suggestions.highlights import Numbers, Segment
from registry.suggestions.matcher import STAFF, Audience
from registry.suggestions.models import Decision
from registry.suggestions.pairs import Pairs, pairs_of
from registry.suggestions.queries import decision_for
from registry.suggestions.texts import text_of
from registry.web.paging import Page, paginate_list

SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One candidate as the page shows it; `need` and `seed` whichever of the two it is."""

    rank: int
    listing: Listing
    need: Listing
    seed: Listing
    suggestion: Suggestion
    segments: list[Segment]
    parts: list[tuple[str, float]]
    decision: Decision | None
    fitting: Fitting | None

    @property
    def missing(self) -> str:
        """Weighty words of the need that met nothing in the seed."""
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
    page: Page[Suggestion] | None = None
    is_cut: bool = False
    apart: int = 0


def lay_out(
    listing: Listing,
    *,
    shown: str = "",
    wanted: Wanted | None = None,
    audience: Audience = STAFF,
) -> Bench:
    """The workbench of a need (its seeds) or a seed (its needs), one page of it.

    Pairs dismissed or accepted are left out, deferred ones stay with their mark. `shown` is the
    public id of the candidate whose words are marked; the first one otherwise.
    """
    pairs = pairs_of(listing, wanted=wanted, audience=audience)
    page = paginate_list(pairs.found, size=SHOWN)
    return _bench(listing, page, pairs, shown, tells_place=audience is STAFF)


def _decision(listing: Listing, other: Listing) -> Decision | None:
    need, seed = _sides(listing, other)
    return decision_for(need.id, seed.id)


def _sides(listing: Listing, other: Listing) -> tuple[Listing, Listing]:
    """The need first, then the seed."""
    return (listing, other) if listing.kind is ListingKind.NEED else (other, listing)


def _bench(
    listing: Listing, page: Page[Suggestion], pairs: Pairs, shown: str, *, tells_place: bool
) -> Bench:
    text, numbers = text_of(listing), Numbers()
    for suggestion in sorted(page.items, key=lambda found: found.ref != shown):
        highlights.meetings(suggestion, numbers)
    rows = [
        _row(rank, listing, pairs.listings[suggestion.ref], suggestion, numbers, tells_place)
        for rank, suggestion in enumerate(page.items, max(page.first, 1))
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
        page=page,
        is_cut=pairs.is_cut,
        apart=pairs.apart,
    )


def _row(
    rank: int,
    listing: Listing,
    other: Listing,
    suggestion: Suggestion,
    numbers: Numbers,
    tells_place: bool,
) -> Row:
    need, seed = _sides(listing, other)
    return Row(
        rank=rank,
        listing=other,
        need=need,
        seed=seed,
        suggestion=suggestion,
        segments=highlights.seed_segments(text_of(other), "description", suggestion, numbers),
        parts=highlights.parts(suggestion),
        decision=_decision(listing, other),
        fitting=fitting(need, seed, tell_place=tells_place or not other.hide_place),
    )
