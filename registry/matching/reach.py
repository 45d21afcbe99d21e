"""How far a need's term reaches into a vocabulary: its links as arrays, found once and kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.lexicon import Lexicon
from registry.matching.links import LINKS, Link, links
from registry.matching.texts import Word
from registry.matching.vocabulary import Words

_KEPT_ROWS = 100_000
KINDS = {kind: number for number, kind in enumerate(LINKS)}


class Row(NamedTuple):
    """The terms that one term meets, the strongest first.

    `kinds` index `LINKS`; `age` is the size of the vocabulary then; `frequency` is known when
    the row was written beside its segment.
    """

    numbers: NDArray[np.int32]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    age: int
    frequency: int | None = None


class Graph(NamedTuple):
    """The rows of all terms of a vocabulary, one after the other, and of each term its soft
    frequency in the segment that they were written beside and its share of ordinary texts."""

    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    frequencies: NDArray[np.int64]
    backgrounds: NDArray[np.float64]

    def row(self, number: int, age: int) -> Row:
        """The row of one term."""
        part = slice(int(self.starts[number]), int(self.starts[number + 1]))
        count = int(self.frequencies[number])
        return Row(self.numbers[part], self.weights[part], self.kinds[part], age, count)


def row_of(found: list[Link], age: int) -> Row:
    """Links as arrays."""
    return Row(
        np.array([link.number for link in found], dtype=np.int32),
        np.array([link.weight for link in found], dtype=np.float32),
        np.array([KINDS[link.kind] for link in found], dtype=np.uint8),
        age,
    )


class Reach:
    """The rows of one vocabulary, kept until it grows."""

    graph: Graph | None = None
    """The rows of the whole vocabulary, when they were written beside it."""

    def __init__(self, vocabulary: Words) -> None:
        """Nothing is looked up yet."""
        self.vocabulary = vocabulary
        self._rows: dict[tuple[str, tuple[str, ...]], Row] = {}

    @property
    def lexicon(self) -> Lexicon:
        """Where the links come from."""
        return self.vocabulary.lexicon

    def find(self, key: tuple[str, tuple[str, ...]], word: Word) -> Row:
        """The row of a term; the key's second part are the glossary entries it belongs to.

        `word` counts only for a term that the vocabulary does not have.
        """
        found = self._rows.get(key)
        age = len(self.vocabulary)
        if found is None or found.age != age:
            if len(self._rows) > _KEPT_ROWS:
                self._rows.clear()
            found = self._rows[key] = self._look_up(key, word, age)
        return found

    def _look_up(self, key: tuple[str, tuple[str, ...]], word: Word, age: int) -> Row:
        term, concepts = key
        number = self.vocabulary.number(term)
        if number is not None:
            word = self.vocabulary.word(number)
        return row_of(links(term, word, self.vocabulary, concepts), age)
