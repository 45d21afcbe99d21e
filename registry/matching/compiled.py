"""The inner loops of scoring, compiled by numba once and kept on disk (extra `fast`)."""

from __future__ import annotations

import numba
import numpy as np

from registry.matching.kernel import TILE, Board, Doubles, Lists
from registry.matching.segment import STEP, Mask, Offsets, Postings

_FULL = 60_000
"""What all bounds of a query together come to, in whole numbers of 16 bits."""
_BLOCK = 1 << 16
"""Items whose bounds are summed before the next: they stay in the cache."""
_LIST = 20
"""What a list costs, in postings."""
_BINS = 1024
_PASS: Mask = np.zeros(0, dtype=bool)


class CompiledKernel:
    """The same results as `NumpyKernel`, several times faster."""

    def board(self, items: int, terms: int) -> Board:
        """Bounds are whole numbers of 16 bits, rounded up."""
        return Board(self, items, terms, np.uint16)

    def bound(
        self, lists: Lists, postings: Postings, board: Board, share: float, mask: Mask | None
    ) -> None:
        """One pass over the postings, block by block."""
        board.unit, board.slack = _bound(
            *lists,
            postings.starts,
            postings.places,
            postings.levels,
            postings.most,
            share,
            _PASS if mask is None else mask,
            board.high,
            board.tiles,
        )

    def best(self, board: Board, count: int) -> Offsets:
        """Enough tiles that hold one."""
        return _above(board.high, board.tiles, _least(board.tiles, count))  # type: ignore[no-any-return]

    def above(self, board: Board, least: float) -> Offsets:
        """Tile by tile."""
        return _above(board.high, board.tiles, max(1, int(least / board.unit)))  # type: ignore[no-any-return]

    def rescore(self, lists: Lists, postings: Postings, board: Board, chosen: Offsets) -> Doubles:
        """Item by item: what its terms meet, then the sum in the query's order."""
        rows = postings.rows, postings.numbers, postings.weights
        return _rescore(*lists, *rows, board.heads, chosen)  # type: ignore[no-any-return]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _bound(
    numbers, weights, groups, values, starts, places, levels, most, share, mask, high, tiles
):  # type: ignore[no-untyped-def]
    kept, slack, total = _strong(numbers, weights, groups, values, starts, most, share)
    unit = max(total, 1e-9) / _FULL
    factors = np.empty(len(kept), dtype=np.int64)
    begin = np.empty(len(kept), dtype=np.int64)
    end = np.empty(len(kept), dtype=np.int64)
    group = 0
    for row in range(len(kept)):
        link = kept[row]
        while groups[group + 1] <= link:
            group += 1
        worth = values[group] * weights[link] * STEP / unit
        factors[row] = np.int64(worth * 65536) + 1
        begin[row] = starts[numbers[link]]
        end[row] = starts[numbers[link] + 1]
    size = len(high)
    for first in range(0, size, _BLOCK):
        last = min(first + _BLOCK, size)
        high[first:last] = 0
        for row in range(len(kept)):
            factor = factors[row]
            entry = begin[row]
            stop = end[row]
            while entry < stop:
                place = places[entry]
                if place >= last:
                    break
                sum_ = high[place] + ((levels[entry] * factor + 65535) >> 16)
                high[place] = min(sum_, 65535)
                entry += 1
            begin[row] = entry
        _summarise(high, tiles, mask, first, last)
    return unit, slack


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _summarise(high, tiles, mask, first, last):  # type: ignore[no-untyped-def]
    if len(mask):
        for place in range(first, min(last, len(mask))):
            if not mask[place]:
                high[place] = 0
    for tile in range(first // TILE, last // TILE):
        most = np.uint16(0)
        for place in range(tile * TILE, tile * TILE + TILE):
            most = max(most, high[place])
        tiles[tile] = most


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _strong(numbers, weights, groups, values, starts, most, share):  # type: ignore[no-untyped-def]
    # the links that matter; those left out first are long for what they can add
    count = len(numbers)
    bounds = np.zeros(count)
    owner = np.empty(count, dtype=np.int32)
    bins = np.empty(count, dtype=np.int32)
    counts = np.zeros(_BINS + 1, dtype=np.int32)
    first = second = third = 0.0
    for group in range(len(values)):
        for link in range(groups[group], groups[group + 1]):
            owner[link] = group
            number = numbers[link]
            bins[link] = 0
            if number < len(most):
                size = starts[number + 1] - starts[number]
                bound = values[group] * weights[link] * (most[number] + STEP)
                bounds[link] = bound
                if bound > first:
                    first, second, third = bound, first, second
                elif bound > second:
                    second, third = bound, second
                elif bound > third:
                    third = bound
                ratio = bound / (size + _LIST)
                bins[link] = min(_BINS - 1, max(0, int(8 * np.log2(ratio)) + _BINS - 1))
            counts[bins[link] + 1] += 1
    for bin_ in range(_BINS):
        counts[bin_ + 1] += counts[bin_]
    order = np.empty(count, dtype=np.int32)
    for link in range(count):
        order[counts[bins[link]]] = link
        counts[bins[link]] += 1
    budget = share * (first + second + third)
    left = np.zeros(count, dtype=np.bool_)
    reached = np.zeros(len(values))
    slack = 0.0
    for row in range(count):
        link = order[row]
        step = max(0.0, bounds[link] - reached[owner[link]])
        if bounds[link] == 0.0 or (share > 0 and slack + step <= budget):
            left[link] = True
            slack += step
            reached[owner[link]] += step
    kept = np.empty(count, dtype=np.int32)
    size = 0
    total = 0.0
    for link in range(count):
        if not left[link]:
            kept[size] = link
            size += 1
            total += bounds[link]
    return kept[:size], slack, total


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _least(tiles, count):  # type: ignore[no-untyped-def]
    # a bound above nothing that so many tiles reach, if there are
    counts = np.zeros(4096, dtype=np.int32)
    for tile in range(len(tiles)):
        counts[tiles[tile] >> 4] += 1
    found = 0
    for bin_ in range(4095, -1, -1):
        found += counts[bin_]
        if found >= count:
            return max(1, bin_ << 4)
    return 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
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
