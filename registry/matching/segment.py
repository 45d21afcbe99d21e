"""A block of items with its postings: what a need's terms are scored against.

A segment never changes but for items that are taken out; new items make a new segment. All
segments of an index share one vocabulary, so that a term has one number everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.matching.glossary import Mention
from registry.matching.meaning import Passages
from registry.matching.texts import Terms
from registry.matching.vocabulary import Vocabulary

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

_NOWHERE: Ints = np.zeros(0, dtype=np.int32)
_NOTHING: Floats = np.zeros(0, dtype=np.float32)


@dataclass(frozen=True)
class Item:
    """One listing as the engine holds it. Without passages it ranks by words alone."""

    ref: str
    terms: Terms
    tags: frozenset[str] = frozenset()
    passages: Passages | None = None


class Segment:
    """Items in a fixed order with postings by term number."""

    def __init__(self, items: Sequence[Item], vocabulary: Vocabulary) -> None:
        """Number the terms (new ones join the vocabulary) and write the postings."""
        self.items = tuple(items)
        self.alive: Mask = np.ones(len(self.items), dtype=bool)
        self.lengths: Floats = np.array([i.terms.length for i in self.items], dtype=np.float32)
        self.mentions: list[list[Mention]] = []
        self.counted: list[dict[str, float]] = []
        rows: dict[int, list[tuple[int, float]]] = {}
        for place, item in enumerate(self.items):
            mentions = vocabulary.lexicon.glossary.mentions(item.terms)
            counts = dict(item.terms.weights)
            for mention in mentions:
                counts[mention.term] = counts.get(mention.term, 0.0) + mention.weight
            self.mentions.append(mentions)
            self.counted.append(counts)
            for term, weight in counts.items():
                number = vocabulary.add(term, item.terms.word(term))
                rows.setdefault(number, []).append((place, weight))
        self._postings: dict[int, tuple[Ints, Floats]] = {
            number: (
                np.array([place for place, _ in row], dtype=np.int32),
                np.array([weight for _, weight in row], dtype=np.float32),
            )
            for number, row in rows.items()
        }
        self.vectors, self.has_vector = _vectors(self.items)
        self._tagged: dict[str, Mask] = {}

    def __len__(self) -> int:
        """How many items, those taken out included."""
        return len(self.items)

    def posting(self, number: int) -> tuple[Ints, Floats]:
        """Places of the items that hold a term, ascending, and its weighted counts there."""
        return self._postings.get(number, (_NOWHERE, _NOTHING))

    def tagged(self, tag: str) -> Mask:
        """Which items carry a tag."""
        mask = self._tagged.get(tag)
        if mask is None:
            mask = np.array([tag in item.tags for item in self.items], dtype=bool)
            self._tagged[tag] = mask
        return mask

    def living(self) -> list[Item]:
        """The items that were not taken out, in order."""
        return [item for place, item in enumerate(self.items) if self.alive[place]]

    def take_out(self, place: int) -> None:
        """The item at a place is no longer found, nor counted in any statistics."""
        self.alive[place] = False


def _vectors(items: Sequence[Item]) -> tuple[Floats, Mask]:
    """One whole-text vector per item (zeros where there is none), and where there is one."""
    rows = [item.passages.whole if item.passages is not None else None for item in items]
    present: Mask = np.array([row is not None for row in rows], dtype=bool)
    width = next((len(row) for row in rows if row is not None), 1)
    vectors: Floats = np.zeros((len(rows), width), dtype=np.float32)
    for place, row in enumerate(rows):
        if row is not None:
            vectors[place] = row
    return vectors, present
