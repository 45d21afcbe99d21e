"""From coverage and meaning to one score: the curve that both kernels and `fuse` share."""

from __future__ import annotations

import math

WEIGHT = 0.5
EXPECTED = 1.4
MOST_EXPECTED = 0.4
"""A missing vector counts as so much times the coverage, at most so much."""
STEEPNESS = 22.0
MIDDLE = 0.195
KNEE = 0.3
STEEPNESS_ABOVE = 8.0
"""The curve is flatter above the knee, so that very good answers keep their order."""
_ROUNDED = 1.1e-4
"""Scores are told to two decimals of a hundred."""


def least_coverage(coverage: float) -> float:
    """The least coverage that may be told as the same score, by words alone.

    One function without others, so that numba can compile it.
    """
    bend = MOST_EXPECTED / EXPECTED
    evidence = coverage + WEIGHT * EXPECTED * min(coverage, bend)
    over = evidence - KNEE
    slope = STEEPNESS if over < 0 else STEEPNESS_ABOVE
    rise = STEEPNESS * (KNEE - MIDDLE)
    told = 1 / (1 + math.exp(-rise - slope * over)) - _ROUNDED
    if told <= 0:
        return 0.0
    over = -math.log(1 / told - 1) - rise
    least = KNEE + over / (STEEPNESS if over < 0 else STEEPNESS_ABOVE)
    if least <= bend * (1 + WEIGHT * EXPECTED):
        return least / (1 + WEIGHT * EXPECTED)
    return least - WEIGHT * MOST_EXPECTED
