"""A block of items with its postings: what a need's terms are scored against.

A segment never changes but for items that are taken out; new items make a new segment. Impacts
(BM25's saturated counts) are frozen with the average length that the index had when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from registry.matching.coarse import Coarse
from registry.matching.counting import (
    LEVEL_BITS,
    MOST_ITEMS,
    Counting,
    Held,
    Marks,
    NumpyCounting,
    shares,
)
from registry.matching.glossary import Mention
from registry.matching.meaning import Passages
from registry.matching.reach import Reach, Row
from registry.matching.texts import Terms
from registry.matching.vocabulary import Vocabulary

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]

K1 = 1.6
B = 0.4
STEP = (K1 + 1) / 255
"""An impact is below K1 + 1; a level is the impact in these steps, rounded up."""
_KEPT_FREQUENCIES = 20_000
_KEPT_TAGS = 200


@dataclass(frozen=True)
class Item:
    """One listing as the engine holds it. Without passages it ranks by words alone."""

    ref: str
    terms: Terms
    tags: frozenset[str] = frozenset()
    passages: Passages | None = None


@dataclass(frozen=True)
class Postings:
    """Who holds a term (by term: `starts` into marks and impacts), and what an item holds (by
    item: `rows` into numbers and weights, the terms in order of first occurrence).

    A mark is an item's place and, in its last byte, a level that bounds the impact from above;
    `most` is each term's greatest impact.
    All arrays may be mapped files.
    """

    starts: Offsets
    marks: Marks
    impacts: Floats
    most: Floats
    rows: Offsets
    numbers: Ints
    weights: Floats


class Lookup(Protocol):
    """Where a segment finds its items and who carries a tag."""

    def __len__(self) -> int:
        """How many items."""

    def __getitem__(self, place: int) -> Item:
        """The item at a place."""

    def ref(self, place: int) -> str:
        """Its ref alone."""

    def find(self, ref: str) -> int | None:
        """The place of a ref."""

    def tagged(self, tag: str) -> Ints:
        """The places of the items with a tag."""


class Listed:
    """Items in memory."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Note where each ref stands."""
        self._items = tuple(items)
        self._places = {item.ref: place for place, item in enumerate(self._items)}

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: int) -> Item:
        return self._items[place]

    def ref(self, place: int) -> str:
        """The ref of the item at a place."""
        return self._items[place].ref

    def find(self, ref: str) -> int | None:
        """The place of a ref; None when there is none."""
        return self._places.get(ref)

    def tagged(self, tag: str) -> Ints:
        """The places of the items with a tag, ascending."""
        found = [place for place, item in enumerate(self._items) if tag in item.tags]
        return np.array(found, dtype=np.int32)


class Segment:
    """Items in a fixed order with postings by term number."""

    coarse: Coarse | None = None
    """The vectors for a first look, when there are very many."""

    def __init__(
        self,
        items: Lookup,
        postings: Postings,
        reach: Reach,
        vectors: tuple[Floats, Mask],
    ) -> None:
        """Put the parts together; all items are alive."""
        self.items, self.postings, self.reach = items, postings, reach
        self.vectors, self.has_vector = vectors
        self.alive: Mask = np.ones(len(items), dtype=bool)
        self._gone: dict[int, list[tuple[int, float]]] = {}
        self.dead = 0
        self._frequencies: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}
        self._tagged: dict[str, Mask] = {}
        self.scratch: Floats = np.zeros(len(items), dtype=np.float32)
        self.board: object = None

    def __len__(self) -> int:
        """How many items, those taken out included."""
        return len(self.items)

    def mentions(self, place: int) -> list[Mention]:
        """Where an item says what an entry of the office's glossary means."""
        return self.reach.lexicon.glossary.mentions(self.items[place].terms)

    def row(self, place: int) -> tuple[Ints, Floats]:
        """The terms of an item and their impacts."""
        start, end = self.postings.rows[place : place + 2]
        return self.postings.numbers[start:end], self.postings.weights[start:end]

    def tagged(self, tag: str) -> Mask:
        """Which items carry a tag."""
        mask = self._tagged.get(tag)
        if mask is None:
            mask = np.zeros(len(self), dtype=bool)
            mask[self.items.tagged(tag)] = True
            if len(self._tagged) > _KEPT_TAGS:
                self._tagged.clear()
            self._tagged[tag] = mask
        return mask

    def living(self) -> list[Item]:
        """The items that were not taken out, in order."""
        return [self.items[int(place)] for place in np.flatnonzero(self.alive)]

    def find(self, ref: str) -> int | None:
        """The place of a living item."""
        place = self.items.find(ref)
        return place if place is not None and self.alive[place] else None

    def take_out(self, place: int) -> None:
        """The item at a place is no longer found, nor counted in any statistics."""
        self.alive[place] = False
        self.dead += 1
        for number, impact in zip(*self.row(place), strict=True):
            self._gone.setdefault(int(number), []).append((place, float(impact)))

    def frequency(self, key: tuple[str, tuple[str, ...]], row: Row) -> int:
        """How many living items a term meets, softly, in `SHARE`ths."""
        known = self._frequencies.get(key)
        if known is None or known[0] != row.age:
            if len(self._frequencies) > _KEPT_FREQUENCIES:
                self._frequencies.clear()
            common = row.frequency if row.frequency is not None else self.count(row)
            known = self._frequencies[key] = (row.age, common)
        return known[1] - (self.gone_frequency(row) if self._gone else 0)

    def count(self, row: Row) -> int:
        """The same over all items, taken out or not."""
        lists = []
        for number, weight in zip(row.numbers.tolist(), row.weights, strict=True):
            if number + 1 < len(self.postings.starts):
                start, end = self.postings.starts[number : number + 2]
                places = self.postings.marks[start:end] >> LEVEL_BITS
                lists.append(places)
                soft = np.maximum(self.scratch[places], weight * self.postings.impacts[start:end])
                self.scratch[places] = soft
        total = 0
        for places in lists:
            total += int(shares(self.scratch[places]).sum())
            self.scratch[places] = 0
        return total

    def gone_frequency(self, row: Row) -> int:
        """The same over the items that were taken out."""
        best: dict[int, float] = {}
        for number, weight in zip(row.numbers.tolist(), row.weights, strict=True):
            for place, impact in self._gone.get(number, ()):
                best[place] = max(best.get(place, 0.0), float(weight * np.float32(impact)))
        return int(shares(np.array(list(best.values()), dtype=np.float32)).sum())


