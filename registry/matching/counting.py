"""The long loops of building an index in numpy; `counting_compiled.py` holds the same for numba.

Both give equal results (tested), the compiled ones several times faster.
"""

from __future__ import annotations

import importlib.util
import os
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from registry.matching.hashing import Hashes, Offsets

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Marks = NDArray[np.uint32]

SHARE = 1 << 16
"""Soft frequencies are whole numbers of this part, so that sums over segments are exact."""
LEVEL_BITS = 8
MOST_ITEMS = 1 << 24
"""A segment holds no more, so that a mark has room for the place; `assemble.cut` makes slices."""
_FEW = 4_000
_BATCH = 1 << 21


class Held(NamedTuple):
    """What each item holds: `rows` into numbers of terms and weighted counts or impacts."""

    rows: Offsets
    numbers: Ints
    weights: Floats


class Sorted(NamedTuple):
    """The same by term: `starts` into marks and impacts; each term's greatest impact.

    A mark holds in 32 bits the place of an item (24) and the level of the impact (8).
    """

    starts: Offsets
    marks: Marks
    impacts: Floats
    most: Floats


class Counting(Protocol):
    """What both ways do."""

    def entries(self, blob: Hashes, heads: Offsets, counts: Offsets) -> tuple[Hashes, Floats]:
        """The hashes and weights of packed terms: `heads` are where each listing's hashes begin
        in the blob's words of 8 bytes, its weights following."""

    def number(self, hashes: Hashes) -> tuple[Ints, Offsets]:
        """Numbers in order of first occurrence, and where each number first stands."""

    def sort(self, held: Held, terms: int, step: float) -> Sorted:
        """Postings by term, items ascending; levels are impacts in steps, rounded up."""

    def frequencies(self, graph: Held, postings: Sorted, items: int) -> Offsets:
        """How many items each term meets, softly, in `SHARE`ths: `graph` holds each term's
        links."""


def compiles() -> bool:
    """Whether compiled loops are to be used: numba is installed (extra `fast`), and
    MUSUBI_KERNEL does not ask for numpy."""
    wanted = os.environ.get("MUSUBI_KERNEL", "")
    return wanted != "numpy" and importlib.util.find_spec("numba") is not None


def choose_counting() -> Counting:
    """The compiled loops where they are to be used, else numpy's."""
    if compiles():
        from registry.matching.counting_compiled import CompiledCounting

        return CompiledCounting()
    return NumpyCounting()


def shares(soft: Floats) -> Offsets:
    """What each item adds to a soft frequency: at most one."""
    return np.asarray(np.rint(np.minimum(soft, np.float32(1.0)) * np.float32(SHARE)), np.int64)


class NumpyCounting:
    """Works everywhere."""

    def entries(self, blob: Hashes, heads: Offsets, counts: Offsets) -> tuple[Hashes, Floats]:
        """By places worked out for all listings at once."""
        floats = blob.view(np.float32)
        before = np.cumsum(counts) - counts
        every = np.arange(int(counts.sum()))
        hashes = blob[every + np.repeat(heads - before, counts)]
        weights = floats[every + np.repeat(2 * (heads + counts) - before, counts)]
        return hashes, weights

    def number(self, hashes: Hashes) -> tuple[Ints, Offsets]:
        """By sorting."""
        _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        order = np.argsort(first)
        numbers = np.empty(len(order), dtype=np.int32)
        numbers[order] = np.arange(len(order), dtype=np.int32)
        return numbers[inverse.reshape(-1)], first[order].astype(np.int64)

    def sort(self, held: Held, terms: int, step: float) -> Sorted:
        """By a stable sort."""
        owners = np.repeat(np.arange(len(held.rows) - 1, dtype=np.int32), np.diff(held.rows))
        order = np.argsort(held.numbers, kind="stable")
        starts = np.zeros(terms + 1, dtype=np.int64)
        np.cumsum(np.bincount(held.numbers, minlength=terms), out=starts[1:])
        impacts = held.weights[order]
        most = np.zeros(terms, dtype=np.float32)
        np.maximum.at(most, held.numbers, held.weights)
        levels = np.ceil(impacts / np.float32(step)).astype(np.uint32)
        marks = owners[order].astype(np.uint32) << LEVEL_BITS | levels
        return Sorted(starts, marks, impacts, most)

    def frequencies(self, graph: Held, postings: Sorted, items: int) -> Offsets:
        """Short rows many at a time by sorting, long ones one by one."""
        sizes = np.diff(postings.starts)[graph.numbers]
        running = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=running[1:])
        work = running[graph.rows[1:]] - running[graph.rows[:-1]]
        found = np.zeros(len(graph.rows) - 1, dtype=np.int64)
        scratch = np.zeros(items, dtype=np.float32)
        for row in np.flatnonzero(work > _FEW).tolist():
            found[row] = _long_row(graph, postings, row, scratch)
        short = np.flatnonzero((work <= _FEW) & (work > 0))
        batch = np.cumsum(work[short]) // _BATCH
        for chosen in np.split(short, np.flatnonzero(np.diff(batch)) + 1):
            found[chosen] = _short_rows(graph, postings, chosen, sizes, items)
        return found


def _long_row(graph: Held, postings: Sorted, row: int, scratch: Floats) -> int:
    lists = []
    for link in range(graph.rows[row], graph.rows[row + 1]):
        number = graph.numbers[link]
        where = slice(postings.starts[number], postings.starts[number + 1])
        places = postings.marks[where] >> LEVEL_BITS
        lists.append(places)
        soft = graph.weights[link] * postings.impacts[where]
        scratch[places] = np.maximum(scratch[places], soft)
    total = 0
    for places in lists:
        total += int(shares(scratch[places]).sum())
        scratch[places] = 0
    return total


def _short_rows(
    graph: Held, postings: Sorted, rows: Offsets, sizes: Offsets, items: int
) -> Offsets:
    fan = graph.rows[rows + 1] - graph.rows[rows]
    links = spread(graph.rows[rows], fan)
    spans = sizes[links]
    where = spread(postings.starts[graph.numbers[links]], spans)
    owner = np.repeat(np.repeat(np.arange(len(rows)), fan), spans)
    soft = np.repeat(graph.weights[links], spans) * postings.impacts[where]
    key = owner * items + (postings.marks[where] >> LEVEL_BITS)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    best = np.maximum.reduceat(soft[order], starts) if len(starts) else soft
    found = np.zeros(len(rows), dtype=np.int64)
    np.add.at(found, owner[order[starts]], shares(best))
    return found


def spread(starts: Offsets, sizes: Offsets) -> Offsets:
    """The places of many runs, one run after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    places: Offsets = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return places
