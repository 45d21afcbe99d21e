"""The inner loops of scoring in numpy; `compiled.py` holds the same for numba.

`bound` gives every item a bound from above, since linked terms that stand together in an item count
together there; `rescore` gives the exact coverage of a few. `rescore` adds in one order, so that both kernels give
equal results, however differently they bound.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from registry.matching.counting import LEVEL_BITS
from registry.matching.curve import least_coverage
from registry.matching.reach import Graph
from registry.matching.segment import STEP, Mask, Offsets, Postings

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]

TILE = 64
"""So many neighbouring items share one greatest bound."""
MARGIN = 1e-5
"""For what rounding may take from a bound."""
_TINY = 1e-30
_MOST_KEPT = 1 << 18
_ROWS = 2048
_LEVELS = np.uint32((1 << LEVEL_BITS) - 1)


Expanded = tuple[Ints, Floats, NDArray[np.uint8], Offsets]
"""Numbers, weights and kinds of links, and where those of each term begin."""


class Lists(NamedTuple):
    """All links of a query into one vocabulary, those of one query term together.

    `groups` (one more than terms) index the links; `numbers` are the vocabulary's; `values` is one
    per term.
    """

    numbers: Ints
    weights: Floats
    groups: Offsets
    values: Doubles


class Board:
    """Bounds of a segment's items: coverage ≤ `high` · `unit`; made once, used again
    by the same kernel.

    `tiles` holds the greatest of each `TILE` neighbours; `heads` has −1 for each term of the
    vocabulary between uses.
    """

    def __init__(self, kernel: Kernel, items: int, terms: int, dtype: Any) -> None:
        """Room for so many items and terms."""
        self.kernel = type(kernel)
        count = -(-items // TILE)
        self.high: NDArray[Any] = np.zeros(count * TILE, dtype=dtype)
        self.tiles: NDArray[Any] = np.zeros(count, dtype=dtype)
        self.heads: Ints = np.full(terms, -1, dtype=np.int32)
        self.unit = 1.0
        self._room = np.zeros(0, dtype=np.int64), np.zeros(0)

    def room(self, size: int) -> tuple[Offsets, Doubles]:
        """Places and amounts to be filled; kept for the next query unless they are many."""
        places, amounts = self._room
        if len(places) < size:
            places, amounts = np.empty(size, dtype=np.int64), np.empty(size)
            if size <= _MOST_KEPT:
                self._room = places, amounts
        return places[:size], amounts[:size]


class Kernel(Protocol):
    """What a kernel does."""

    def expand(self, graph: Graph, places: Offsets) -> Expanded:
        """The rows of a graph's terms, one after the other."""

    def board(self, items: int, terms: int) -> Board:
        """A board for this kernel."""

    def bound(self, lists: Lists, postings: Postings, board: Board, mask: Mask | None) -> None:
        """Bound every item that passes the mask (others: nothing)."""

    def find(
        self, lists: Lists, postings: Postings, board: Board, mask: Mask | None, count: int
    ) -> tuple[Offsets, Doubles]:
        """Places and exact coverage of the best `count`, and of all that may score the same; when
        fewer meet anything, of all those."""

    def rescore(self, lists: Lists, postings: Postings, board: Board, chosen: Offsets) -> Doubles:
        """The exact coverage of the chosen places."""

    def look(self, codes: NDArray[np.int8], asked: NDArray[np.int8]) -> Ints:
        """The product of each row of codes with a need's."""


