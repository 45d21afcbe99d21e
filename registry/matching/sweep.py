"""Scoring one segment: a cheap bound for every item, the exact coverage for the best.

Posting lists that can add but little are left out of the sweep, and what they could add at most
is kept as `slack`; only items that could still be among the best get their exact coverage, from
their own terms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from registry.matching.kernel import Doubles, Kernel, Lists
from registry.matching.reach import Row
from registry.matching.segment import Floats, Offsets, Segment

BLOCK = 128
_LEFT_OUT = 0.012
"""Share of a full answer that lists left out of the sweep may add up to."""
_MARGIN = 1e-5


class Sweep:
    """The bounds of one segment's items for one query."""

    def __init__(
        self, segment: Segment, rows: Sequence[Row], values: Doubles, kernel: Kernel
    ) -> None:
        """Look the lists up; nothing is swept yet."""
        self.segment, self.kernel = segment, kernel
        self._all = _lists(segment, rows, values)
        self.low: Floats = np.zeros(0, dtype=np.float32)
        self.slack = 0.0
        self.strong = True

    def run(self, whole: bool) -> None:
        """Bound every item: `low` ≤ coverage ≤ `low` + `slack`; with `whole` leave nothing out."""
        self.strong = not whole
        size = -(-len(self.segment) // BLOCK) * BLOCK
        self.low = np.zeros(size, dtype=np.float32)
        lists, self.slack = (self._all[0], 0.0) if whole else self._strong()
        postings = self.segment.postings
        self.kernel.gather(lists, postings.places, postings.impacts, self.low, self.segment.scratch)
        self.slack += _MARGIN

    def exact(self, chosen: Offsets) -> Doubles:
        """The coverage of the chosen places."""
        lists, linked = self._all
        heads = self.segment.heads
        unique, head = np.unique(linked, return_inverse=True)
        sequence = np.argsort(head, kind="stable").astype(np.int32)
        first = np.zeros(len(unique) + 1, dtype=np.int32)
        np.cumsum(np.bincount(head, minlength=len(unique)), out=first[1:])
        heads[unique] = np.arange(len(unique), dtype=np.int32)
        postings = self.segment.postings
        try:
            return self.kernel.rescore(
                lists,
                heads,
                (first, sequence),
                (postings.rows, postings.numbers, postings.weights),
                chosen,
            )
        finally:
            heads[unique] = -1

    def _strong(self) -> tuple[Lists, float]:
        """The lists that matter, and what the others could add together at most."""
        lists, linked = self._all
        if not len(linked):
            return lists, 0.0
        group = np.repeat(np.arange(len(lists.values)), np.diff(lists.groups))
        bounds = lists.values[group] * lists.weights * self.segment.postings.most[linked]
        order = np.argsort(bounds, kind="stable")
        steps = np.empty(len(order))
        by_term = np.argsort(group[order], kind="stable")
        sorted_bounds, terms = bounds[order][by_term], group[order][by_term]
        again = np.concatenate(([False], terms[1:] == terms[:-1]))
        before = np.where(again, np.concatenate(([0.0], sorted_bounds[:-1])), 0.0)
        steps[by_term] = sorted_bounds - before
        sums = np.cumsum(steps)
        left = int(np.searchsorted(sums, _LEFT_OUT * float(lists.values.sum()), side="right"))
        keep = np.ones(len(order), dtype=bool)
        keep[order[:left]] = False
        sizes = np.bincount(group[keep], minlength=len(lists.values))
        groups = np.zeros(len(lists.values) + 1, dtype=np.int64)
        np.cumsum(sizes, out=groups[1:])
        strong = Lists(
            lists.starts[keep], lists.ends[keep], lists.weights[keep], groups, lists.values
        )
        return strong, float(sums[left - 1]) if left else 0.0


def _lists(
    segment: Segment, rows: Sequence[Row], values: Doubles
) -> tuple[Lists, NDArray[np.int32]]:
    """The lists of all links, and the vocabulary's number of each."""
    starts = segment.postings.starts
    numbers = np.concatenate([row.numbers for row in rows])
    weights = np.concatenate([row.weights for row in rows])
    sizes = np.array([len(row.numbers) for row in rows], dtype=np.int64)
    here = numbers < len(starts) - 1
    begin = starts[np.where(here, numbers, 0)]
    end = np.where(here, starts[np.where(here, numbers, 0) + 1], begin)
    keep = end > begin
    group = np.repeat(np.arange(len(rows)), sizes)[keep]
    groups = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(np.bincount(group, minlength=len(rows)), out=groups[1:])
    lists = Lists(begin[keep], end[keep], weights[keep], groups, values)
    return lists, numbers[keep]
