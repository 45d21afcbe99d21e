"""Words and meaning become one score from 0 to 100, comparable between needs.

evidence = coverage by words + WEIGHT · (cosine − what is usual for this need); the score is a
logistic curve over it, so that an excellent pair stands above 80 and an unrelated one below 30.
Meaning alone, without a single word to bear it out, brings no more than 40. An item or a need without vector gets the meaning that its words let expect, on the careful side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.meaning import Passages
from registry.matching.segment import Mask, Segment

WEIGHT = 0.5
USUAL = 0.13
"""Mean cosine of unrelated listings, seen as if `_PRIOR` such pairs had been measured."""
_PRIOR = 50
SPEAKS = 0.12
"""From this much above the usual the meaning alone is a reason."""
_EXPECTED = 1.4
_MOST_EXPECTED = 0.4
_STEEPNESS = 14.0
_MIDDLE = 0.225
_ALONE = 0.195
_PER_WORD = 2.0
_SLACK = 1e-6
_ROUNDED = 1.1e-4
"""Scores are told to two decimals of a hundred."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Meaning:
    """Of a segment's items: how far the cosine lies above the usual, and where it is known."""

    above: Doubles
    known: Mask

    def at(self, places: NDArray[np.int64]) -> Meaning:
        """The same of some places."""
        return Meaning(self.above[places], self.known[places])


def score_meaning(passages: Passages | None, segments: Sequence[Segment]) -> list[Meaning | None]:
    """Compare a need's vector with every item's; None throughout where nothing can be compared."""
    if passages is None:
        return [None] * len(segments)
    pairs: list[tuple[Doubles, Mask]] = []
    for segment in segments:
        known = segment.has_vector & segment.alive
        cosines = np.zeros(len(segment))
        if segment.vectors.shape[1] == len(passages.whole):
            cosines[:] = segment.vectors @ passages.whole
        else:
            known[:] = False
        pairs.append((cosines, known))
    seen = np.concatenate([cosines[known] for cosines, known in pairs]) if pairs else np.zeros(0)
    if not len(seen):
        return [None] * len(segments)
    usual = (float(seen.sum()) + USUAL * _PRIOR) / (len(seen) + _PRIOR)
    return [Meaning(np.where(known, cosines - usual, 0.0), known) for cosines, known in pairs]


def spoken_meaning(above: float, coverage: float) -> float:
    """What the meaning of one item adds to its evidence; negative below the usual."""
    return min(WEIGHT * above, _ALONE + _PER_WORD * coverage)


def evidence_of(coverage: NDArray[Any], meaning: Meaning | None) -> NDArray[Any]:
    """The evidence for each item; it never falls when the coverage rises."""
    expected = WEIGHT * np.minimum(_EXPECTED * coverage, _MOST_EXPECTED)
    if meaning is None:
        return np.asarray(coverage + expected)
    spoken = np.minimum(WEIGHT * meaning.above, _ALONE + _PER_WORD * coverage)
    return np.asarray(coverage + np.where(meaning.known, spoken, expected))


def score_of(evidence: NDArray[Any]) -> Doubles:
    """Scores 0–100, rounded to two decimals, so that what is printed equal is equal."""
    curve = 100 / (1 + np.exp(-_STEEPNESS * (evidence.astype(np.float64) - _MIDDLE)))
    return np.asarray(np.round(curve, 2))


def least_coverage(coverage: float) -> float:
    """The least coverage that may be told as the same score, by words alone.

    One function without others, so that numba can compile it.
    """
    bend = _MOST_EXPECTED / _EXPECTED
    evidence = coverage + WEIGHT * _EXPECTED * min(coverage, bend)
    told = 1 / (1 + math.exp(-_STEEPNESS * (evidence - _MIDDLE))) - _ROUNDED
    if told <= 0:
        return 0.0
    least = _MIDDLE - math.log(1 / told - 1) / _STEEPNESS
    if least <= bend * (1 + WEIGHT * _EXPECTED):
        return least / (1 + WEIGHT * _EXPECTED)
    return least - WEIGHT * _MOST_EXPECTED


def evidence_for(score: float) -> float:
    """The least evidence that is told as a score."""
    least = (score - 0.005) / 100
    if least <= 0:
        return float("-inf")
    return float(_MIDDLE - np.log(1 / least - 1) / _STEEPNESS) - _SLACK