class NumpyKernel:
    """Works everywhere."""

    def expand(self, graph: Graph, places: Offsets) -> Expanded:
        """By one table of entries."""
        begin = graph.starts[places]
        sizes = graph.starts[places + 1] - begin
        entries = _runs(begin, sizes)
        groups = np.zeros(len(places) + 1, dtype=np.int64)
        np.cumsum(sizes, out=groups[1:])
        return graph.numbers[entries], graph.weights[entries], graph.kinds[entries], groups

    def board(self, items: int, terms: int) -> Board:
        """Bounds are plain coverage."""
        return Board(self, items, terms, np.float64)

    def bound(self, lists: Lists, postings: Postings, board: Board, mask: Mask | None) -> None:
        """All lists that count as one, summed by place; linked terms that stand together in an
        item count together, which only raises its bound."""
        group = np.repeat(np.arange(len(lists.values)), np.diff(lists.groups))
        here = np.flatnonzero(lists.numbers < len(postings.most))
        numbers = lists.numbers[here]
        factors = lists.values[group[here]] * lists.weights[here] * STEP
        starts, ends = postings.starts[numbers], postings.starts[numbers + 1]
        sizes = ends - starts
        pieces = [slice(*ends) for ends in zip(starts.tolist(), ends.tolist(), strict=True)]
        if pieces:
            # straight into the types that bincount wants
            marks = np.concatenate([postings.marks[piece] for piece in pieces])
            where, added = board.room(len(marks))
            np.right_shift(marks, LEVEL_BITS, out=where, casting="unsafe")
            np.bitwise_and(marks, _LEVELS, out=marks)
            np.multiply(marks, np.repeat(factors, sizes), out=added)
            board.high[:] = np.bincount(where, added, minlength=len(board.high))
        else:
            board.high[:] = 0
        if mask is not None:
            board.high[: len(mask)] *= mask
        np.max(board.high.reshape(-1, TILE), axis=1, out=board.tiles)

    def find(
        self, lists: Lists, postings: Postings, board: Board, mask: Mask | None, count: int
    ) -> tuple[Offsets, Doubles]:
        """The likeliest first; then all whose bound is no less than what those reach."""
        self.bound(lists, postings, board, mask)
        least = max(_likeliest(board, 2 * count), _TINY)
        while True:
            places = _above(board, least)
            coverage = self.rescore(lists, postings, board, places)
            best = 0.0
            if len(coverage) >= count:
                best = float(np.partition(coverage, len(coverage) - count)[len(coverage) - count])
            enough = least_coverage(best) if best > 0 else 0.0
            needed = max(enough - MARGIN, _TINY)
            if needed >= least:
                break
            least = needed
        kept = (coverage > 0) & (coverage >= enough)
        return places[kept], coverage[kept]

    def rescore(self, lists: Lists, postings: Postings, board: Board, chosen: Offsets) -> Doubles:
        """A table of terms × items, filled with the best meetings, then summed term by term."""
        if not len(chosen):
            return np.zeros(0)
        known = np.flatnonzero(lists.numbers < len(board.heads))
        unique, linked = np.unique(lists.numbers[known], return_inverse=True)
        group = np.repeat(np.arange(len(lists.values)), np.diff(lists.groups))[known]
        order = np.argsort(linked, kind="stable")
        first = np.zeros(len(unique) + 1, dtype=np.int64)
        np.cumsum(np.bincount(linked, minlength=len(unique)), out=first[1:])
        begin = postings.rows[chosen]
        sizes = postings.rows[chosen + 1] - begin
        entry = _runs(begin, sizes)
        board.heads[unique] = np.arange(len(unique), dtype=np.int32)
        head = board.heads[postings.numbers[entry]]
        board.heads[unique] = -1
        met = np.flatnonzero(head >= 0)
        head = head[met]
        owner = np.repeat(np.arange(len(chosen)), sizes)[met]
        fan = first[head + 1] - first[head]
        picked = order[_runs(first[head], fan)]
        soft = lists.weights[known][picked] * np.repeat(postings.weights[entry[met]], fan)
        table = np.zeros(len(lists.values) * len(chosen), dtype=np.float32)
        np.maximum.at(table, group[picked] * len(chosen) + np.repeat(owner, fan), soft)
        total = np.zeros(len(chosen))
        for value, line in zip(lists.values, table.reshape(-1, len(chosen)), strict=True):
            total += value * line
        return total

    def look(self, codes: NDArray[np.int8], asked: NDArray[np.int8]) -> Ints:
        """Some rows at a time, so that they stay in the cache; sums below 2²⁴ are exact."""
        found = np.empty(len(codes), dtype=np.int32)
        vector = asked.astype(np.float32)
        for start in range(0, len(codes), _ROWS):
            found[start : start + _ROWS] = codes[start : start + _ROWS].astype(np.float32) @ vector
        return found


def _likeliest(board: Board, count: int) -> float:
    """A bound that `count` items or more reach, as far as there are so many tiles."""
    tiles = board.tiles
    if len(tiles) <= count:
        return 0.0
    return float(np.partition(tiles, len(tiles) - count)[len(tiles) - count])


def _above(board: Board, least: float) -> Offsets:
    """The places whose bound is at least so much, ascending; tile by tile."""
    tiles = np.flatnonzero(board.tiles >= least)
    rows, columns = np.nonzero(board.high.reshape(-1, TILE)[tiles] >= least)
    return np.asarray(tiles[rows] * TILE + columns, dtype=np.int64)


def _runs(begin: Offsets, sizes: Offsets) -> Offsets:
    """The numbers of several runs, each from its beginning, one after the other."""
    ends = np.cumsum(sizes)
    count = int(ends[-1]) if len(ends) else 0
    found: Offsets = np.arange(count) + np.repeat(begin - (ends - sizes), sizes)
    return found
