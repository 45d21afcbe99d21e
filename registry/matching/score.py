"""BM25 with soft terms: a need's term counts by its best link into each item.

sat(u, d) = tf·(k1+1) / (tf + k1·(1 − b + b·length/average)); soft(t, d) = max over links of
weight·sat; idf from the soft document frequency over the items and a background of ordinary
text; score = Σ query weight · idf²/top · soft, told as the share of what a full answer would
have. Squaring the idf, and damping a long description, keeps what every firm says of itself
(連携, 実績, 当社の強み) from drowning what a need is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.matching.lexicon import Lexicon
from registry.matching.links import Link
from registry.matching.segment import Segment
from registry.matching.texts import FIELD_WEIGHTS, Terms, Word

K1 = 1.6
B = 0.4
BACKGROUND = 200
"""Texts of ordinary language that every index is thought to hold besides its items: a word's
rarity is then sensible in a registry of three listings too."""
DESCRIPTION = 15
"""Terms of a need's description that count in full; of a longer one each counts less."""
DOUBT = 4.0
"""A full answer to a very short need proves little: so many rare terms are added to its best."""

Doubles = NDArray[np.float64]
LinkFinder = Callable[["QueryTerm"], list[Link]]


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A need's term with its weight 2w/(w+1), w its weighted count, a long description damped."""

    term: str
    weight: float
    word: Word
    concepts: tuple[str, ...]
    background: float


@dataclass(frozen=True)
class WordScores:
    """Coverage (0 none, about 1 a full answer) of all items, and the value of each query term.

    An item's coverage is the sum over the query's terms of `values[term] · soft(term, item)`.
    """

    coverage: Doubles
    values: tuple[float, ...]
    average: float


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


def score_words(
    query: Sequence[QueryTerm], segments: Sequence[Segment], find: LinkFinder
) -> WordScores:
    """Score every item of the segments, one after the other, with common statistics."""
    alive = np.concatenate([s.alive for s in segments]) if segments else np.zeros(0, dtype=bool)
    size = int(alive.sum())
    average = sum(float(s.lengths[s.alive].sum()) for s in segments) / max(size, 1)
    damping = [damp(segment.lengths, average) for segment in segments]
    top = inverse_frequency(size + BACKGROUND, 0.0)
    scores = np.zeros(len(alive))
    soft = np.zeros(len(alive))
    weights = []
    for term in query:
        places = _soften(find(term), segments, damping, soft)
        values = soft[places] * alive[places]
        common = float(np.minimum(values, 1.0).sum()) + BACKGROUND * term.background
        weight = term.weight * inverse_frequency(size + BACKGROUND, common) ** 2 / top
        scores[places] += weight * values
        soft[places] = 0.0
        weights.append(weight)
    best = sum(weights) + DOUBT * top
    return WordScores(scores / best, tuple(weight / best for weight in weights), average)


def damp(lengths: NDArray[np.float32], average: float) -> Doubles:
    """The part of BM25's denominator that depends on an item's length."""
    return np.asarray(K1 * (1 - B + B * lengths.astype(np.float64) / max(average, 1e-9)))


def saturation(counts: NDArray[np.float32], damps: Doubles) -> Doubles:
    """BM25's saturated counts, each 0 to k1 + 1."""
    return np.asarray(counts * (K1 + 1) / (counts + damps), dtype=np.float64)


def inverse_frequency(size: int, frequency: float) -> float:
    """BM25's idf, never negative."""
    frequency = min(frequency, float(size))
    return float(np.log1p((size - frequency + 0.5) / (frequency + 0.5)))


def _soften(
    found: list[Link], segments: Sequence[Segment], damping: list[Doubles], soft: Doubles
) -> NDArray[np.int64]:
    """Raise `soft` to the best link in each item; the places touched, ascending."""
    touched: list[NDArray[np.int64]] = []
    offset = 0
    for segment, damps in zip(segments, damping, strict=True):
        part = soft[offset : offset + len(segment)]
        for link in found:
            places, counts = segment.posting(link.number)
            if len(places):
                values = link.weight * saturation(counts, damps[places])
                part[places] = np.maximum(part[places], values)
                touched.append(places.astype(np.int64) + offset)
        offset += len(segment)
    if not touched:
        return np.zeros(0, dtype=np.int64)
    return np.unique(np.concatenate(touched))
