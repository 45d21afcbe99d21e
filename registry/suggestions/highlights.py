"""Marked texts of the workbench: the same number ties two words that met (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.matching import LINKS, Span, Suggestion, Text

Segment = tuple[str, int | None, str]
"""A piece of text, the number that ties it, and the kind of link; number None = plain."""
Key = tuple[str, int, int]

OTHER = "other"
MEANING = "meaning"


@dataclass(frozen=True)
class Mark:
    """A place in a field to be marked."""

    start: int
    end: int
    number: int
    link: str


class Numbers:
    """Gives each place of the need that met something a number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}

    def of(self, span: Span) -> int:
        """The number of a place."""
        key = (span.field, span.start, span.end)
        return self._numbers.setdefault(key, len(self._numbers) + 1)


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """Cut a text at its marks; of overlapping marks the first, then the longest, stands."""
    found: list[Segment] = []
    at = 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.number)):
        if mark.start < at or mark.end > len(text):
            continue
        if mark.start > at:
            found.append((text[at : mark.start], None, ""))
        found.append((text[mark.start : mark.end], mark.number, mark.link))
        at = mark.end
    if at < len(text):
        found.append((text[at:], None, ""))
    return found


def need_segments(
    need: Text, field: str, shown: Suggestion | None, others: Sequence[Suggestion], numbers: Numbers
) -> list[Segment]:
    """The need's field with the shown candidate's words marked, others' words dotted.

    A whole sentence that met by meaning is not marked in running text: it stands in the table.
    """
    marks = _marks(shown, field, numbers, side="need") if shown else []
    taken = {(m.start, m.end) for m in marks}
    for other in others:
        for mark in _marks(other, field, numbers, side="need"):
            if (mark.start, mark.end) not in taken:
                taken.add((mark.start, mark.end))
                marks.append(Mark(mark.start, mark.end, mark.number, OTHER))
    wanted = sorted(marks, key=lambda m: m.link == OTHER)
    return segments(need.field(field), _without_overlap(wanted))


def seed_segments(
    seed: Text, field: str, suggestion: Suggestion, numbers: Numbers
) -> list[Segment]:
    """The seed's field with the words marked by which it was found."""
    return segments(seed.field(field), _marks(suggestion, field, numbers, side="seed"))


def parts(suggestion: Suggestion) -> list[tuple[str, float]]:
    """The score's parts in the fixed order of links, without empty ones."""
    return [
        (link, suggestion.parts[link]) for link in LINKS if suggestion.parts.get(link, 0) >= 0.5
    ]


def meetings(suggestion: Suggestion, numbers: Numbers) -> list[dict[str, object]]:
    """Rows of the table of words that met, with their points of the score; the same two words stand
    once."""
    rows: dict[tuple[int, str, str, str], float] = {}
    for reason in suggestion.reasons:
        key = (numbers.of(reason.need), reason.need_term, reason.seed_term, reason.link)
        rows[key] = rows.get(key, 0.0) + reason.share * suggestion.score
    return [
        {"number": number, "need": need, "seed": seed, "link": link, "points": points}
        for (number, need, seed, link), points in rows.items()
    ]


def _marks(suggestion: Suggestion, field: str, numbers: Numbers, *, side: str) -> list[Mark]:
    marks = []
    for reason in suggestion.reasons:
        number = numbers.of(reason.need)
        if reason.link == MEANING:
            continue
        spans = getattr(reason, f"{side}_spans") or (getattr(reason, side),)
        marks += [Mark(s.start, s.end, number, reason.link) for s in spans if s.field == field]
    return marks


def _without_overlap(marks: Iterable[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for mark in marks:
        if all(mark.end <= k.start or mark.start >= k.end for k in kept):
            kept.append(mark)
    return kept
