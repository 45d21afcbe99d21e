"""The best of all items: bounds first, exact scores for those who may be among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.fuse import Meaning, coverage_for, evidence_for, evidence_of, score_of
from registry.matching.kernel import TILE, Doubles
from registry.matching.segment import Offsets, Segment
from registry.matching.sweep import Sweep

_MOST_EXACT = 1500
"""When more items may be among the best, nothing is left out of the sweep."""
_ROUNDED = 0.011
"""Scores are told to two decimals."""


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


class _Scored(NamedTuple):
    """Exact figures of some places of a segment; `above` is NaN where nothing is known."""

    places: Offsets
    coverage: Doubles
    above: Doubles
    evidence: Doubles


def rank(sweeps: Sequence[Sweep], meanings: Sequence[Meaning | None], count: int) -> Ranked:
    """At least `count` items, as far as there are so many that pass the masks."""
    if all(meaning is None for meaning in meanings):
        chosen = _by_words(sweeps, count)
    else:
        chosen = _by_both(sweeps, meanings, count)
    scored = [_exact(*given) for given in zip(sweeps, meanings, chosen, strict=True)]
    return _told(sweeps, scored, count)


def _by_words(sweeps: Sequence[Sweep], count: int) -> list[Offsets]:
    """The places of each segment that may be among the best by their words alone."""
    for sweep in sweeps:
        sweep.run(whole=False)
    reached = [sweep.exact(sweep.best(2 * count)) for sweep in sweeps]
    best = _least_of(reached, count)
    if best > 0:
        least = coverage_for(_least_evidence(evidence_of(np.array([best]), None)))
        chosen = [sweep.above(least) for sweep in sweeps]
        if _few(chosen):
            return [places for places in chosen if places is not None]
    for sweep in sweeps:
        sweep.run(whole=True)
    if best <= 0:
        return [sweep.touched() for sweep in sweeps]
    chosen = [sweep.above(least) for sweep in sweeps]
    return [places for places in chosen if places is not None]


def _few(chosen: Sequence[Offsets | None]) -> bool:
    return all(places is not None for places in chosen) and (
        sum(len(places) for places in chosen if places is not None) <= _MOST_EXACT
    )


def _by_both(
    sweeps: Sequence[Sweep], meanings: Sequence[Meaning | None], count: int
) -> list[Offsets]:
    """The same by words and meaning; an item without words is found by its meaning alone."""
    chosen: list[Offsets] = []
    for whole in (False, True):
        for sweep in sweeps:
            sweep.run(whole)
        highs = [_highest(*given) for given in zip(sweeps, meanings, strict=True)]
        tops = [_top(high, 2 * count) for high in highs]
        reached = [_exact(*given).evidence for given in zip(sweeps, meanings, tops, strict=True)]
        best = _least_of(reached, count)
        least = _least_evidence(np.array([best])) if np.isfinite(best) else -np.inf
        chosen = [np.flatnonzero(high >= least) for high in highs]
        chosen = [
            places[high[places] > -np.inf] for places, high in zip(chosen, highs, strict=True)
        ]
        if _few(chosen):
            break
    return chosen


def _highest(sweep: Sweep, meaning: Meaning | None) -> Doubles:
    """The greatest evidence that each item may have; nothing can be less for one masked out."""
    size = len(sweep.segment)
    board = sweep.board
    high = evidence_of(board.high[:size] * board.unit + sweep.slack, meaning)
    if sweep.mask is not None:
        high[~sweep.mask] = -np.inf
    return high


def _top(high: Doubles, count: int) -> Offsets:
    """Places of the greatest values, `count` or more as far as there are so many."""
    whole = len(high) // TILE * TILE
    if whole <= 64 * count:
        return np.argsort(-high, kind="stable")[:count].astype(np.int64)
    tiles = high[:whole].reshape(-1, TILE).max(axis=1)
    least = np.partition(tiles, len(tiles) - count)[len(tiles) - count]
    rows = np.flatnonzero(tiles >= least)
    inner, columns = np.nonzero(high[:whole].reshape(-1, TILE)[rows] >= least)
    return np.asarray(rows[inner] * TILE + columns, dtype=np.int64)


def _least_of(reached: Sequence[NDArray[Any]], count: int) -> float:
    """What the best `count` reach at least; below everything when there are fewer."""
    values = np.concatenate(reached) if len(reached) > 1 else reached[0]
    if len(values) < count:
        return float("-inf")
    return float(np.partition(values, len(values) - count)[len(values) - count])


def _least_evidence(evidence: NDArray[Any]) -> float:
    """The least evidence that may be told as the same score."""
    return evidence_for(float(score_of(evidence)[0]) - _ROUNDED)


def _exact(sweep: Sweep, meaning: Meaning | None, places: Offsets) -> _Scored:
    """The exact figures of some places."""
    coverage = sweep.exact(places)
    part = meaning.at(places) if meaning is not None else None
    evidence = evidence_of(coverage, part)
    if part is None:
        return _Scored(places, coverage, np.full(len(places), np.nan), evidence)
    above = np.where(part.known, part.above, np.nan)
    evidence[~((coverage > 0) | (above > 0))] = -np.inf
    return _Scored(places, coverage, above, evidence)


def _told(sweeps: Sequence[Sweep], scored: Sequence[_Scored], count: int) -> Ranked:
    """Scores of those that met something, the best `count` and all that score like the last."""
    scores = []
    for part in scored:
        score = score_of(part.evidence)
        score[~((part.coverage > 0) | (part.above > 0))] = -1.0
        scores.append(score)
    least = _least_of(scores, count)
    floor = max(least, 0.0)
    found = [
        Found(
            float(score[row]),
            sweep.segment.items.ref(int(part.places[row])),
            sweep.segment,
            int(part.places[row]),
            float(part.coverage[row]),
            None if np.isnan(part.above[row]) else float(part.above[row]),
        )
        for sweep, part, score in zip(sweeps, scored, scores, strict=True)
        for row in np.flatnonzero(score >= floor).tolist()
    ]
    found.sort(key=lambda item: (-item.score, item.ref))
    return Ranked(found, floor)
