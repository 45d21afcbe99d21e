"""From coverage and meaning to one score: the curve that both kernels and `fuse` share."""

from __future__ import annotations

import math

WEIGHT = 0.5
"""What meaning weighs for a usual need, where no vector is known at all."""
EXPECTED = 1.4
MOST_EXPECTED = 0.4
"""A missing vector counts as so much times the coverage, at most so much."""
STEEPNESS = 22.0
MIDDLE = 0.195
LOW, HIGH = 0.1, 0.3
STEEPNESS_BELOW, STEEPNESS_ABOVE = 14.0, 8.0
"""The curve is flatter at both ends, so that items there keep their order."""
_ROUNDED = 1.1e-4
"""Scores are told to two decimals of a hundred."""


def least_coverage(coverage: float) -> float:
    """The least coverage that may be told as the same score, by words alone.

    One function without others, so that numba can compile it.
    """
    bend = MOST_EXPECTED / EXPECTED
    evidence = coverage + WEIGHT * EXPECTED * min(coverage, bend)
    logit = STEEPNESS * (evidence - MIDDLE)
    logit += (STEEPNESS - STEEPNESS_BELOW) * max(LOW - evidence, 0.0)
    logit -= (STEEPNESS - STEEPNESS_ABOVE) * max(evidence - HIGH, 0.0)
    told = 1 / (1 + math.exp(-logit)) - _ROUNDED
    if told <= 0:
        return 0.0
    logit = -math.log(1 / told - 1)
    least = MIDDLE + logit / STEEPNESS
    if least < LOW:
        least = LOW + (logit - STEEPNESS * (LOW - MIDDLE)) / STEEPNESS_BELOW
    elif least > HIGH:
        least = HIGH + (logit - STEEPNESS * (HIGH - MIDDLE)) / STEEPNESS_ABOVE
    if least <= bend * (1 + WEIGHT * EXPECTED):
        return least / (1 + WEIGHT * EXPECTED)
    return least - WEIGHT * MOST_EXPECTED
