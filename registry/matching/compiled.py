"""The kernel whose loops are compiled by numba, kept on disk (extra `fast`)."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from registry.matching import bounding
from registry.matching.bounding import (
    BY_ITEM,
    BY_TERM,
    CODES,
    FLOATS,
    HEADS,
    INTS,
    LISTS,
    LONGS,
    MASK,
    WORDS16,
    array_of,
    loop,
)
from registry.matching.curve import least_coverage
from registry.matching.kernel import (
    MARGIN,
    TILE,
    Board,
    Doubles,
    Expanded,
    Ints,
    Lists,
)
from registry.matching.reach import Graph
from registry.matching.segment import Mask, Offsets, Postings

_PASS: Mask = np.zeros(0, dtype=bool)


class CompiledKernel:
    """The same results as `NumpyKernel`, several times faster."""

    def expand(self, graph: Graph, places: Offsets) -> Expanded:
        """Row by row."""
        rows = graph.starts, graph.numbers, graph.weights, graph.kinds
        return _expand(*rows, places)  # type: ignore[no-any-return]

    def board(self, items: int, terms: int) -> Board:
        """Bounds are whole numbers of 16 bits, rounded up."""
        return Board(self, items, terms, np.uint16)

    def bound(self, lists: Lists, postings: Postings, board: Board, mask: Mask | None) -> None:
        """One pass over the postings, block by block."""
        board.unit = bounding.bound(
            *lists,
            postings.starts,
            postings.marks,
            postings.most,
            _PASS if mask is None else mask,
            board.high,
            board.tiles,
        )

    def find(
        self, lists: Lists, postings: Postings, board: Board, mask: Mask | None, count: int
    ) -> tuple[Offsets, Doubles]:
        """All in one call."""
        return _find(  # type: ignore[no-any-return]
            *lists,
            postings.starts,
            postings.marks,
            postings.most,
            postings.rows,
            postings.numbers,
            postings.weights,
            _PASS if mask is None else mask,
            board.high,
            board.tiles,
            board.heads,
            count,
        )

    def rescore(self, lists: Lists, postings: Postings, board: Board, chosen: Offsets) -> Doubles:
        """Item by item: what its terms meet, then the sum in the query's order."""
        rows = postings.rows, postings.numbers, postings.weights
        return _rescore(*lists, *rows, board.heads, chosen)  # type: ignore[no-any-return]

    def look(self, codes: NDArray[np.int8], asked: NDArray[np.int8]) -> Ints:
        """Row by row, in whole numbers."""
        return _look(codes, asked)  # type: ignore[no-any-return]


_bound = bounding.bound
_least_coverage = loop()(least_coverage)


@loop(LONGS, INTS, FLOATS, array_of(numba.uint8), LONGS)
def _expand(starts, numbers, weights, kinds, places):  # type: ignore[no-untyped-def]
    groups = np.zeros(len(places) + 1, dtype=np.int64)
    for row in range(len(places)):
        groups[row + 1] = groups[row] + starts[places[row] + 1] - starts[places[row]]
    size = groups[len(places)]
    found = np.empty(size, dtype=np.int32)
    how = np.empty(size, dtype=np.float32)
    what = np.empty(size, dtype=np.uint8)
    for row in range(len(places)):
        shift = starts[places[row]] - groups[row]
        for entry in range(groups[row], groups[row + 1]):
            found[entry] = numbers[entry + shift]
            how[entry] = weights[entry + shift]
            what[entry] = kinds[entry + shift]
    return found, how, what, groups


@loop(*CODES)
def _look(codes, asked):  # type: ignore[no-untyped-def]
    found = np.empty(len(codes), dtype=np.int32)
    wide = asked.astype(np.int16)
    for row in range(len(codes)):
        total = np.int32(0)
        line = codes[row]
        for column in range(len(wide)):
            total += np.int32(line[column]) * np.int32(wide[column])
        found[row] = total
    return found


@loop()
def _above(high, tiles, least):  # type: ignore[no-untyped-def]
    size = 0
    for tile in range(len(tiles)):
        if tiles[tile] >= least:
            for place in range(tile * TILE, tile * TILE + TILE):
                size += high[place] >= least
    found = np.empty(size, dtype=np.int64)
    size = 0
    for tile in range(len(tiles)):
        if tiles[tile] >= least:
            for place in range(tile * TILE, tile * TILE + TILE):
                if high[place] >= least:
                    found[size] = place
                    size += 1
    return found


@loop()
def _reached(counts, count):  # type: ignore[no-untyped-def]
    # a bound above nothing that so many reach, if there are; counted in steps of 16
    found = 0
    for bin_ in range(4095, -1, -1):
        found += counts[bin_]
        if found >= count:
            return max(1, bin_ << 4)
    return 1


@loop()
def _likeliest(tiles, count):  # type: ignore[no-untyped-def]
    # a bound above nothing that `count` items or more reach, as far as there are so many tiles
    counts = np.zeros(4096, dtype=np.int32)
    for tile in range(len(tiles)):
        counts[tiles[tile] >> 4] += 1
    return _reached(counts, count)


@loop(*LISTS, *BY_ITEM, HEADS, LONGS)
def _rescore(numbers, weights, groups, values, rows, terms, impacts, heads, chosen):  # type: ignore[no-untyped-def]
    owner = np.empty(len(numbers), dtype=np.int32)
    chain = np.empty(len(numbers), dtype=np.int32)
    for group in range(len(values)):
        for link in range(groups[group], groups[group + 1]):
            owner[link] = group
            if numbers[link] < len(heads):
                chain[link] = heads[numbers[link]]
                heads[numbers[link]] = link
    soft = np.zeros(len(values), dtype=np.float32)
    total = np.empty(len(chosen))
    for item in range(len(chosen)):
        soft[:] = 0
        for entry in range(rows[chosen[item]], rows[chosen[item] + 1]):
            link = heads[terms[entry]]
            while link >= 0:
                meets = weights[link] * impacts[entry]
                if meets > soft[owner[link]]:
                    soft[owner[link]] = meets
                link = chain[link]
        sum_ = 0.0
        for group in range(len(values)):
            sum_ += values[group] * soft[group]
        total[item] = sum_
    for link in range(len(numbers)):
        if numbers[link] < len(heads):
            heads[numbers[link]] = -1
    return total


@loop(*LISTS, *BY_TERM, *BY_ITEM, MASK, WORDS16, WORDS16, HEADS, numba.int64)
def _find(  # type: ignore[no-untyped-def]
    numbers, weights, groups, values,
    starts, marks, most,
    rows, terms, impacts,
    mask, high, tiles, heads, count,
):  # fmt: skip
    unit = _bound(numbers, weights, groups, values, starts, marks, most, mask, high, tiles)
    least = _likeliest(tiles, 2 * count)
    while True:
        found = _above(high, tiles, least)
        scores = _rescore(numbers, weights, groups, values, rows, terms, impacts, heads, found)
        best = np.sort(scores)[len(scores) - count] if len(scores) >= count else 0.0
        enough = _least_coverage(best) if best > 0 else 0.0
        needed = max(1, int((enough - MARGIN) / unit))
        if needed >= least:
            break
        least = needed
    size = 0
    for row in range(len(found)):
        if scores[row] > 0 and scores[row] >= enough:
            found[size] = found[row]
            scores[size] = scores[row]
            size += 1
    return found[:size], scores[:size]
