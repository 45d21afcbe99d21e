"""The loops that bound every item, for numba, and the types of their arguments.

Unsigned numbers where a loop is long: numba looks whether a signed index counts from the end.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np

from registry.matching.kernel import TILE
from registry.matching.segment import STEP

_FULL = 60_000
"""What all bounds of a query together come to, in whole numbers of 16 bits."""
_ROOM = 5_000
"""Lists whose rounding up cannot exceed 16 bits."""
_BLOCK = 1 << 17
"""Items whose bounds are summed before the next: they stay in the cache."""
_LIST = 20
"""What a list costs, in postings."""
_AHEAD = 256
"""Postings of each list that are fetched together before they are added."""
_WORDS = TILE // 4
_BINS = 1024


def array_of(kind: Any, mutable: bool = False) -> Any:
    """A type of argument: mapped files cannot be written to, and both kinds are accepted."""
    return numba.types.Array(kind, 1, "C", readonly=not mutable)


INTS, LONGS = array_of(numba.int32), array_of(numba.int64)
FLOATS, DOUBLES = array_of(numba.float32), array_of(numba.float64)
WORDS16 = array_of(numba.uint16, mutable=True)
LISTS = INTS, FLOATS, LONGS, DOUBLES
BY_TERM = LONGS, array_of(numba.uint32), array_of(numba.uint8), FLOATS
BY_ITEM = LONGS, INTS, FLOATS
HEADS, MASK = array_of(numba.int32, mutable=True), array_of(numba.boolean)
CODES = numba.types.Array(numba.int8, 2, "C", readonly=True), array_of(numba.int8)


def loop(*arguments: Any) -> Any:
    """Compiled when this file is read, or taken from the disk.

    numba looks only whether the file of a loop itself has changed; so the folder is named after
    all files that a loop takes something from.
    """
    config: Any = numba.config
    compiled = numba.njit([tuple(arguments)] if arguments else None, cache=True, nogil=True)

    def shelved(function: Any) -> Any:
        before, config.CACHE_DIR = config.CACHE_DIR, _shelf()
        try:
            return compiled(function)
        finally:
            config.CACHE_DIR = before

    return shelved


@cache
def _shelf() -> str:
    folder = Path(__file__).parent
    total = 0
    for name in ("bounding", "compiled", "curve", "kernel", "segment"):
        total = zlib.crc32((folder / f"{name}.py").read_bytes(), total)
    return str(folder / "__pycache__" / f"loops-{total:08x}")


@loop()
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


@loop()
def _fetch(begin, end, places, levels):  # type: ignore[no-untyped-def]
    # one look at each line of the beginnings, so that they come from memory side by side
    seen = np.uint32(0)
    for row in range(len(begin)):
        last = min(end[row], begin[row] + np.uint64(_AHEAD))
        for entry in range(begin[row], last, np.uint64(16)):
            seen ^= places[entry]
        for entry in range(begin[row], last, np.uint64(64)):
            seen ^= np.uint32(levels[entry])
    return np.uint16(seen & np.uint32(0xFFFF))


@loop()
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


@loop()
def _add_rest(factors, begin, end, places, levels, high):  # type: ignore[no-untyped-def]
    for row in range(len(factors)):
        factor = factors[row]
        for entry in range(begin[row], end[row]):
            added = (np.uint32(levels[entry]) * factor + np.uint32(65535)) >> np.uint32(16)
            high[places[entry]] += np.uint16(added)


@loop()
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


@loop()
def _leave(high, mask, first, last):  # type: ignore[no-untyped-def]
    for place in range(first, last):
        high[place] *= mask[place]


@loop()
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


@loop(*LISTS, *BY_TERM, numba.float64, MASK, WORDS16, WORDS16)
def bound(numbers, weights, groups, values, starts, places, levels, most, share, mask, high, tiles):  # type: ignore[no-untyped-def]
    """Fill `high` and `tiles`; what a step of `high` is in coverage, and the slack."""
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
    tiles[0] = _fetch(begin, end, places, levels)
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
