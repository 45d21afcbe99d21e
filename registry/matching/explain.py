"""Why a listing is suggested: the same computation, read backwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.matching.fuse import SPEAKS, Meaning, spoken_meaning
from registry.matching.glossary import GLOSSARY, Mention
from registry.matching.links import LINKS, Link
from registry.matching.score import K1, LinkFinder, QueryTerm, WordScores, damp
from registry.matching.segment import Item, Segment
from registry.matching.texts import Span
from registry.matching.vocabulary import Vocabulary

_MOST_REASONS = 8
_MOST_MISSING = 5
_LEAST_SHARE = 0.01
_TELLING = {"translation": 0.32, "part": 0.15}
_TELLING_ELSE = 0.2
"""A weaker link adds its little to the score, but is nothing to show to anybody."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Two places that met. `share` is its part of the score, 0–1.

    The terms are the original texts at `need` and `seed`; `need_spans` and `seed_spans` are all
    their occurrences, for highlighting.
    """

    need_term: str
    seed_term: str
    link: str
    share: float
    need: Span
    seed: Span
    need_spans: tuple[Span, ...] = ()
    seed_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A weighty term of the need that met nothing in the listing."""

    term: str
    span: Span


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A listing that may answer. `parts` are by kind of link and sum to `score` (0–100).

    `basis` is "words" when one of the two texts has no vector, else "words+meaning".
    """

    ref: str
    score: float
    parts: dict[str, float]
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...] = ()
    basis: str = "words"


@dataclass(frozen=True)
class Search:
    """All that was computed for one need."""

    need: Item
    mentions: Sequence[Mention]
    query: Sequence[QueryTerm]
    words: WordScores
    meaning: Meaning
    vocabulary: Vocabulary
    find: LinkFinder


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A query term, its best link into one item, and what that adds to the evidence."""

    term: QueryTerm
    link: Link
    evidence: float


def explain(
    search: Search, segment: Segment, place: int, offset: int, score: float
) -> Suggestion | None:
    """The suggestion of one item with its reasons; None when nothing carries it.

    `offset` is the segment's first place among all items of the search.
    """
    item = segment.items[place]
    known = bool(search.meaning.known[offset + place])
    above = float(search.meaning.above[offset + place]) if known else 0.0
    meetings, missed = _meetings(search, segment, place)
    meant = max(0.0, spoken_meaning(above, float(search.words.coverage[offset + place])))
    total = sum(meeting.evidence for meeting in meetings) + meant
    if total <= 0:
        return None
    telling = [meeting for meeting in meetings if _tells(meeting.link)]
    reasons = [_reason(search, segment, place, meeting, total) for meeting in telling]
    near = _nearest(search.need, item, meant / total) if meant > 0 else None
    speaks = near is not None and above >= SPEAKS and _carries(near)
    if not speaks and not any(_carries(reason) for reason in reasons):
        return None
    if near is not None:
        reasons.append(near)
    reasons = [reason for reason in reasons if reason.share >= _LEAST_SHARE]
    reasons.sort(key=lambda reason: (-reason.share, reason.need, reason.seed))
    return Suggestion(
        item.ref,
        score,
        _parts(meetings, meant, total, score),
        tuple(reasons[:_MOST_REASONS]),
        _missing(search.need, missed),
        "words+meaning" if known else "words",
    )


def _meetings(
    search: Search, segment: Segment, place: int
) -> tuple[list[_Meeting], list[tuple[float, QueryTerm]]]:
    """The best link of each query term into one item, and the terms that have none."""
    counts = segment.counted[place]
    damping = float(damp(segment.lengths[place : place + 1], search.words.average)[0])
    terms = search.vocabulary.terms
    meetings: list[_Meeting] = []
    missed: list[tuple[float, QueryTerm]] = []
    for term, value in zip(search.query, search.words.values, strict=True):
        best: Link | None = None
        most = 0.0
        for link in search.find(term):
            count = counts.get(terms[link.number], 0.0)
            soft = link.weight * count * (K1 + 1) / (count + damping)
            if soft > most:
                best, most = link, soft
        if best is None:
            missed.append((value, term))
        else:
            meetings.append(_Meeting(term, best, value * most))
    return meetings, missed


def _reason(
    search: Search, segment: Segment, place: int, meeting: _Meeting, total: float
) -> Reason:
    """Cite the two places of a meeting; a glossary entry cites its whole phrases."""
    item = segment.items[place]
    other = search.vocabulary.terms[meeting.link.number]
    if other.startswith(GLOSSARY):
        need_spans = _mention_spans(search.mentions, other)
        seed_spans = _mention_spans(segment.mentions[place], other)
    else:
        need_spans = search.need.terms.spans(meeting.term.term)
        seed_spans = item.terms.spans(other)
    return Reason(
        search.need.terms.text.cut(need_spans[0]),
        item.terms.text.cut(seed_spans[0]),
        meeting.link.kind,
        meeting.evidence / total,
        need_spans[0],
        seed_spans[0],
        need_spans,
        seed_spans,
    )


def _mention_spans(mentions: Iterable[Mention], term: str) -> tuple[Span, ...]:
    return tuple(mention.span for mention in mentions if mention.term == term)


def _nearest(need: Item, item: Item, share: float) -> Reason | None:
    """The reason by meaning: the two passages that lie nearest to each other."""
    if need.passages is None or item.passages is None:
        return None
    pair = need.passages.nearest(item.passages)
    if pair is None:
        return None
    ours, theirs, _ = pair
    return Reason(
        need.terms.text.cut(ours),
        item.terms.text.cut(theirs),
        "meaning",
        share,
        ours,
        theirs,
        (ours,),
        (theirs,),
    )


def _tells(link: Link) -> bool:
    return link.weight >= _TELLING.get(link.kind, _TELLING_ELSE)


def _carries(reason: Reason) -> bool:
    """One letter on either side is too little to put a listing before somebody."""
    return min(_letters(reason.need_term), _letters(reason.seed_term)) >= 2


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in text)


def _parts(
    meetings: Sequence[_Meeting], meant: float, total: float, score: float
) -> dict[str, float]:
    """The score by kind of link, in the order of LINKS, only what is above nothing."""
    sums = dict.fromkeys(LINKS, 0.0)
    for meeting in meetings:
        sums[meeting.link.kind] += meeting.evidence
    sums["meaning"] = meant
    return {kind: score * part / total for kind, part in sums.items() if part > 0}


def _missing(need: Item, missed: list[tuple[float, QueryTerm]]) -> tuple[Missing, ...]:
    """The weightiest terms that met nothing, of two letters or more, weightiest first."""
    text = need.terms.text
    found: list[Missing] = []
    for _, term in sorted(missed, key=lambda pair: -pair[0]):
        span = need.terms.spans(term.term)[0]
        if _letters(text.cut(span)) >= 2:
            found.append(Missing(text.cut(span), span))
        if len(found) == _MOST_MISSING:
            break
    return tuple(found)
