"""Organizations that resemble one, and those that complement it, as far as the viewer may know."""

from dataclasses import dataclass

from registry.common.viewer import Viewer
from registry.db import db
from registry.listings.models import Listing, ListingKind
from registry.listings.queries import listings_of, may_see_name, visible_to
from registry.matching import Keep, Suggestion
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.suggestions.directory import Shelf, directory, organization_text
from registry.suggestions.filters import Wanted
from registry.suggestions.matcher import MEMBERS, STAFF, Audience
from registry.suggestions.pairs import pairs_of

ALIKE = 35.0
BY_WORDS = 20.0
"""So much of a likeness must come from words: summaries of one office all sound alike."""
MOST = 50
ASKED = 20
"""So many of an organization's open listings are asked for their counterparts, newest first."""
MOST_COMPLEMENTS = 20


@dataclass(frozen=True)
class Alike:
    """One organization that does similar things, with the words that met."""

    organization: Organization
    suggestion: Suggestion


@dataclass(frozen=True)
class Complement:
    """One organization that has what the other seeks, or seeks what it has: the best pair of
    listings, the asking organization's own one first."""

    organization: Organization
    own: Listing
    other: Listing
    suggestion: Suggestion

    @property
    def answers(self) -> bool:
        """Whether the other organization has what this one seeks."""
        return self.own.kind is ListingKind.NEED


def audience_of(viewer: Viewer) -> Audience:
    """On which listings a viewer's suggestions are computed."""
    return STAFF if viewer.is_staff else MEMBERS


def alike(
    organization: Organization, viewer: Viewer, *, wanted: Wanted | None = None
) -> list[Alike]:
    """Organizations whose summary and open listings read like this one's, best first."""
    open_ones = [listing for listing in listings_of(organization, viewer) if listing.is_open]
    text = organization_text(organization, open_ones)
    found = directory().ask(
        Shelf.ORGANIZATIONS,
        text,
        audience=audience_of(viewer),
        limit=MOST,
        cutoff=ALIKE,
        keep=Keep(all_of=(wanted or Wanted()).tags()),
    )
    return named([s for s in found if tells(s)], viewer)


def tells(suggestion: Suggestion) -> bool:
    """Whether words, not the sound of the text alone, make two organizations alike."""
    return suggestion.score - suggestion.parts.get("meaning", 0.0) >= BY_WORDS


def named(found: list[Suggestion], viewer: Viewer) -> list[Alike]:
    """The organizations of suggestions, those that the viewer may see."""
    refs = [suggestion.ref for suggestion in found]
    seen = organizations_visible_to(viewer).where(Organization.public_id.in_(refs))
    rows = {row.public_id: row for row in db.session.scalars(seen)}
    return [Alike(rows[s.ref], s) for s in found if s.ref in rows]


def complements(organization: Organization, viewer: Viewer) -> list[Complement]:
    """Organizations whose open listings answer this one's, or are answered by them: for each the
    best pair. Pairs whose other owner the viewer may not know are left out."""
    own = [listing for listing in listings_of(organization, viewer) if listing.is_open][:ASKED]
    best: dict[int, Complement] = {}
    for listing in own:
        pairs = pairs_of(listing, audience=audience_of(viewer), limit=10, with_decided=True)
        seen = _seen([s.ref for s in pairs.found], viewer)
        for suggestion in pairs.found:
            other = seen.get(suggestion.ref)
            if other is None or not may_see_name(other, viewer):
                continue
            known = best.get(other.organization_id)
            if known is None or suggestion.score > known.suggestion.score:
                best[other.organization_id] = Complement(
                    other.organization, listing, other, suggestion
                )
    ranked = sorted(best.values(), key=lambda c: (-c.suggestion.score, c.organization.number))
    return ranked[:MOST_COMPLEMENTS]


def _seen(refs: list[str], viewer: Viewer) -> dict[str, Listing]:
    statement = visible_to(viewer).where(Listing.public_id.in_(refs))
    return {row.public_id: row for row in db.session.scalars(statement).unique()}
