"""Programs that may help a listing or an organization: near in text, and not out of the question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.common.viewer import Viewer
from registry.db import db
from registry.listings.models import Category, Listing
from registry.listings.queries import listings_of
from registry.matching import Keep, Suggestion, Text
from registry.organizations.models import Organization
from registry.programs.eligibility import Fit, Verdict, fits
from registry.programs.models import Program
from registry.programs.queries import visible_to
from registry.suggestions.directory import Shelf, directory
from registry.suggestions.texts import text_of

NEAR = 20.0
"""Programs below this score are not shown: their texts are short, so less can meet."""
MOST = 50


CATEGORY_WORDS: Mapping[Category, tuple[str, ...]] = {
    Category.PATENT: ("知的財産", "特許"),
    Category.TECHNOLOGY: ("技術開発", "研究開発", "産学連携"),
    Category.PRODUCT: ("新製品", "販路開拓", "展示会"),
    Category.MATERIAL: ("副産物", "廃棄物", "エネルギー"),
    Category.FACILITY: ("施設", "機器", "利用"),
    Category.LAND: ("用地", "工場", "立地"),
    Category.DESIGN: ("デザイン",),
    Category.MARKET: ("販路開拓", "海外", "商談会"),
    Category.CAPITAL: ("資金", "投資"),
    Category.LABOUR: ("人材", "採用", "就職"),
    Category.FIELD_TRIAL: ("実証実験",),
}
"""What programs call the matter of a category; they speak of purposes, listings of things."""


@dataclass(frozen=True)
class Help:
    """One program with what ties it to the text, and what its conditions say."""

    program: Program
    suggestion: Suggestion
    verdict: Verdict


def programs_for_listing(listing: Listing, viewer: Viewer, *, limit: int = MOST) -> list[Help]:
    """Programs for what a listing is about, best first; none that its owner cannot have."""
    return programs_for_text(matter_of(listing), listing.organization, viewer, limit=limit)


def matter_of(listing: Listing) -> Text:
    """A listing as programs would speak of it: title, keywords and its category's words."""
    text = text_of(listing)
    return replace(
        text, description="", keywords=(*text.keywords, *CATEGORY_WORDS[listing.category])
    )


def programs_for_organization(
    organization: Organization, viewer: Viewer, *, limit: int = MOST
) -> list[Help]:
    """Programs for what an organization does, as far as the viewer may know it."""
    open_ones = [listing for listing in listings_of(organization, viewer) if listing.is_open]
    words = [word for row in open_ones for word in (*row.keywords, *CATEGORY_WORDS[row.category])]
    text = Text(
        organization.public_id,
        description=organization.summary,
        keywords=tuple(dict.fromkeys(words)),
    )
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
