"""Words and meaning become one score from 0 to 100, comparable between needs.

evidence = coverage by words + WEIGHT · (cosine − what is usual for this need); the score is a
logistic curve over it, so that an excellent pair stands above 80 and an unrelated one below 30.
Meaning alone, without a single word to bear it out, brings no more than 40. An item or a need without vector gets the meaning that its words let expect, on the careful side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Meaning:
    """Of all items: how far the cosine lies above the usual, and where it is known."""

    above: Doubles
    known: Mask


def score_meaning(passages: Passages | None, segments: Sequence[Segment]) -> Meaning:
    """Compare a need's vector with every item's."""
    size = sum(len(segment) for segment in segments)
    if passages is None or not size:
        return Meaning(np.zeros(size), np.zeros(size, dtype=bool))
    cosines = np.zeros(size)
    known = np.zeros(size, dtype=bool)
    offset = 0
    for segment in segments:
        end = offset + len(segment)
        if segment.vectors.shape[1] == len(passages.whole):
            cosines[offset:end] = segment.vectors @ passages.whole
            known[offset:end] = segment.has_vector & segment.alive
        offset = end
    seen = cosines[known]
    usual = (float(seen.sum()) + USUAL * _PRIOR) / (len(seen) + _PRIOR)
    return Meaning(np.where(known, cosines - usual, 0.0), known)


def spoken_meaning(above: float, coverage: float) -> float:
    """What the meaning of one item adds to its evidence; negative below the usual."""
    return min(WEIGHT * above, _ALONE + _PER_WORD * coverage)


def fuse(coverage: Doubles, meaning: Meaning) -> Doubles:
    """Scores 0–100, rounded to two decimals, so that what is printed equal is equal."""
    expected = np.minimum(_EXPECTED * coverage, _MOST_EXPECTED)
    spoken = np.minimum(WEIGHT * meaning.above, _ALONE + _PER_WORD * coverage)
    evidence = coverage + np.where(meaning.known, spoken, WEIGHT * expected)
    return np.asarray(np.round(100 / (1 + np.exp(-_STEEPNESS * (evidence - _MIDDLE))), 2))