def build_segment(items: Sequence[Item], reach: Reach, average: float) -> Segment:
    """Number the terms (new ones join the vocabulary) and write the postings."""
    numbers: list[int] = []
    weights: list[float] = []
    rows = [0]
    glossary = reach.lexicon.glossary
    vocabulary = reach.vocabulary
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError("a mapped vocabulary cannot grow")
    add = vocabulary.add
    for item in items:
        counts = item.terms.weights
        if glossary:
            counts = dict(counts)
            for mention in glossary.mentions(item.terms):
                counts[mention.term] = counts.get(mention.term, 0.0) + mention.weight
        numbers.extend([add(term, item.terms.word(term)) for term in counts])
        weights.extend(counts.values())
        rows.append(len(numbers))
    postings = write_postings(
        np.array(numbers, dtype=np.int32),
        np.array(weights, dtype=np.float32),
        np.array(rows, dtype=np.int64),
        np.array([item.terms.length for item in items], dtype=np.float64),
        len(vocabulary),
        average,
    )
    return Segment(Listed(items), postings, reach, vectors_of(items))


def write_postings(
    numbers: Ints,
    weights: Floats,
    rows: Offsets,
    lengths: NDArray[np.float64],
    terms: int,
    average: float,
    counting: Counting | None = None,
) -> Postings:
    """Turn what each item holds (weighted counts) into impacts, by item and by term.

    Raises ValueError for more items than a segment may hold.
    """
    if len(rows) > MOST_ITEMS:
        raise ValueError(f"{len(rows) - 1} items; a segment holds fewer than {MOST_ITEMS}")
    damping = np.repeat(damp(lengths, average).astype(np.float32), np.diff(rows))
    damping += weights
    impacts = weights * np.float32(K1 + 1)
    impacts /= damping
    counting = counting or NumpyCounting()
    found = counting.sort(Held(rows, numbers, impacts), terms, STEP)
    return Postings(found.starts, found.marks, found.impacts, found.most, rows, numbers, impacts)


def damp(lengths: NDArray[np.floating[Any]], average: float) -> NDArray[np.float64]:
    """The part of BM25's denominator that depends on an item's length."""
    return np.asarray(K1 * (1 - B + B * lengths.astype(np.float64) / max(average, 1e-9)))


def vectors_of(items: Sequence[Item]) -> tuple[Floats, Mask]:
    """One whole-text vector per item (zeros where there is none), and where there is one."""
    rows = [item.passages.whole if item.passages is not None else None for item in items]
    present: Mask = np.array([row is not None for row in rows], dtype=bool)
    width = next((len(row) for row in rows if row is not None), 1)
    vectors: Floats = np.zeros((len(rows), width), dtype=np.float32)
    for place, row in enumerate(rows):
        if row is not None:
            vectors[place] = row
    return vectors, present
