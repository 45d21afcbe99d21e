"""BM25 with soft terms: a need's term counts by its best link into each item.

sat(u, d) = tf·(k1+1) / (tf + k1·(1 − b + b·length/average)); soft(t, d) = max over links of
weight·sat; idf from the soft document frequency over the items and a background of ordinary
text; score = Σ query weight · idf^power · soft, told as the share of what a full answer would
have. The longer a need, the more of it is what every firm says of itself (連携, 実績, 当社の強み):
a long description is damped, and the idf is raised to a power that grows with the need's terms, up
to 2.5; on needs of one line it is plain BM25's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registry.matching.counting import SHARE
from registry.matching.glossary import Mention
from registry.matching.texts import FIELD_WEIGHTS, Terms

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
class Query:
    """A need's terms in order of first occurrence.

    Their weights are 2w/(w+1), w the weighted count, a long description damped; `concepts` are the
    glossary entries that a term belongs to, of those that belong to any.
    """

    terms: tuple[str, ...]
    weights: NDArray[np.float64]
    concepts: dict[str, tuple[str, ...]]


def query_of(terms: Terms, mentions: Iterable[Mention]) -> Query:
    """What a need asks; `mentions` are the glossary's in it."""
    described = [token[1] for token in terms.tokens].count(1)
    damping = min(1.0, (DESCRIPTION / max(described, 1)) ** 0.5)
    once = (FIELD_WEIGHTS[0], FIELD_WEIGHTS[1] * damping, FIELD_WEIGHTS[2])
    counts: dict[str, float] = {}
    for term, field, _, _ in terms.tokens:
        counts[term] = counts.get(term, 0.0) + once[field]
    weights = np.array(list(counts.values()))
    concepts: dict[str, list[str]] = {}
    for mention in mentions:
        for term in mention.covers:
            concepts.setdefault(term, []).append(mention.term)
    known = {term: tuple(dict.fromkeys(found)) for term, found in concepts.items()}
    return Query(tuple(counts), 2 * weights / (weights + 1), known)


def values_of(
    weights: NDArray[np.float64],
    backgrounds: Sequence[float],
    frequencies: NDArray[np.int64],
    size: int,
) -> NDArray[np.float64]:
    """What each term of a query adds to the coverage of an item that it meets softly by one.

    `frequencies` are the terms' soft frequencies in `SHARE`ths among `size` items, `backgrounds`
    the shares of ordinary texts that hold them.
    """
    common = frequencies / SHARE
    common += BACKGROUND * np.array(backgrounds)
    idf = inverse_frequency(size + BACKGROUND, common)
    top = math.log1p((size + BACKGROUND + 0.5) / 0.5)
    power = 1 + POWER * min(1.0, max(0.0, (len(weights) - SHORT) / (LONG - SHORT)))
    worth = weights * idf * (idf / top) ** (power - 1)
    return np.asarray(worth / (worth.sum() + DOUBT * top), dtype=np.float64)


def inverse_frequency(size: int, frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """BM25's idf, never negative."""
    frequency = np.minimum(frequency, float(size))
    return np.asarray(np.log1p((size - frequency + 0.5) / (frequency + 0.5)))
