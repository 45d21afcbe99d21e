"""Scoring one segment: a cheap bound for every item, the exact coverage for the best."""

from __future__ import annotations

from registry.matching.kernel import SHARE, Board, Doubles, Kernel, Lists
from registry.matching.segment import Mask, Offsets, Segment

_MARGIN = 1e-5


class Sweep:
    """The bounds of one segment's items for one query."""

    def __init__(self, segment: Segment, lists: Lists, kernel: Kernel, mask: Mask | None) -> None:
        """Nothing is swept yet; `mask` tells which items may be found."""
        self.segment, self.lists, self.kernel, self.mask = segment, lists, kernel, mask
        board = segment.board
        if not isinstance(board, Board) or board.kernel is not type(kernel):
            board = segment.board = kernel.board(len(segment), len(segment.postings.most))
        self.board: Board = board

    def run(self, whole: bool) -> None:
        """Bound every item; with `whole` leave no list out."""
        share = 0.0 if whole else SHARE
        self.kernel.bound(self.lists, self.segment.postings, self.board, share, self.mask)

    @property
    def slack(self) -> float:
        """What lists that were left out could add at most."""
        return self.board.slack + _MARGIN

    def best(self, count: int) -> Offsets:
        """Places with the greatest bounds, about `count` or more, as far as any list names them."""
        return self.kernel.best(self.board, count)

    def above(self, coverage: float) -> Offsets | None:
        """Places that may reach a coverage; None when any item may."""
        least = coverage - self.slack
        if least > 0:
            return self.kernel.above(self.board, least)
        return self.touched() if not self.board.slack else None

    def touched(self) -> Offsets:
        """The places that any list names."""
        return self.kernel.above(self.board, self.board.unit * _MARGIN)

    def exact(self, chosen: Offsets) -> Doubles:
        """The coverage of the chosen places."""
        return self.kernel.rescore(self.lists, self.segment.postings, self.board, chosen)
