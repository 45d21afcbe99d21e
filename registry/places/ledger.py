"""The ledger of what is held: how much on which day or at which moment, and what stands in the way.

Pure. Days and moments are treated alike: a hold begins at a point and ends before another one, so
a tenancy until 31 March ends before 1 April.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

Point = TypeVar("Point", date, datetime)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hold(Generic[Point]):
    """So many units are held from `begins` until before `ends`; without an end, on and on.

    `key` is the row number of who holds them.
    """

    units: int
    begins: Point
    ends: Point | None = None
    key: int = 0

    def covers(self, at: Point) -> bool:
        """Whether the hold stands at that point."""
        return self.begins <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True)
class Obstacle(Generic[Point]):
    """Where a wish fails first: the point, the units still free there, and who holds the others."""

    at: Point
    free: int
    holds: tuple[Hold[Point], ...]


def of_days(units: int, first: date, last: date | None, key: int = 0) -> Hold[date]:
    """A hold of whole days, both included."""
    return Hold(units, first, None if last is None else last + DAY, key)


def units_at(holds: Iterable[Hold[Point]], at: Point) -> int:
    """The units held at a point."""
    return sum(hold.units for hold in holds if hold.covers(at))


def obstacle(
    holds: Sequence[Hold[Point]], wish: Hold[Point], capacity: int
) -> Obstacle[Point] | None:
    """The earliest point at which the wish would not fit; None when it fits throughout.

    What is held rises only where a hold begins, so these points and the wish's own are enough.
    """
    points = {wish.begins} | {hold.begins for hold in holds if wish.covers(hold.begins)}
    for at in sorted(points):
        held = units_at(holds, at)
        if held + wish.units > capacity:
            there = tuple(hold for hold in holds if hold.covers(at))
            return Obstacle(at, max(0, capacity - held), there)
    return None


def peak(holds: Sequence[Hold[Point]], since: Point) -> tuple[Point, int]:
    """The highest number of units held at any point from `since` on, and where it is first."""
    points = {since} | {hold.begins for hold in holds if hold.begins > since}
    return min(((at, units_at(holds, at)) for at in points), key=lambda it: (-it[1], it[0]))


def free_spans(
    holds: Sequence[Hold[Point]], first: Point, last: Point, capacity: int
) -> list[tuple[Point, Point]]:
    """The spans between two points in which at least one unit is free, joined, in order."""
    edges = {first, last}
    for hold in holds:
        edges |= {p for p in (hold.begins, hold.ends) if p is not None and first < p < last}
    points = sorted(edges)
    spans: list[tuple[Point, Point]] = []
    for begins, ends in pairwise(points):
        if units_at(holds, begins) >= capacity:
            continue
        if spans and spans[-1][1] == begins:
            spans[-1] = (spans[-1][0], ends)
        else:
            spans.append((begins, ends))
    return spans


def percent(held: int, capacity: int) -> float | None:
    """The share of the capacity that is held, in percent to a tenth; None without capacity."""
    return round(held * 100 / capacity, 1) if capacity else None
