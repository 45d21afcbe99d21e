"""BM25 with soft terms: a need's term counts by its best link into each item.

sat(u, d) = tf·(k1+1) / (tf + k1·(1 − b + b·length/average)); soft(t, d) = max over links of
weight·sat; idf from the soft document frequency over the items and a background of ordinary
text; score = Σ query weight · idf^power · soft, told as the share of what a full answer would
have. The longer a need, the more of it is what every firm says of itself (連携, 実績, 当社の強み):
a long description is damped, and the idf is raised to a power that grows with the need's terms, up
to 2.5; on needs of one line it is plain BM25's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.matching.lexicon import Lexicon
from registry.matching.segment import SHARE
from registry.matching.texts import FIELD_WEIGHTS, Terms, Word

BACKGROUND = 200
"""Texts of ordinary language that every index is thought to hold besides its items: a word's
rarity is then sensible in a registry of three listings too."""
DESCRIPTION = 15
"""Terms of a need's description that count in full; of a longer one each counts less."""
POWER = 1.5
"""So much the idf's power grows from 1 while a need's terms grow from `SHORT` to `LONG`."""
SHORT = 20
LONG = 60
DOUBT = 4.0
"""A full answer to a very short need proves little: so many rare terms are added to its best."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A need's term with its weight 2w/(w+1), w its weighted count, a long description damped."""

    term: str
    weight: float
    word: Word
    concepts: tuple[str, ...]
    background: float

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """By what its links are kept."""
        return self.term, self.concepts


def query_terms(terms: Terms, lexicon: Lexicon) -> list[QueryTerm]:
    """The terms of a need in order of first occurrence."""
    concepts: dict[str, list[str]] = {}
    for mention in lexicon.glossary.mentions(terms):
        for term in mention.covers:
            concepts.setdefault(term, []).append(mention.term)
    described = sum(token.field == 1 for token in terms.tokens)
    damping = min(1.0, (DESCRIPTION / max(described, 1)) ** 0.5)
    counts: dict[str, float] = {}
    for token in terms.tokens:
        once = FIELD_WEIGHTS[token.field] * (damping if token.field == 1 else 1.0)
        counts[token.term] = counts.get(token.term, 0.0) + once
    return [
        QueryTerm(
            term,
            2 * count / (count + 1),
            terms.word(term),
            tuple(dict.fromkeys(concepts.get(term, ()))),
            lexicon.background(term),
        )
        for term, count in counts.items()
    ]


def values_of(
    query: Sequence[QueryTerm], frequencies: Sequence[int], size: int
) -> NDArray[np.float64]:
    """What each term of a query adds to the coverage of an item that it meets softly by one.

    `frequencies` are the terms' soft frequencies in `SHARE`ths among `size` items.
    """
    common = np.array(frequencies, dtype=np.float64) / SHARE
    common += BACKGROUND * np.array([term.background for term in query])
    idf = inverse_frequency(size + BACKGROUND, common)
    top = float(inverse_frequency(size + BACKGROUND, np.zeros(1))[0])
    power = 1 + POWER * min(1.0, max(0.0, (len(query) - SHORT) / (LONG - SHORT)))
    weights = np.array([term.weight for term in query]) * idf * (idf / top) ** (power - 1)
    return np.asarray(weights / (weights.sum() + DOUBT * top), dtype=np.float64)


def inverse_frequency(size: int, frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """BM25's idf, never negative."""
    frequency = np.minimum(frequency, float(size))
    return np.asarray(np.log1p((size - frequency + 0.5) / (frequency + 0.5)))
