"""Why a listing is suggested: the same computation, read backwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from registry.matching.fuse import SPEAKS, spoken_meaning
from registry.matching.glossary import GLOSSARY, Mention
from registry.matching.kernel import Doubles
from registry.matching.kinship import akin
from registry.matching.links import LINKS, Link
from registry.matching.rank import Found
from registry.matching.reach import Reach, Row
from registry.matching.score import QueryTerm
from registry.matching.segment import Item, Segment
from registry.matching.texts import Span

_MOST_REASONS = 8
_MOST_MISSING = 5
_LEAST_SHARE = 0.01
_TELLING = {"translation": 0.32, "part": 0.15}
_TELLING_ELSE = 0.2
_FLOAT = 1e-6
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


class Meet(NamedTuple):
    """A query term (by place) that reaches a term of the vocabulary."""

    term: int
    weight: float
    kind: str


@dataclass(frozen=True)
class Search:
    """All that was computed for one need: its terms, their values, their rows by reach, and what
    meaning weighs."""

    need: Item
    mentions: Sequence[Mention]
    query: Sequence[QueryTerm]
    values: Doubles
    rows: dict[int, list[Row]]
    weight: float
    _met: dict[int, dict[int, list[Meet]]] = field(default_factory=dict)

    def met(self, reach: Reach) -> dict[int, list[Meet]]:
        """Who reaches each term of a vocabulary, in the query's order."""
        found = self._met.get(id(reach))
        if found is None:
            found = self._met[id(reach)] = {}
            for place, row in enumerate(self.rows[id(reach)]):
                triples = (row.numbers.tolist(), row.weights.tolist(), row.kinds.tolist())
                for number, weight, kind in zip(*triples, strict=True):
                    found.setdefault(number, []).append(Meet(place, weight, LINKS[kind]))
        return found


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A query term, its best link into one item, and what that adds to the evidence."""

    term: QueryTerm
    link: Link
    evidence: float


def explain(search: Search, found: Found) -> Suggestion | None:
    """The suggestion of one item with its reasons; None when nothing carries it."""
    segment, place = found.segment, found.place
    above = found.above or 0.0
    meetings, missed = _meetings(search, segment, place)
    meant = max(0.0, spoken_meaning(above, found.coverage, search.weight))
    total = sum(meeting.evidence for meeting in meetings) + meant
    if total <= 0:
        return None
    item = segment.items[place]
    telling = [meeting for meeting in meetings if _tells(meeting, segment.reach)]
    mentions = segment.mentions(place)
    reasons = [_reason(search, item, mentions, segment, meeting, total) for meeting in telling]
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
        found.score,
        _parts(meetings, meant, total, found.score),
        tuple(reasons[:_MOST_REASONS]),
        _missing(search.need, missed),
        "words" if found.above is None else "words+meaning",
    )


def _meetings(
    search: Search, segment: Segment, place: int
) -> tuple[list[_Meeting], list[tuple[float, QueryTerm]]]:
    """The best link of each query term into one item, and the terms that have none."""
    met = search.met(segment.reach)
    best: dict[int, tuple[float, float, int, str]] = {}
    numbers, impacts = segment.row(place)
    for number, impact in zip(numbers.tolist(), impacts.tolist(), strict=True):
        for term, weight, kind in met.get(number, ()):
            meeting = (weight * impact, weight, -number, kind)
            if term not in best or meeting > best[term]:
                best[term] = meeting
    meetings = [
        _Meeting(search.query[term], Link(-number, weight, kind), float(search.values[term]) * soft)
        for term, (soft, weight, number, kind) in sorted(best.items())
    ]
    missed = [
        (float(value), term)
        for place, (term, value) in enumerate(zip(search.query, search.values, strict=True))
        if place not in best
    ]
    return meetings, missed


def _reason(
    search: Search,
    item: Item,
    mentions: Sequence[Mention],
    segment: Segment,
    meeting: _Meeting,
    total: float,
) -> Reason:
    """Cite the two places of a meeting; a glossary entry cites its whole phrases."""
    other = segment.reach.vocabulary.term(meeting.link.number)
    if other.startswith(GLOSSARY):
        need_spans = _mention_spans(search.mentions, other)
        seed_spans = _mention_spans(mentions, other)
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


def _tells(meeting: _Meeting, reach: Reach) -> bool:
    """Whether a link is strong enough to be shown, and bears a second look."""
    link = meeting.link
    if link.weight < _TELLING.get(link.kind, _TELLING_ELSE) - _FLOAT:
        return False
    other = reach.vocabulary.term(link.number)
    return akin(meeting.term.term, other, link.kind, reach.lexicon)


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
