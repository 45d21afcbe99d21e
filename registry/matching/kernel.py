"""The inner loops of scoring in numpy; `compiled.py` holds the same for numba.

`bound` gives every item a bound from above, leaving out posting lists that can add but little;
`rescore` gives the exact coverage of a few. `rescore` adds in one order, so that both kernels give
equal results, however differently they bound.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from registry.matching.curve import least_coverage
from registry.matching.reach import Graph
from registry.matching.segment import STEP, Mask, Offsets, Postings

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]

TILE = 64
"""So many neighbouring items share one greatest bound."""
SHARE = 0.1
"""The three greatest bounds of single lists, times this, may be left out together: about a quarter
of what the tenth best item reaches."""
MOST_EXACT = 1500
"""When more items may be among the best, nothing is left out of the sweep."""
MARGIN = 1e-5
"""For what rounding may take from a bound."""
_TINY = 1e-30
_MOST_KEPT = 1 << 18
_ROWS = 2048
_LIST = 100
"""What a list costs, in postings."""


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
    """Bounds of a segment's items: coverage ≤ `high` · `unit` + `slack`; made once, used again
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
        self.slack = 0.0
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

    def bound(
        self, lists: Lists, postings: Postings, board: Board, share: float, mask: Mask | None
    ) -> None:
        """Bound every item that passes the mask (others: nothing); share 0 leaves nothing out."""

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

    def bound(
        self, lists: Lists, postings: Postings, board: Board, share: float, mask: Mask | None
    ) -> None:
        """All lists that count as one, summed by place; linked terms that stand together in an
        item count together, which only raises its bound."""
        numbers, factors, board.slack = _strong(lists, postings, share)
        starts, ends = postings.starts[numbers], postings.starts[numbers + 1]
        sizes = ends - starts
        pieces = [slice(*ends) for ends in zip(starts.tolist(), ends.tolist(), strict=True)]
        if pieces:
            # straight into the types that bincount wants
            where, added = board.room(int(sizes.sum()))
            np.concatenate([postings.places[piece] for piece in pieces], out=where)
            np.concatenate([postings.levels[piece] for piece in pieces], out=added)
            added *= np.repeat(factors, sizes)
            board.high[:] = np.bincount(where, added, minlength=len(board.high))
        else:
            board.high[:] = 0
        if mask is not None:
            board.high[: len(mask)] *= mask
        np.max(board.high.reshape(-1, TILE), axis=1, out=board.tiles)

    def find(
        self, lists: Lists, postings: Postings, board: Board, mask: Mask | None, count: int
    ) -> tuple[Offsets, Doubles]:
        """Bounds with lists left out, and with none left out when that tells too little."""
        for share in (SHARE, 0.0):
            self.bound(lists, postings, board, share, mask)
            first = self.rescore(lists, postings, board, _best(board, 2 * count))
            best = float(np.partition(first, -count)[-count]) if len(first) >= count else 0.0
            enough = least_coverage(best)
            least = enough - board.slack - MARGIN
            if best > 0 and least > 0:
                places = _above(board, least)
            elif not share:
                places = _above(board, _TINY)
            else:
                continue
            if not share or len(places) <= MOST_EXACT:
                break
        coverage = self.rescore(lists, postings, board, places)
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


def _best(board: Board, count: int) -> Offsets:
    """Places with the greatest bounds above nothing, about `count` or more."""
    tiles = board.tiles
    least = 0.0
    if len(tiles) > count:
        least = float(np.partition(tiles, len(tiles) - count)[len(tiles) - count])
    return _above(board, max(least, _TINY))


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


def _strong(lists: Lists, postings: Postings, share: float) -> tuple[Ints, Doubles, float]:
    """The lists that matter, what a level of each is worth, what the others add at most.

    Those go first that are long for what they can add; of one term's lists only the greatest adds.
    """
    terms = len(postings.most)
    group = np.repeat(np.arange(len(lists.values)), np.diff(lists.groups))
    here = np.flatnonzero(lists.numbers < terms)
    numbers, group = lists.numbers[here], group[here]
    worth = lists.values[group] * lists.weights[here]
    bounds = worth * (postings.most[numbers] + STEP)
    sizes = postings.starts[numbers + 1] - postings.starts[numbers]
    if not share or len(numbers) < 3:
        return numbers, worth * STEP, 0.0
    budget = share * float(np.partition(bounds, len(bounds) - 3)[-3:].sum())
    order = np.argsort(bounds / (sizes + _LIST), kind="stable")
    by_term = order[np.argsort(group[order], kind="stable")]
    shift = group[by_term] * (2 * float(bounds.max()))
    reached = np.maximum.accumulate(bounds[by_term] + shift)
    before = np.where(np.diff(group[by_term], prepend=-1) != 0, shift, np.roll(reached, 1))
    steps = np.empty(len(order))
    steps[by_term] = reached - before
    sums = np.cumsum(steps[order])
    left = int(np.searchsorted(sums, budget, side="right"))
    kept = np.sort(order[left:])
    return numbers[kept], worth[kept] * STEP, float(sums[left - 1]) if left else 0.0
