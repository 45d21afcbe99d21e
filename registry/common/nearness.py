"""How near two places are, as coarsely as municipality codes can tell. Pure."""

from collections.abc import Mapping
from enum import IntEnum
from functools import cache

from registry.common import codelists
from registry.common.resources import read_rows


class Nearness(IntEnum):
    """From the nearest to the farthest: one ward or municipality without wards, one city,
    municipalities that share a border, one prefecture, farther."""

    SAME = 0
    CITY = 1
    NEIGHBOUR = 2
    PREFECTURE = 3
    FAR = 4


def nearness(one: str, other: str) -> Nearness | None:
    """How near two municipality codes (five digits) are; None where a place is unknown.

    The same whichever is named first. A code for a whole prefecture tells the prefecture only.
    """
    first, second = codelists.municipality(one), codelists.municipality(other)
    if first is None or second is None:
        return None
    if first.prefecture != second.prefecture:
        return Nearness.NEIGHBOUR if _touch(first, second) else Nearness.FAR
    if "prefecture" in (first.kind, second.kind):
        return Nearness.PREFECTURE
    if first.code == second.code:
        # A city with wards, named as a whole, does not tell in which ward.
        return Nearness.CITY if codelists.wards(first.code) else Nearness.SAME
    if _city(first) == _city(second):
        return Nearness.CITY
    return Nearness.NEIGHBOUR if _touch(first, second) else Nearness.PREFECTURE


def _touch(first: codelists.Municipality, second: codelists.Municipality) -> bool:
    return _city(second) in _neighbours().get(_city(first), frozenset())


def _city(place: codelists.Municipality) -> str:
    return place.parent or place.code


@cache
def _neighbours() -> Mapping[str, frozenset[str]]:
    """Municipality → those that share a border with it, where the list knows them."""
    found: dict[str, set[str]] = {}
    for row in read_rows("municipality_neighbours.csv"):
        found.setdefault(row["code"], set()).add(row["neighbour"])
        found.setdefault(row["neighbour"], set()).add(row["code"])
    return {code: frozenset(others) for code, others in found.items()}
