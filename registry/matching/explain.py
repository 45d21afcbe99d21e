"""Why a listing is suggested: the same computation, read backwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.expand import Links
from registry.matching.fuse import SPEAKS, spoken_meaning
from registry.matching.glossary import GLOSSARY, Mention
from registry.matching.kernel import Doubles
from registry.matching.kinship import akin
from registry.matching.links import LINKS, Link
from registry.matching.places import Places
from registry.matching.rank import Found
from registry.matching.reach import Reach
from registry.matching.score import Query
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


@dataclass(frozen=True)
class Search:
    """All that was computed for one need: its terms, their values, their links by reach, and what
    meaning weighs."""

    need: Item
    mentions: Sequence[Mention]
    query: Query
    values: Doubles
    links: dict[int, Links]
    weight: float
    _tables: dict[int, _Table] = field(default_factory=dict)

    @cached_property
    def spans(self) -> Places:
        """The places of the need's terms."""
        return Places(self.need.terms)

    def met(self, segment: Segment, place: int) -> Iterator[tuple[int, float, float, int, str]]:
        """Each link from a query term (by place) into an item: with the impact of what it meets,
        its weight, the vocabulary's number and the kind."""
        table = self._tables.get(id(segment.reach))
        if table is None:
            table = self._tables[id(segment.reach)] = _table(self.links[id(segment.reach)])
        numbers, impacts = segment.row(place)
        begin = np.searchsorted(table.numbers, numbers, side="left")
        fan = np.searchsorted(table.numbers, numbers, side="right") - begin
        for entry in np.flatnonzero(fan).tolist():
            impact, number, first = float(impacts[entry]), int(numbers[entry]), int(begin[entry])
            for row in range(first, first + int(fan[entry])):
                yield table.terms[row], impact, table.weights[row], number, table.kinds[row]


class _Table(NamedTuple):
    """Links in the order of the vocabulary's numbers."""

    numbers: NDArray[np.int32]
    terms: list[int]
    weights: list[float]
    kinds: list[str]


def _table(links: Links) -> _Table:
    order = np.argsort(links.numbers, kind="stable")
    owners = np.repeat(np.arange(len(links.groups) - 1), np.diff(links.groups))
    kinds = [LINKS[kind] for kind in links.kinds[order].tolist()]
    return _Table(
        links.numbers[order], owners[order].tolist(), links.weights[order].tolist(), kinds
    )


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A query term, its best link into one item, and what that adds to the evidence."""

    term: str
    link: Link
    evidence: float


class _Cited(NamedTuple):
    """An item with what can be cited of it."""

    item: Item
    mentions: Sequence[Mention]
    spans: Places


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
    cited = _Cited(item, segment.reach.lexicon.glossary.mentions(item.terms), Places(item.terms))
    reasons = [_reason(search, cited, segment, meeting, total) for meeting in telling]
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
        _missing(search, missed),
        "words" if found.above is None else "words+meaning",
    )


def _meetings(
    search: Search, segment: Segment, place: int
) -> tuple[list[_Meeting], list[tuple[float, str]]]:
    """The best link of each query term into one item, and the terms that have none."""
    best: dict[int, tuple[float, float, int, str]] = {}
    for term, impact, weight, number, kind in search.met(segment, place):
        meeting = (weight * impact, weight, -number, kind)
        if term not in best or meeting > best[term]:
            best[term] = meeting
    terms, values = search.query.terms, search.values.tolist()
    meetings = [
        _Meeting(terms[term], Link(-number, weight, kind), values[term] * soft)
        for term, (soft, weight, number, kind) in sorted(best.items())
    ]
    missed = [
        (value, term)
        for place, (term, value) in enumerate(zip(terms, values, strict=True))
        if place not in best
    ]
    return meetings, missed


def _reason(
    search: Search,
    cited: _Cited,
    segment: Segment,
    meeting: _Meeting,
    total: float,
) -> Reason:
    """Cite the two places of a meeting; a glossary entry cites its whole phrases."""
    other = segment.reach.vocabulary.term(meeting.link.number)
    if other.startswith(GLOSSARY):
        need_spans = _mention_spans(search.mentions, other)
        seed_spans = _mention_spans(cited.mentions, other)
    else:
        need_spans = search.spans[meeting.term]
        seed_spans = cited.spans[other]
    return Reason(
        search.need.terms.text.cut(need_spans[0]),
        cited.item.terms.text.cut(seed_spans[0]),
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
    return akin(meeting.term, reach.vocabulary.term(link.number), link.kind, reach.lexicon)


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


def _missing(search: Search, missed: list[tuple[float, str]]) -> tuple[Missing, ...]:
    """The weightiest terms that met nothing, of two letters or more, weightiest first."""
    text = search.need.terms.text
    found: list[Missing] = []
    for _, term in sorted(missed, key=lambda pair: -pair[0]):
        span = search.spans.first(term)
        if _letters(text.cut(span)) >= 2:
            found.append(Missing(text.cut(span), span))
        if len(found) == _MOST_MISSING:
            break
    return tuple(found)
