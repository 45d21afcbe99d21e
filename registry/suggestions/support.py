"""Programs that may help a listing or an organization: near in text, and not out of the question."""

from dataclasses import dataclass

from registry.common.viewer import Viewer
from registry.db import db
from registry.listings.models import Listing
from registry.listings.queries import listings_of
from registry.matching import Keep, Suggestion, Text
from registry.organizations.models import Organization
from registry.programs.eligibility import Fit, Verdict, fits
from registry.programs.models import Program
from registry.programs.queries import visible_to
from registry.suggestions.directory import Shelf, directory, organization_text
from registry.suggestions.texts import text_of

NEAR = 30.0
"""Programs below this score are not shown: their texts are short, so less can meet."""
MOST = 50


@dataclass(frozen=True)
class Help:
    """One program with what ties it to the text, and what its conditions say."""

    program: Program
    suggestion: Suggestion
    verdict: Verdict


def programs_for_listing(listing: Listing, viewer: Viewer, *, limit: int = MOST) -> list[Help]:
    """Programs for what a listing is about, best first; none that its owner cannot have."""
    return programs_for_text(text_of(listing), listing.organization, viewer, limit=limit)


def programs_for_organization(
    organization: Organization, viewer: Viewer, *, limit: int = MOST
) -> list[Help]:
    """Programs for what an organization does, as far as the viewer may know it."""
    open_ones = [listing for listing in listings_of(organization, viewer) if listing.is_open]
    text = organization_text(organization, open_ones)
    return programs_for_text(text, organization, viewer, limit=limit)


def programs_for_text(
    text: Text, organization: Organization | None, viewer: Viewer, *, limit: int = MOST
) -> list[Help]:
    """Programs for a text. Those that are out of the question are left out before ranking."""
    programs = {row.public_id: row for row in db.session.scalars(visible_to(viewer))}
    verdicts = {ref: fits(program, organization) for ref, program in programs.items()}
    possible = frozenset(ref for ref, verdict in verdicts.items() if verdict.fit is not Fit.NO)
    found = directory().ask(
        Shelf.PROGRAMS, text, limit=limit, keep=Keep(refs=possible), cutoff=NEAR
    )
    return [Help(programs[s.ref], s, verdicts[s.ref]) for s in found]
