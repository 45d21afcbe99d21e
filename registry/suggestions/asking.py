"""A free question of a coordinator: a text that nobody registered, and the ranked answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _

from registry.common.viewer import Viewer
from registry.listings.models import ListingKind
from registry.listings.queries import owner_line
from registry.matching import Keep, Suggestion, Text, prepare
from registry.suggestions import highlights
from registry.suggestions.directory import Shelf, directory, program_text
from registry.suggestions.filters import Facets, Wanted, facets, organization_facets, wanted_in
from registry.suggestions.highlights import Numbers, Segment
from registry.suggestions.matcher import STAFF, encoder, matcher
from registry.suggestions.partners import ALIKE, named, tells
from registry.suggestions.queries import listings_by_ref
from registry.suggestions.support import programs_for_text
from registry.suggestions.texts import text_of
from registry.web.i18n import pick
from registry.web.paging import Page, paginate_list

LONGEST = 800
"""Letters of a question: it stands in the page's address, and 8 KB of address pass everywhere."""
MOST = 50
SHOWN = 10


class Direction(StrEnum):
    """What is sought for the text."""

    SEEDS = "seeds"
    NEEDS = "needs"
    PROGRAMS = "programs"
    ORGANIZATIONS = "organizations"

    @property
    def kind(self) -> ListingKind | None:
        """The kind of listings sought, if listings are."""
        return {"seeds": ListingKind.SEED, "needs": ListingKind.NEED}.get(self.value)


@dataclass(frozen=True)
class Question:
    """What was typed and chosen. Filters that a direction does not have are left out."""

    text: str = ""
    direction: Direction = Direction.SEEDS
    wanted: Wanted = field(default_factory=Wanted)

    @property
    def problem(self) -> str:
        """Why it cannot be asked; empty when it can."""
        if len(self.text) > LONGEST:
            return str(
                _(
                    "文章は %(most)s 文字までにしてください（いま %(count)s 文字です）。要点だけで探せます。",
                    most=LONGEST,
                    count=f"{len(self.text):,}",
                )
            )
        return ""

    @property
    def asks(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.text) and not self.problem


@dataclass(frozen=True)
class AnswerRow:
    """One answer as the page shows it."""

    rank: int
    title: str
    url: str
    suggestion: Suggestion
    segments: list[Segment]
    parts: list[tuple[str, float]]
    number: str = ""
    owner: str = ""
    note: str = ""
    lang: str = "ja"

    @property
    def missing(self) -> str:
        """Weighty words of the question that met nothing."""
        return _("」「").join(term.term for term in self.suggestion.missing)


@dataclass(frozen=True)
class Answers:
    """One page of answers, the question's text with the words that met, what may be chosen."""

    rows: list[AnswerRow]
    page: Page[Suggestion]
    text: list[Segment]
    facets: Facets
    is_cut: bool


def question_in(args: Mapping[str, str]) -> Question:
    """The question of an address."""
    direction = next((d for d in Direction if d.value == args.get("direction")), Direction.SEEDS)
    wanted = wanted_in(args)
    if direction is Direction.PROGRAMS:
        wanted = Wanted()
    elif direction is Direction.ORGANIZATIONS:
        wanted = Wanted(place=wanted.place, division=wanted.division)
    return Question(args.get("q", "").replace("\r\n", "\n").strip(), direction, wanted)


def answer(question: Question, viewer: Viewer) -> Answers:
    """What the engine finds for a question; for staff."""
    text = Text("", description=question.text)
    found, shown = _found(question, text, viewer) if question.asks else ([], {})
    page = paginate_list(found, size=SHOWN)
    numbers = Numbers()
    for suggestion in page.items:
        highlights.meetings(suggestion, numbers)
    rows = [
        _row(rank, suggestion, shown[suggestion.ref], numbers)
        for rank, suggestion in enumerate(page.items, max(page.first, 1))
    ]
    first = page.items[0] if page.items else None
    marked = highlights.need_segments(text, "description", first, page.items[1:], numbers)
    return Answers(rows, page, marked, _facets(question.direction), len(found) >= MOST)


@dataclass(frozen=True)
class _Shown:
    """What stands on a card."""

    text: Text
    title: str
    url: str
    number: str = ""
    owner: str = ""
    note: str = ""
    lang: str = "ja"


def _found(
    question: Question, text: Text, viewer: Viewer
) -> tuple[list[Suggestion], dict[str, _Shown]]:
    if kind := question.direction.kind:
        return _listings(question, text, kind, viewer)
    if question.direction is Direction.PROGRAMS:
        helps = programs_for_text(text, None, viewer, limit=MOST)
        return [h.suggestion for h in helps], {
            h.program.public_id: _Shown(
                program_text(h.program),
                pick(h.program.title, h.program.title_en),
                url_for("programs.show", public_id=h.program.public_id),
                note=h.verdict.reason,
            )
            for h in helps
        }
    return _organizations(question, text, viewer)


def _listings(
    question: Question, text: Text, kind: ListingKind, viewer: Viewer
) -> tuple[list[Suggestion], dict[str, _Shown]]:
    keep = Keep(all_of=question.wanted.tags())
    item = prepare(text, encoder())
    found = matcher().ask(item, kind, audience=STAFF, limit=MOST, keep=keep)
    listings = listings_by_ref([suggestion.ref for suggestion in found])
    shown = {
        ref: _Shown(
            text_of(row),
            row.title,
            url_for("listings.show", public_id=ref),
            row.reference,
            owner_line(row, viewer),
            lang=row.language,
        )
        for ref, row in listings.items()
    }
    return [suggestion for suggestion in found if suggestion.ref in shown], shown


def _organizations(
    question: Question, text: Text, viewer: Viewer
) -> tuple[list[Suggestion], dict[str, _Shown]]:
    keep = Keep(all_of=question.wanted.tags())
    found = directory().ask(
        Shelf.ORGANIZATIONS, text, audience=STAFF, limit=MOST, keep=keep, cutoff=ALIKE
    )
    found = [suggestion for suggestion in found if tells(suggestion)]
    texts = directory().texts(Shelf.ORGANIZATIONS, STAFF)
    rows = named(found, viewer)
    shown = {
        row.organization.public_id: _Shown(
            texts[row.organization.public_id],
            pick(row.organization.name, row.organization.name_en),
            url_for("organizations.show", public_id=row.organization.public_id),
        )
        for row in rows
        if row.organization.public_id in texts
    }
    return [suggestion for suggestion in found if suggestion.ref in shown], shown


def _row(rank: int, suggestion: Suggestion, shown: _Shown, numbers: Numbers) -> AnswerRow:
    return AnswerRow(
        rank,
        shown.title,
        shown.url,
        suggestion,
        highlights.seed_segments(shown.text, "description", suggestion, numbers),
        highlights.parts(suggestion),
        shown.number,
        shown.owner,
        shown.note,
        shown.lang,
    )


def _facets(direction: Direction) -> Facets:
    if kind := direction.kind:
        return facets(kind)
    return organization_facets() if direction is Direction.ORGANIZATIONS else Facets(0)
