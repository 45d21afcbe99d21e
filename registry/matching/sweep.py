"""Scoring one segment: a cheap bound for every item, the exact coverage for the best."""

from __future__ import annotations

import numpy as np

from registry.matching.kernel import MARGIN, Board, Doubles, Kernel, Lists
from registry.matching.segment import Mask, Offsets, Segment


class Sweep:
    """The bounds of one segment's items for one query."""

    def __init__(self, segment: Segment, lists: Lists, kernel: Kernel, mask: Mask | None) -> None:
        """Nothing is swept yet; `mask` tells which items may be found."""
        self.segment, self.lists, self.kernel, self.mask = segment, lists, kernel, mask
        board = segment.board
        if not isinstance(board, Board) or board.kernel is not type(kernel):
            board = segment.board = kernel.board(len(segment), len(segment.postings.most))
        self.board: Board = board

    def find(self, count: int) -> tuple[Offsets, Doubles]:
        """Places and coverage of the best by words alone, and of all that score like the last."""
        return self.kernel.find(self.lists, self.segment.postings, self.board, self.mask, count)

    def run(self) -> None:
        """Bound every item."""
        self.kernel.bound(self.lists, self.segment.postings, self.board, self.mask)

    @property
    def high(self) -> Doubles:
        """The greatest coverage that each item may have."""
        board = self.board
        bounds = board.high[: len(self.segment)] * board.unit
        return np.asarray(bounds + MARGIN)

    def exact(self, chosen: Offsets) -> Doubles:
        """The coverage of the chosen places."""
        return self.kernel.rescore(self.lists, self.segment.postings, self.board, chosen)
