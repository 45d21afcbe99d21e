"""The best of all items: bounds first, exact scores for those who may be among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.fuse import (
    Meaning,
    coverage_for,
    evidence_for,
    evidence_of,
    score_of,
)
from registry.matching.segment import Mask, Offsets, Segment
from registry.matching.sweep import BLOCK, Sweep

_SMALL = 200 * BLOCK
_MOST_EXACT = 1500
_TINY = 1e-30


class Found(NamedTuple):
    """An item that may be suggested."""

    score: float
    ref: str
    segment: Segment
    place: int
    coverage: float
    above: float | None


class Ranked(NamedTuple):
    """Items by falling score, equal ones by ref; none is missing that scores `floor` or more."""

    found: list[Found]
    floor: float


def rank(
    sweeps: Sequence[Sweep],
    meanings: Sequence[Meaning | None],
    masks: Sequence[Mask | None],
    count: int,
) -> Ranked:
    """At least `count` items, as far as there are so many that pass the masks."""
    for sweep in sweeps:
        sweep.run(whole=False)
    floor, chosen = _choose(sweeps, meanings, masks, count)
    if sum(map(len, chosen)) > _MOST_EXACT:
        for sweep in sweeps:
            sweep.run(whole=True)
        floor, chosen = _choose(sweeps, meanings, masks, count)
    found: list[Found] = []
    for sweep, meaning, places in zip(sweeps, meanings, chosen, strict=True):
        found.extend(_exact(sweep, meaning, places, floor))
    found.sort(key=lambda item: (-item.score, item.ref))
    return Ranked(found, floor)


def _choose(
    sweeps: Sequence[Sweep],
    meanings: Sequence[Meaning | None],
    masks: Sequence[Mask | None],
    count: int,
) -> tuple[float, list[Offsets]]:
    """The score that the best `count` reach, and the places that may reach it."""
    by_words = all(meaning is None for meaning in meanings)
    lows = []
    for sweep, meaning, mask in zip(sweeps, meanings, masks, strict=True):
        low = sweep.low
        if not by_words:
            low = np.full(len(sweep.low), -np.inf, dtype=np.float32)
            low[: len(sweep.segment)] = evidence_of(sweep.low[: len(sweep.segment)], meaning)
        if mask is not None:
            if by_words:
                low = low.copy()
            low[: len(sweep.segment)][~mask] = -np.inf if not by_words else 0
        lows.append(low)
    best = _best(lows, count)
    evidence = float(evidence_of(np.array([best]), None)[0]) if by_words else best
    floor = float(score_of(np.array([evidence]))[0]) if np.isfinite(evidence) else 0.0
    least = evidence_for(floor)
    chosen = []
    for sweep, meaning, mask, low in zip(sweeps, meanings, masks, lows, strict=True):
        size = len(sweep.segment)
        if by_words:
            enough = low >= max(coverage_for(least) - sweep.slack, _TINY)
            if coverage_for(least) <= sweep.slack and sweep.strong:
                enough[:] = True
        else:
            high = evidence_of(sweep.low[:size] + np.float32(sweep.slack), meaning)
            enough = high >= least - 1e-5
        enough = enough[:size]
        chosen.append(np.flatnonzero(enough if mask is None else enough & mask))
    return floor, chosen


def _best(lows: Sequence[NDArray[np.float32]], count: int) -> float:
    """A bound that at least `count` items reach; below everything when there are fewer."""
    if sum(map(len, lows)) > _SMALL:
        lows = [low.reshape(-1, BLOCK).max(axis=1) for low in lows]
    values = np.concatenate(lows) if len(lows) > 1 else lows[0]
    if len(values) <= count:
        return float("-inf")
    return float(np.partition(values, len(values) - count)[len(values) - count])


def _exact(sweep: Sweep, meaning: Meaning | None, places: Offsets, floor: float) -> list[Found]:
    """The chosen items of one segment that reach a score; those that met nothing left out."""
    if not len(places):
        return []
    segment = sweep.segment
    coverage = sweep.exact(places)
    part = meaning.at(places) if meaning is not None else None
    scores = score_of(evidence_of(coverage, part))
    above = part.above if part is not None else np.zeros(len(places))
    known = part.known if part is not None else np.zeros(len(places), dtype=bool)
    wanted = np.flatnonzero(((coverage > 0) | (above > 0)) & (scores >= floor))
    return [
        Found(
            float(scores[row]),
            segment.items.ref(int(places[row])),
            segment,
            int(places[row]),
            float(coverage[row]),
            float(above[row]) if known[row] else None,
        )
        for row in wanted.tolist()
    ]
