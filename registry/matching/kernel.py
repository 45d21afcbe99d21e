"""The inner loops of scoring in numpy; `compiled.py` holds the same two for numba.

Both only seek candidates: `gather` bounds every item's score from below, `rescore` gives the
exact coverage of a few. `rescore` adds in one order, so that both kernels give equal results.
"""

from __future__ import annotations

import importlib.util
import os
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]


class Lists(NamedTuple):
    """The posting lists of a query in one segment, those of one query term together.

    `groups` (one more than terms) index the lists; `values` is one per term.
    """

    starts: Offsets
    ends: Offsets
    weights: Floats
    groups: Offsets
    values: Doubles


class Kernel(Protocol):
    """What a kernel does."""

    def gather(
        self, lists: Lists, places: Ints, impacts: Floats, scores: Floats, soft: Floats
    ) -> None:
        """Add value · max(weight · impact) of each term to `scores`; `soft` is zero before and
        after."""

    def rescore(
        self,
        lists: Lists,
        heads: Ints,
        order: tuple[Ints, Ints],
        rows: tuple[Offsets, Ints, Floats],
        chosen: Offsets,
    ) -> Doubles:
        """The exact coverage of the chosen places.

        `heads` gives for each term of the vocabulary its index among the linked terms (−1 for
        none), `order` the start into the lists of each and the lists themselves.
        """


class NumpyKernel:
    """Works everywhere."""

    def gather(
        self, lists: Lists, places: Ints, impacts: Floats, scores: Floats, soft: Floats
    ) -> None:
        """Term by term: the best meeting of each item, then one addition; an item that stands
        twice among a term's places is given the same sum twice."""
        starts, ends = lists.starts.tolist(), lists.ends.tolist()
        groups = lists.groups.tolist()
        for term, value in enumerate(lists.values.astype(np.float32)):
            first, last = groups[term], groups[term + 1]
            if last == first:
                continue
            pieces = [slice(starts[n], ends[n]) for n in range(first, last)]
            if last - first == 1:
                where, meets = places[pieces[0]], lists.weights[first] * impacts[pieces[0]]
                scores[where] += value * meets
                continue
            where = np.concatenate([places[piece] for piece in pieces])
            sizes = lists.ends[first:last] - lists.starts[first:last]
            meets = np.concatenate([impacts[piece] for piece in pieces])
            meets *= np.repeat(lists.weights[first:last], sizes)
            np.maximum.at(soft, where, meets)
            scores[where] += value * soft[where]
            soft[where] = 0

    def rescore(
        self,
        lists: Lists,
        heads: Ints,
        order: tuple[Ints, Ints],
        rows: tuple[Offsets, Ints, Floats],
        chosen: Offsets,
    ) -> Doubles:
        """A table of terms × items, filled with the best meetings, then summed term by term."""
        bounds, terms, impacts = rows
        begin, end = bounds[chosen], bounds[chosen + 1]
        sizes = end - begin
        owner = np.repeat(np.arange(len(chosen)), sizes)
        entry = np.arange(len(owner)) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        head = heads[terms[entry]]
        met = np.flatnonzero(head >= 0)
        first, sequence = order
        head, owner, impact = head[met], owner[met], impacts[entry[met]]
        fan = first[head + 1] - first[head]
        pick = np.arange(int(fan.sum())) + np.repeat(first[head] - (np.cumsum(fan) - fan), fan)
        chosen_lists = sequence[pick]
        group = np.searchsorted(lists.groups, chosen_lists, side="right") - 1
        soft = lists.weights[chosen_lists] * np.repeat(impact, fan)
        table = np.zeros((len(lists.values), len(chosen)), dtype=np.float32)
        np.maximum.at(table, (group, np.repeat(owner, fan)), soft)
        total = np.zeros(len(chosen))
        for value, line in zip(lists.values, table, strict=True):
            total += value * line
        return total


def choose_kernel() -> Kernel:
    """The compiled kernel when numba is installed (extra `fast`), else numpy's.

    MUSUBI_KERNEL=numpy asks for the latter.
    """
    wanted = os.environ.get("MUSUBI_KERNEL", "")
    if wanted != "numpy" and importlib.util.find_spec("numba") is not None:
        from registry.matching.compiled import CompiledKernel

        return CompiledKernel()
    return NumpyKernel()
