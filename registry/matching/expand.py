"""A need's terms expanded to all that they may meet in a vocabulary, as arrays.

Rows of links that were written beside the index are taken as they stand; of terms that the
vocabulary does not have, or that the office's glossary joins to others, they are sought.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.kernel import Kernel
from registry.matching.lexicon import Lexicon
from registry.matching.reach import Reach, Row
from registry.matching.score import Query
from registry.matching.segment import Segment
from registry.matching.texts import Terms

_KEPT_TERMS = 20_000
_KINDS = np.zeros(0, dtype=np.uint8)


class Links(NamedTuple):
    """All links of a query into one vocabulary, those of one query term together.

    `groups` (one more than terms) index the links; `kinds` index `LINKS`; `stored` are the
    vocabulary's numbers of the terms whose row was written beside it, −1 for others, None when
    there are no such rows; `sought` are the rows of the others by place in the query.
    """

    numbers: NDArray[np.int32]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    groups: NDArray[np.int64]
    age: int
    stored: NDArray[np.int64] | None
    sought: dict[int, Row]


class Compass:
    """Where the terms of needs lie in an index's vocabularies; what is found is kept a while."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Nothing is kept yet."""
        self._lexicon = lexicon
        self._backgrounds: dict[str, float] = {}
        self._numbers: dict[str, int] = {}

    def backgrounds(self, terms: tuple[str, ...]) -> list[float]:
        """Shares of ordinary texts that hold the terms."""
        known = self._backgrounds
        try:
            return [known[term] for term in terms]
        except KeyError:
            if len(known) > _KEPT_TERMS:
                known.clear()
            for term in terms:
                if term not in known:
                    known[term] = self._lexicon.background(term)
            return [known[term] for term in terms]

    def links(self, reach: Reach, query: Query, terms: Terms, kernel: Kernel) -> Links:
        """The links of a query into a vocabulary."""
        if reach.graph is None:
            rows = {
                place: reach.find((term, query.concepts.get(term, ())), terms.word(term))
                for place, term in enumerate(query.terms)
            }
            return _joined(rows, len(query.terms), len(reach.vocabulary), None)
        numbers = self._places(reach, query)
        sought: dict[int, Row] = {}
        if numbers.min(initial=0) < 0:
            for place in np.flatnonzero(numbers < 0).tolist():
                term = query.terms[place]
                key = term, query.concepts.get(term, ())
                sought[place] = reach.find(key, terms.word(term))
        graph = reach.graph
        if sought:
            rows = dict(sought)
            for place in np.flatnonzero(numbers >= 0).tolist():
                rows[place] = graph.row(int(numbers[place]), len(reach.vocabulary))
            found = _joined(rows, len(query.terms), len(reach.vocabulary), numbers)
            return found._replace(sought=sought)
        return Links(*kernel.expand(graph, numbers), len(reach.vocabulary), numbers, sought)

    def _places(self, reach: Reach, query: Query) -> NDArray[np.int64]:
        """The vocabulary's numbers; −1 for a term that it does not have or a glossary joins."""
        known = self._numbers
        try:
            numbers = [known[term] for term in query.terms]
        except KeyError:
            if len(known) > _KEPT_TERMS:
                known.clear()
            for term in query.terms:
                if term not in known:
                    number = reach.vocabulary.number(term)
                    known[term] = -1 if number is None else number
            numbers = [known[term] for term in query.terms]
        if query.concepts:
            numbers = [
                -1 if term in query.concepts else number
                for term, number in zip(query.terms, numbers, strict=True)
            ]
        return np.array(numbers, dtype=np.int64)


def _joined(rows: dict[int, Row], count: int, age: int, stored: NDArray[np.int64] | None) -> Links:
    """Rows one after the other."""
    ordered = [rows[place] for place in range(count)]
    groups = np.zeros(count + 1, dtype=np.int64)
    np.cumsum([len(row.numbers) for row in ordered], out=groups[1:])
    empty = Row(np.zeros(0, np.int32), np.zeros(0, np.float32), _KINDS, 0)
    parts = ordered or [empty]
    return Links(
        np.concatenate([row.numbers for row in parts]),
        np.concatenate([row.weights for row in parts]),
        np.concatenate([row.kinds for row in parts]),
        groups,
        age,
        stored,
        rows,
    )


def count_links(segment: Segment, query: Query, links: Links) -> NDArray[np.int64]:
    """How many living items of a segment each term of a query meets, softly, in `SHARE`ths."""
    counts = np.zeros(len(query.terms), dtype=np.int64)
    graph = segment.reach.graph
    if graph is not None and links.stored is not None:
        counts += np.where(links.stored >= 0, graph.frequencies[links.stored], 0)
    for place, row in links.sought.items():
        term = query.terms[place]
        counts[place] = segment.frequency((term, query.concepts.get(term, ())), row)
    if segment.dead and links.stored is not None:
        for place in np.flatnonzero(links.stored >= 0).tolist():
            part = slice(links.groups[place], links.groups[place + 1])
            row = Row(links.numbers[part], links.weights[part], links.kinds[part], links.age)
            counts[place] -= segment.gone_frequency(row)
    return counts
