"""The long loops of building an index, compiled by numba once and kept on disk (extra `fast`)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from registry.matching.counting import LEVEL_BITS, SHARE, Floats, Held, Ints, Sorted
from registry.matching.hashing import Hashes, Offsets

_FIRST_TABLE = 1 << 16
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHARE = np.float32(SHARE)
_LEVEL_BITS = np.uint32(LEVEL_BITS)


class CompiledCounting:
    """The same results as `NumpyCounting`, several times faster."""

    def entries(self, blob: Hashes, heads: Offsets, counts: Offsets) -> tuple[Hashes, Floats]:
        """One pass over the blob."""
        total = int(counts.sum())
        hashes = np.empty(total, dtype=np.uint64)
        weights = np.empty(total, dtype=np.float32)
        _entries(blob, blob.view(np.float32), heads, counts, hashes, weights)
        return hashes, weights

    def number(self, hashes: Hashes) -> tuple[Ints, Offsets]:
        """One pass with a table of hashes."""
        numbers = np.empty(len(hashes), dtype=np.int32)
        return numbers, _number(hashes, numbers, _FIRST_TABLE)

    def sort(self, held: Held, terms: int, step: float) -> Sorted:
        """Two passes: count, then put in place."""
        starts = np.zeros(terms + 1, dtype=np.int64)
        size = len(held.numbers)
        found = Sorted(
            starts,
            np.empty(size, dtype=np.uint32),
            np.empty(size, dtype=np.float32),
            np.zeros(terms, dtype=np.float32),
        )
        _sort(*held, *found, np.float32(step))
        return found

    def frequencies(self, graph: Held, postings: Sorted, items: int) -> Offsets:
        """Row by row, shared out to threads."""
        count = len(graph.rows) - 1
        found = np.zeros(count, dtype=np.int64)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        step = max(256, -(-count // (16 * cores)))

        def part(first: int) -> None:
            best = np.zeros(items, dtype=np.float32)
            last = min(first + step, count)
            _frequencies(*graph, *postings[:3], best, found, first, last, _SHARE)

        with ThreadPoolExecutor(cores) as pool:
            list(pool.map(part, range(0, count, step)))
        return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _entries(blob, floats, heads, counts, hashes, weights):  # type: ignore[no-untyped-def]
    place = 0
    for item in range(len(heads)):
        head = heads[item]
        tail = 2 * (head + counts[item])
        for entry in range(counts[item]):
            hashes[place] = blob[head + entry]
            weights[place] = floats[tail + entry]
            place += 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _number(hashes, numbers, size):  # type: ignore[no-untyped-def]
    keys = np.empty(size, dtype=np.uint64)
    values = np.full(size, -1, dtype=np.int32)
    firsts = np.empty(size // 2 + 1, dtype=np.int64)
    count = 0
    mask = np.uint64(size - 1)
    for place in range(len(hashes)):
        sought = hashes[place]
        slot = ((sought * _SPREAD) >> np.uint64(32)) & mask
        while values[slot] >= 0 and keys[slot] != sought:
            slot = (slot + np.uint64(1)) & mask
        if values[slot] < 0:
            keys[slot], values[slot] = sought, count
            firsts[count] = place
            count += 1
            if 2 * count >= size:
                size *= 4
                mask = np.uint64(size - 1)
                keys = np.empty(size, dtype=np.uint64)
                values = np.full(size, -1, dtype=np.int32)
                longer = np.empty(size // 2 + 1, dtype=np.int64)
                longer[:count] = firsts[:count]
                firsts = longer
                for number in range(count):
                    again = hashes[firsts[number]]
                    put = ((again * _SPREAD) >> np.uint64(32)) & mask
                    while values[put] >= 0:
                        put = (put + np.uint64(1)) & mask
                    keys[put], values[put] = again, number
            numbers[place] = count - 1
        else:
            numbers[place] = values[slot]
    return firsts[:count].copy()


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _sort(rows, numbers, weights, starts, marks, impacts, most, step):  # type: ignore[no-untyped-def]
    for entry in range(len(numbers)):
        starts[numbers[entry] + 1] += 1
    for term in range(1, len(starts)):
        starts[term] += starts[term - 1]
    cursor = starts[:-1].copy()
    for item in range(len(rows) - 1):
        for entry in range(rows[item], rows[item + 1]):
            number, impact = numbers[entry], weights[entry]
            place = cursor[number]
            cursor[number] = place + 1
            level = np.uint32(np.ceil(impact / step))
            marks[place] = np.uint32(item) << _LEVEL_BITS | level
            impacts[place] = impact
            most[number] = max(most[number], impact)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _frequencies(bounds, linked, weights, starts, marks, impacts, best, found, first, last, share):  # type: ignore[no-untyped-def,assignment]
    one = np.float32(1.0)
    for row in range(first, last):
        total = np.int64(0)
        begin, end = bounds[row], bounds[row + 1]
        if end - begin == 1:
            weight, number = weights[begin], linked[begin]
            for entry in range(starts[number], starts[number + 1]):
                total += np.int64(np.rint(min(weight * impacts[entry], one) * share))
            found[row] = total
            continue
        for link in range(begin, end):
            weight, number = weights[link], linked[link]
            for entry in range(starts[number], starts[number + 1]):
                meets = weight * impacts[entry]
                place = marks[entry] >> _LEVEL_BITS
                if meets > best[place]:
                    best[place] = meets
        for link in range(begin, end):
            number = linked[link]
            for entry in range(starts[number], starts[number + 1]):
                place = marks[entry] >> _LEVEL_BITS
                if best[place] > 0:
                    total += np.int64(np.rint(min(best[place], one) * share))
                    best[place] = 0
        found[row] = total
