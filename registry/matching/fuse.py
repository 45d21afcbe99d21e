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

from registry.matching.counting import SHARE
from registry.matching.curve import (
    EXPECTED,
    HIGH,
    LOW,
    MIDDLE,
    MOST_EXPECTED,
    STEEPNESS,
    STEEPNESS_ABOVE,
    STEEPNESS_BELOW,
    WEIGHT,
)
from registry.matching.kernel import Kernel
from registry.matching.meaning import Passages
from registry.matching.segment import Mask, Segment

UNMET = 1.2
"""The weight of meaning for a need whose words meet nothing in the index."""
MET = 0.4
"""The weight for a need whose words all meet something; so it is in a large index."""
USUAL = 0.13
"""Mean cosine of unrelated listings, seen as if `_PRIOR` such pairs had been measured."""
_PRIOR = 50
SPEAKS = 0.12
"""From this much above the usual the meaning alone is a reason."""
_ALONE = 0.176
_PER_WORD = 5.0
_SLACK = 1e-6

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Meaning:
    """Of a segment's items: how far the cosine lies above the usual, and where it is known.

    `weight` is the need's. With `source` (segment, need's vector, usual cosine) `above` is a first
    look, off by some hundredths.
    """

    above: Doubles
    known: Mask
    weight: float = WEIGHT
    source: tuple[Segment, NDArray[np.float32], float] | None = None

    def at(self, places: NDArray[np.int64]) -> Meaning:
        """The exact figures of some places."""
        known = self.known[places]
        if self.source is None:
            return Meaning(self.above[places], known, self.weight)
        segment, vector, usual = self.source
        cosines = (segment.vectors[places] @ vector).astype(np.float64)
        return Meaning(np.where(known, cosines - usual, 0.0), known, self.weight)


def weight_of(frequencies: NDArray[np.int64]) -> float:
    """The weight of meaning for a need, from the soft frequencies (in `SHARE`ths) of its terms.

    A term is met when its links reach as much as one item that holds the term itself.
    """
    met = int((frequencies >= SHARE).sum()) / max(len(frequencies), 1)
    return UNMET - (UNMET - MET) * met


def score_meaning(
    passages: Passages | None, segments: Sequence[Segment], weight: float, kernel: Kernel
) -> list[Meaning | None]:
    """Compare a need's vector with every item's; None throughout where nothing can be compared."""
    if passages is None:
        return [None] * len(segments)
    vector = passages.whole
    looks = [_look(segment, vector, kernel) for segment in segments]
    seen = sum(int(known.sum()) for _, known, _ in looks)
    if not seen:
        return [None] * len(segments)
    usual = (sum(total for _, _, total in looks) + USUAL * _PRIOR) / (seen + _PRIOR)
    found: list[Meaning | None] = []
    for segment, (cosines, known, _) in zip(segments, looks, strict=True):
        cosines -= usual
        cosines *= known
        source = (segment, vector, usual) if segment.coarse is not None else None
        found.append(Meaning(cosines, known, weight, source))
    return found


def _look(
    segment: Segment, vector: NDArray[np.float32], kernel: Kernel
) -> tuple[Doubles, Mask, float]:
    """The cosines of a segment's items, roughly where there are very many, where they are known,
    and their exact sum."""
    known = segment.has_vector & segment.alive if segment.dead else segment.has_vector
    if segment.vectors.shape[1] != len(vector):
        return np.zeros(len(segment)), np.zeros(len(segment), dtype=bool), 0.0
    if segment.coarse is None:
        cosines = (segment.vectors @ vector).astype(np.float64)
        return cosines, known, float(cosines[known].sum())
    codes, unit = segment.coarse.ask(vector)
    total = float(segment.coarse.total @ vector)
    if segment.dead:
        gone = np.flatnonzero(segment.has_vector & ~segment.alive)
        total -= float((segment.vectors[gone] @ vector).sum(dtype=np.float64))
    rough = np.asarray(kernel.look(segment.coarse.codes, codes) * unit, dtype=np.float64)
    return rough, known, total


def spoken_meaning(above: float, coverage: float, weight: float) -> float:
    """What the meaning of one item adds to its evidence; negative below the usual."""
    return min(weight * above, _ALONE + _PER_WORD * coverage)


def evidence_of(coverage: NDArray[Any], meaning: Meaning | None) -> NDArray[Any]:
    """The evidence for each item; it never falls when the coverage rises."""
    weight = WEIGHT if meaning is None else meaning.weight
    expected = weight * np.minimum(EXPECTED * coverage, MOST_EXPECTED)
    if meaning is None:
        return np.asarray(coverage + expected)
    spoken = np.minimum(weight * meaning.above, _ALONE + _PER_WORD * coverage)
    return np.asarray(coverage + np.where(meaning.known, spoken, expected))


def score_of(evidence: NDArray[Any]) -> Doubles:
    """Scores 0–100, rounded to two decimals, so that what is printed equal is equal."""
    exact = evidence.astype(np.float64)
    logit = STEEPNESS * (exact - MIDDLE)
    logit += (STEEPNESS - STEEPNESS_BELOW) * np.maximum(LOW - exact, 0.0)
    logit -= (STEEPNESS - STEEPNESS_ABOVE) * np.maximum(exact - HIGH, 0.0)
    curve = 100 / (1 + np.exp(-logit))
    return np.asarray(np.round(curve, 2))


def evidence_for(score: float) -> float:
    """The least evidence that is told as a score."""
    least = (score - 0.005) / 100
    if least <= 0:
        return float("-inf")
    logit = float(-np.log(1 / least - 1))
    evidence = MIDDLE + logit / STEEPNESS
    if evidence < LOW:
        evidence = LOW + (logit - STEEPNESS * (LOW - MIDDLE)) / STEEPNESS_BELOW
    elif evidence > HIGH:
        evidence = HIGH + (logit - STEEPNESS * (HIGH - MIDDLE)) / STEEPNESS_ABOVE
    return evidence - _SLACK
