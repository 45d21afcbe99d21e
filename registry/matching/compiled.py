"""The inner loops of scoring, compiled by numba once and kept on disk (extra `fast`)."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from registry.matching.curve import least_coverage
from registry.matching.kernel import (
    MARGIN,
    MOST_EXACT,
    SHARE,
    TILE,
    Board,
    Doubles,
    Expanded,
    Ints,
    Lists,
)
from registry.matching.reach import Graph
from registry.matching.segment import STEP, Mask, Offsets, Postings

_FULL = 60_000
"""What all bounds of a query together come to, in whole numbers of 16 bits."""
_ROOM = 5_000
"""Lists whose rounding up cannot exceed 16 bits."""
_BLOCK = 1 << 17
"""Items whose bounds are summed before the next: they stay in the cache."""
_LIST = 20
"""What a list costs, in postings."""
_WORDS = TILE // 4
_BINS = 1024
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

    def bound(
        self, lists: Lists, postings: Postings, board: Board, share: float, mask: Mask | None
    ) -> None:
        """One pass over the postings, block by block."""
        board.unit, board.slack = _bound(
            *lists,
            postings.starts,
            postings.places.view(np.uint32),
            postings.levels,
            postings.most,
            share,
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
            postings.places.view(np.uint32),
            postings.levels,
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
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


_least_coverage = numba.njit(cache=True, nogil=True)(least_coverage)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _find(  # type: ignore[no-untyped-def]
    numbers, weights, groups, values,
    starts, places, levels, most,
    rows, terms, impacts,
    mask, high, tiles, heads, count,
):  # fmt: skip
    enough = 0.0
    for share in (SHARE, 0.0):
        unit, slack = _bound(
            numbers, weights, groups, values, starts, places, levels, most, share, mask, high, tiles
        )
        first = _best(high, tiles, 2 * count)
        scores = _rescore(numbers, weights, groups, values, rows, terms, impacts, heads, first)
        best = np.sort(scores)[len(scores) - count] if len(scores) >= count else 0.0
        least = 1
        enough = 0.0
        if best > 0:
            enough = _least_coverage(best)
            least = int((enough - slack - MARGIN) / unit)
        if share > 0 and (best <= 0 or least < 1):
            continue
        found = _above(high, tiles, max(least, 1))
        if len(found) <= MOST_EXACT or share == 0:
            break
    scores = _rescore(numbers, weights, groups, values, rows, terms, impacts, heads, found)
    size = 0
    for row in range(len(found)):
        if scores[row] > 0 and scores[row] >= enough:
            found[size] = found[row]
            scores[size] = scores[row]
            size += 1
    return found[:size], scores[:size]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _bound(numbers, weights, groups, values, starts, places, levels, most, share, mask, high, tiles):  # type: ignore[no-untyped-def]
    kept, slack, total = _strong(numbers, weights, groups, values, starts, most, share)
    unit = max(total, 1e-9) / _FULL
    factors = np.empty(len(kept), dtype=np.uint32)
    begin = np.empty(len(kept), dtype=np.uint64)
    end = np.empty(len(kept), dtype=np.uint64)
    group = 0
    for row in range(len(kept)):
        link = kept[row]
        while groups[group + 1] <= link:
            group += 1
        factors[row] = np.uint32(values[group] * weights[link] * STEP / unit * 65536) + 1
        begin[row] = starts[numbers[link]]
        end[row] = starts[numbers[link] + 1]
    size = len(high)
    for first in range(0, size, _BLOCK):
        last = min(first + _BLOCK, size)
        high[first:last] = 0
        if len(kept) > _ROOM:
            _add_carefully(factors, begin, end, places, levels, high, np.uint32(last))
        elif last < size:
            _add(factors, begin, end, places, levels, high, np.uint32(last))
        else:
            _add_rest(factors, begin, end, places, levels, high)
        if len(mask):
            _leave(high, mask, first, min(last, len(mask)))
        _summarise(high, tiles, first // TILE, last // TILE)
    return unit, slack


# unsigned numbers throughout: numba looks whether a signed one counts from the end


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add(factors, begin, end, places, levels, high, last):  # type: ignore[no-untyped-def]
    for row in range(len(factors)):
        factor = factors[row]
        entry = begin[row]
        while entry < end[row]:
            place = places[entry]
            if place >= last:
                break
            added = (np.uint32(levels[entry]) * factor + np.uint32(65535)) >> np.uint32(16)
            high[place] += np.uint16(added)
            entry += np.uint64(1)
        begin[row] = entry


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add_rest(factors, begin, end, places, levels, high):  # type: ignore[no-untyped-def]
    for row in range(len(factors)):
        factor = factors[row]
        for entry in range(begin[row], end[row]):
            added = (np.uint32(levels[entry]) * factor + np.uint32(65535)) >> np.uint32(16)
            high[places[entry]] += np.uint16(added)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add_carefully(factors, begin, end, places, levels, high, last):  # type: ignore[no-untyped-def]
    # so many lists that rounding up might exceed 16 bits
    for row in range(len(factors)):
        factor = factors[row]
        entry = begin[row]
        while entry < end[row]:
            place = places[entry]
            if place >= last:
                break
            added = (np.uint32(levels[entry]) * factor + np.uint32(65535)) >> np.uint32(16)
            high[place] = np.uint16(min(np.uint32(high[place]) + added, np.uint32(65535)))
            entry += np.uint64(1)
        begin[row] = entry


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _leave(high, mask, first, last):  # type: ignore[no-untyped-def]
    for place in range(first, last):
        high[place] *= mask[place]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _summarise(high, tiles, first, last):  # type: ignore[no-untyped-def]
    # all bits of a tile together are no less than its greatest; four items in each word
    words = high.view(np.uint64)
    for tile in range(first, last):
        bits = np.uint64(0)
        for word in words[tile * _WORDS : tile * _WORDS + _WORDS]:
            bits |= word
        bits |= bits >> np.uint64(32)
        bits |= bits >> np.uint64(16)
        tiles[tile] = np.uint16(bits & np.uint64(0xFFFF))


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
def _best(high, tiles, count):  # type: ignore[no-untyped-def]
    # places with the greatest bounds above nothing, `count` or more as far as there are so many
    least = _least(tiles, 3 * count)
    counts = np.zeros(4096, dtype=np.int32)
    for tile in range(len(tiles)):
        if tiles[tile] >= least:
            most = np.uint16(0)
            for value in high[tile * TILE : tile * TILE + TILE]:
                most = max(most, value)
            tiles[tile] = most
            counts[most >> 4] += 1
    return _above(high, tiles, _reached(counts, count))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _least(tiles, count):  # type: ignore[no-untyped-def]
    counts = np.zeros(4096, dtype=np.int32)
    for tile in range(len(tiles)):
        counts[tiles[tile] >> 4] += 1
    return _reached(counts, count)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _reached(counts, count):  # type: ignore[no-untyped-def]
    # a bound above nothing that so many reach, if there are; counted in steps of 16
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
