"""Words and meaning become one score from 0 to 100, comparable between needs.

evidence = coverage by words + weight · (cosine − what is usual for this need). The weight is one
number for each need: the more of its words meet nothing in the index, the less can words find, and
the more the meaning counts. The score is a logistic curve over the evidence, flatter at both ends
so that items there keep their order: an excellent pair stands above 80 and an unrelated one below
30. Meaning alone, without a single word to bear it out, brings no more than 40. An item or a need
without vector gets the meaning that its words let expect, on the careful side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.meaning import Passages
from registry.matching.segment import SHARE, Mask, Segment

UNMET = 1.2
"""The weight of meaning for a need whose words meet nothing in the index."""
MET = 0.4
"""The weight for a need whose words all meet something; so it is in a large index."""
WEIGHT = 0.5
"""The weight of a usual need, where no vector is known at all."""
USUAL = 0.13
"""Mean cosine of unrelated listings, seen as if `_PRIOR` such pairs had been measured."""
_PRIOR = 50
SPEAKS = 0.12
"""From this much above the usual the meaning alone is a reason."""
_EXPECTED = 1.4
_MOST_EXPECTED = 0.4
_STEEPNESS = 22.0
_MIDDLE = 0.195
_LOW, _HIGH = 0.1, 0.3
_STEEPNESS_BELOW, _STEEPNESS_ABOVE = 14.0, 8.0
_ALONE = 0.176
_PER_WORD = 5.0
_SLACK = 1e-6

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Meaning:
    """Of a segment's items: how far the cosine lies above the usual, and where it is known.

    `weight` is the need's.
    """

    above: Doubles
    known: Mask
    weight: float = WEIGHT

    def at(self, places: NDArray[np.int64]) -> Meaning:
        """The same of some places."""
        return Meaning(self.above[places], self.known[places], self.weight)


def weight_of(frequencies: Sequence[int]) -> float:
    """The weight of meaning for a need, from the soft frequencies (in `SHARE`ths) of its terms.

    A term is met when its links reach as much as one item that holds the term itself.
    """
    met = sum(frequency >= SHARE for frequency in frequencies) / max(len(frequencies), 1)
    return UNMET - (UNMET - MET) * met


def score_meaning(
    passages: Passages | None, segments: Sequence[Segment], weight: float
) -> list[Meaning | None]:
    """Compare a need's vector with every item's; None throughout where nothing can be compared."""
    pairs: list[tuple[Doubles, Mask]] = []
    for segment in segments:
        known = segment.has_vector & segment.alive
        cosines = np.zeros(len(segment))
        if passages is not None and segment.vectors.shape[1] == len(passages.whole):
            cosines[:] = segment.vectors @ passages.whole
        else:
            known[:] = False
        pairs.append((cosines, known))
    seen = np.concatenate([cosines[known] for cosines, known in pairs]) if pairs else np.zeros(0)
    if not len(seen):
        return [None] * len(segments)
    usual = (float(seen.sum()) + USUAL * _PRIOR) / (len(seen) + _PRIOR)
    return [
        Meaning(np.where(known, cosines - usual, 0.0), known, weight) for cosines, known in pairs
    ]


def spoken_meaning(above: float, coverage: float, weight: float) -> float:
    """What the meaning of one item adds to its evidence; negative below the usual."""
    return min(weight * above, _ALONE + _PER_WORD * coverage)


def evidence_of(coverage: NDArray[Any], meaning: Meaning | None) -> NDArray[Any]:
    """The evidence for each item; it never falls when the coverage rises."""
    weight = WEIGHT if meaning is None else meaning.weight
    expected = weight * np.minimum(_EXPECTED * coverage, _MOST_EXPECTED)
    if meaning is None:
        return np.asarray(coverage + expected)
    spoken = np.minimum(weight * meaning.above, _ALONE + _PER_WORD * coverage)
    return np.asarray(coverage + np.where(meaning.known, spoken, expected))


def score_of(evidence: NDArray[Any]) -> Doubles:
    """Scores 0–100, rounded to two decimals, so that what is printed equal is equal."""
    exact = evidence.astype(np.float64)
    logit = _STEEPNESS * (exact - _MIDDLE)
    logit += (_STEEPNESS - _STEEPNESS_BELOW) * np.maximum(_LOW - exact, 0.0)
    logit -= (_STEEPNESS - _STEEPNESS_ABOVE) * np.maximum(exact - _HIGH, 0.0)
    curve = 100 / (1 + np.exp(-logit))
    return np.asarray(np.round(curve, 2))


def evidence_for(score: float) -> float:
    """The least evidence that is told as a score."""
    least = (score - 0.005) / 100
    if least <= 0:
        return float("-inf")
    logit = float(-np.log(1 / least - 1))
    evidence = _MIDDLE + logit / _STEEPNESS
    if evidence < _LOW:
        evidence = _LOW + (logit - _STEEPNESS * (_LOW - _MIDDLE)) / _STEEPNESS_BELOW
    elif evidence > _HIGH:
        evidence = _HIGH + (logit - _STEEPNESS * (_HIGH - _MIDDLE)) / _STEEPNESS_ABOVE
    return evidence - _SLACK


def coverage_for(evidence: float) -> float:
    """The coverage that brings an evidence by words alone."""
    bend = _MOST_EXPECTED / _EXPECTED
    if evidence <= bend + WEIGHT * _MOST_EXPECTED:
        return evidence / (1 + WEIGHT * _EXPECTED)
    return evidence - WEIGHT * _MOST_EXPECTED
