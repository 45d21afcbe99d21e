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

from registry.matching.counting import LEVEL_BITS
from registry.matching.kernel import TILE
from registry.matching.lanes import greatest
from registry.matching.segment import STEP

_FULL = 60_000
"""What all bounds of a query together come to, in whole numbers of 16 bits."""
_ROOM = 5_000
"""Lists whose rounding up cannot exceed 16 bits."""
_BLOCK = 1 << 17
"""Items whose bounds are summed before the next: they stay in the cache."""
_LEVEL_BITS = np.uint32(LEVEL_BITS)
_LEVELS = np.uint32((1 << LEVEL_BITS) - 1)
_AHEAD = 256
"""Postings of each list that are fetched together before they are added."""


def array_of(kind: Any, mutable: bool = False) -> Any:
    """A type of argument: mapped files cannot be written to, and both kinds are accepted."""
    return numba.types.Array(kind, 1, "C", readonly=not mutable)


INTS, LONGS = array_of(numba.int32), array_of(numba.int64)
FLOATS, DOUBLES = array_of(numba.float32), array_of(numba.float64)
WORDS16 = array_of(numba.uint16, mutable=True)
LISTS = INTS, FLOATS, LONGS, DOUBLES
BY_TERM = LONGS, array_of(numba.uint32), FLOATS
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
    for name in ("bounding", "compiled", "counting", "curve", "kernel", "lanes", "segment"):
        total = zlib.crc32((folder / f"{name}.py").read_bytes(), total)
    return str(folder / "__pycache__" / f"loops-{total:08x}")


@loop()
def _prepare(numbers, weights, groups, values, starts, most):  # type: ignore[no-untyped-def]
    # what a level of each list adds, in 65,536ths of a step of the bounds; where the list stands
    total = 0.0
    for group in range(len(values)):
        for link in range(groups[group], groups[group + 1]):
            number = numbers[link]
            if number < len(most):
                total += values[group] * weights[link] * (most[number] + STEP)
    unit = max(total, 1e-9) / _FULL
    factors = np.empty(len(numbers), dtype=np.uint32)
    begin = np.empty(len(numbers), dtype=np.uint64)
    end = np.empty(len(numbers), dtype=np.uint64)
    scale = STEP * 65536 / unit
    size = 0
    for group in range(len(values)):
        for link in range(groups[group], groups[group + 1]):
            number = numbers[link]
            if number < len(most) and starts[number] < starts[number + 1]:
                factors[size] = np.uint32(values[group] * weights[link] * scale) + 1
                begin[size] = starts[number]
                end[size] = starts[number + 1]
                size += 1
    return factors[:size], begin[:size], end[:size], unit


@loop()
def _fetch(begin, end, marks):  # type: ignore[no-untyped-def]
    # one look at each line of the beginnings, so that they come from memory side by side
    seen = np.uint32(0)
    for row in range(len(begin)):
        last = min(end[row], begin[row] + np.uint64(_AHEAD))
        for entry in range(begin[row], last, np.uint64(16)):
            seen ^= marks[entry]
    return np.uint16(seen & np.uint32(0xFFFF))


@loop()
def _add(factors, begin, end, marks, high, last):  # type: ignore[no-untyped-def]
    for row in range(len(factors)):
        factor = factors[row]
        entry = begin[row]
        while entry < end[row]:
            mark = marks[entry]
            place = mark >> _LEVEL_BITS
            if place >= last:
                break
            added = ((mark & _LEVELS) * factor + np.uint32(65535)) >> np.uint32(16)
            high[place] += np.uint16(added)
            entry += np.uint64(1)
        begin[row] = entry


@loop()
def _add_rest(factors, begin, end, marks, high):  # type: ignore[no-untyped-def]
    for row in range(len(factors)):
        factor = factors[row]
        for entry in range(begin[row], end[row]):
            mark = marks[entry]
            added = ((mark & _LEVELS) * factor + np.uint32(65535)) >> np.uint32(16)
            high[mark >> _LEVEL_BITS] += np.uint16(added)


@loop()
def _add_carefully(factors, begin, end, marks, high, last):  # type: ignore[no-untyped-def]
    # so many lists that rounding up might exceed 16 bits
    for row in range(len(factors)):
        factor = factors[row]
        entry = begin[row]
        while entry < end[row]:
            mark = marks[entry]
            place = mark >> _LEVEL_BITS
            if place >= last:
                break
            added = ((mark & _LEVELS) * factor + np.uint32(65535)) >> np.uint32(16)
            high[place] = np.uint16(min(np.uint32(high[place]) + added, np.uint32(65535)))
            entry += np.uint64(1)
        begin[row] = entry


@loop()
def _leave(high, mask, first, last):  # type: ignore[no-untyped-def]
    for place in range(first, last):
        high[place] *= mask[place]


@loop()
def _summarise(high, tiles, first, last):  # type: ignore[no-untyped-def]
    for tile in range(first, last):
        tiles[tile] = greatest(high, tile * TILE)  # type: ignore[call-arg]  # compiled: no typing argument


@loop(*LISTS, *BY_TERM, MASK, WORDS16, WORDS16)
def bound(numbers, weights, groups, values, starts, marks, most, mask, high, tiles):  # type: ignore[no-untyped-def]
    """Fill `high` and `tiles`; what a step of `high` is in coverage."""
    factors, begin, end, unit = _prepare(numbers, weights, groups, values, starts, most)
    tiles[0] = _fetch(begin, end, marks)
    size = len(high)
    for first in range(0, size, _BLOCK):
        last = min(first + _BLOCK, size)
        high[first:last] = 0
        if len(factors) > _ROOM:
            _add_carefully(factors, begin, end, marks, high, np.uint32(last))
        elif last < size:
            _add(factors, begin, end, marks, high, np.uint32(last))
        else:
            _add_rest(factors, begin, end, marks, high)
        if len(mask):
            _leave(high, mask, first, min(last, len(mask)))
        _summarise(high, tiles, first // TILE, last // TILE)
    return unit
