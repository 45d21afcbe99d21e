"""The best of all items: bounds first, exact scores for those who may be among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.fuse import Meaning, evidence_for, evidence_of, score_of
from registry.matching.kernel import TILE, Doubles
from registry.matching.segment import Offsets, Segment
from registry.matching.sweep import Sweep

_NOTHING = -10.0
"""The evidence of what met nothing; far below any that is."""
_ROUNDED = 0.011
"""Scores are told to two decimals."""


_LIKELY = 3000
"""So many are compared exactly after a first look over very many vectors."""
_LOOK = 0.12
"""A first look may have missed so much of a cosine."""


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
    """Exact figures of some places of a segment; `above` is None or NaN where nothing is known."""

    places: Offsets
    coverage: Doubles
    above: Doubles | None
    evidence: Doubles


def rank(sweeps: Sequence[Sweep], meanings: Sequence[Meaning | None], count: int) -> Ranked:
    """At least `count` items, as far as there are so many that pass the masks."""
    if all(meaning is None for meaning in meanings):
        return _told(sweeps, [_by_words(sweep, count) for sweep in sweeps], count)
    chosen = _by_both(sweeps, meanings, count)
    scored = [_exact(*given) for given in zip(sweeps, meanings, chosen, strict=True)]
    return _told(sweeps, scored, count)


def _by_words(sweep: Sweep, count: int) -> _Scored:
    """The best of a segment by their words alone."""
    places, coverage = sweep.find(count)
    return _Scored(places, coverage, None, evidence_of(coverage, None))


def _by_both(
    sweeps: Sequence[Sweep], meanings: Sequence[Meaning | None], count: int
) -> list[Offsets]:
    """The places of each segment that may be among the best by words and meaning; an item without
    words is found by its meaning alone."""
    for sweep in sweeps:
        sweep.run()
    highs = [_highest(*given) for given in zip(sweeps, meanings, strict=True)]
    tops = [_top(high, 2 * count) for high in highs]
    reached = [_exact(*given).evidence for given in zip(sweeps, meanings, tops, strict=True)]
    best = _least_of(reached, count)
    least = _least_evidence(np.array([best])) if best > _NOTHING else -np.inf
    return [_worthy(*given, least) for given in zip(meanings, highs, strict=True)]


def _rough(meanings: Sequence[Meaning | None]) -> bool:
    return any(meaning is not None and meaning.source is not None for meaning in meanings)


def _worthy(meaning: Meaning | None, high: Doubles, least: float) -> Offsets:
    """The places that may reach an evidence; after a first look only the likeliest of them."""
    places = np.flatnonzero(high >= least)
    places = places[high[places] > -np.inf]
    if _rough([meaning]) and len(places) > _LIKELY:
        order = np.argpartition(high[places], len(places) - _LIKELY)
        places = np.sort(places[order[-_LIKELY:]])
    return places


def _highest(sweep: Sweep, meaning: Meaning | None) -> Doubles:
    """The greatest evidence that each item may have; nothing can be less for one masked out."""
    if meaning is not None and meaning.source is not None:
        meaning = Meaning(meaning.above + _LOOK, meaning.known, meaning.weight)
    high = evidence_of(sweep.high, meaning)
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
    """The exact figures of some places; those that met nothing have no evidence."""
    coverage = sweep.exact(places)
    part = meaning.at(places) if meaning is not None else None
    evidence = evidence_of(coverage, part)
    above = np.where(part.known, part.above, np.nan) if part is not None else None
    met = coverage > 0
    if above is not None:
        met |= above > 0
    evidence[~met] = _NOTHING
    return _Scored(places, coverage, above, evidence)


def _told(sweeps: Sequence[Sweep], scored: Sequence[_Scored], count: int) -> Ranked:
    """The best `count` with their scores, and all that score like the last."""
    scores = [score_of(part.evidence) for part in scored]
    floor = max(_least_of(scores, count), 0.0)
    found: list[Found] = []
    for sweep, part, score in zip(sweeps, scored, scores, strict=True):
        rows = np.flatnonzero((score >= floor) & (part.evidence > _NOTHING))
        above = [None] * len(rows) if part.above is None else _known(part.above[rows])
        columns = score[rows].tolist(), part.places[rows].tolist(), part.coverage[rows].tolist()
        ref, segment = sweep.segment.items.ref, sweep.segment
        for told, place, coverage, meant in zip(*columns, above, strict=True):
            found.append(Found(told, ref(place), segment, place, coverage, meant))
    found.sort(key=lambda item: (-item.score, item.ref))
    return Ranked(found, floor)


def _known(above: Doubles) -> list[float | None]:
    return [None if np.isnan(value) else value for value in above.tolist()]
