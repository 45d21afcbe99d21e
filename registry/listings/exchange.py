"""Mutual use of by-products, waste and energy (副産物・廃棄物の相互利用, plan 6-1-1): how much, how
often, when and how far; what two sides can do for each other. Pure.

Amounts are normalised to one unit a year: t, m³, kWh or pieces. All figures are exact fractions,
so that changing the unit or the rhythm of a statement never changes what it means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from registry.common.nearness import Nearness, nearness


class Measure(StrEnum):
    """What is measured; the value is the unit in which a year's amount is told."""

    MASS = "t"
    VOLUME = "m3"
    ENERGY = "kWh"
    COUNT = "piece"


class Unit(StrEnum):
    """Units that a quantity may be typed in."""

    KG = "kg"
    T = "t"
    L = "L"
    M3 = "m3"
    KWH = "kWh"
    MWH = "MWh"
    MJ = "MJ"
    GJ = "GJ"
    PIECE = "piece"
    STICK = "stick"
    SHEET = "sheet"


class Rhythm(StrEnum):
    """For how long the quantity is: an hour of steady flow, a day, … or one time only."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


class Limit(StrEnum):
    """What keeps two sides apart whatever their texts say."""

    MEASURE = "measure"
    QUANTITY = "quantity"
    RHYTHM = "rhythm"
    PERIOD = "period"
    DISTANCE = "distance"


UNITS: Mapping[Unit, tuple[Measure, Fraction]] = {
    Unit.KG: (Measure.MASS, Fraction(1, 1000)),
    Unit.T: (Measure.MASS, Fraction(1)),
    Unit.L: (Measure.VOLUME, Fraction(1, 1000)),
    Unit.M3: (Measure.VOLUME, Fraction(1)),
    Unit.KWH: (Measure.ENERGY, Fraction(1)),
    Unit.MWH: (Measure.ENERGY, Fraction(1000)),
    # 1 kWh = 3.6 MJ by definition.
    Unit.MJ: (Measure.ENERGY, Fraction(5, 18)),
    Unit.GJ: (Measure.ENERGY, Fraction(2500, 9)),
    Unit.PIECE: (Measure.COUNT, Fraction(1)),
    Unit.STICK: (Measure.COUNT, Fraction(1)),
    Unit.SHEET: (Measure.COUNT, Fraction(1)),
}
"""Unit → what it measures, and how many of that measure's units it is."""

TIMES_A_YEAR: Mapping[Rhythm, Fraction] = {
    Rhythm.HOUR: Fraction(24 * 365),
    Rhythm.DAY: Fraction(365),
    Rhythm.WEEK: Fraction(365, 7),
    Rhythm.MONTH: Fraction(12),
    Rhythm.YEAR: Fraction(1),
    Rhythm.ONCE: Fraction(1),
}
"""A year has 365 days. What comes once counts as one year's amount."""

FARTHEST = Nearness.PREFECTURE
"""How far goods go when nobody says: within the prefecture, or over a near border."""
REACHES = (Nearness.SAME, Nearness.CITY, Nearness.NEIGHBOUR, Nearness.PREFECTURE, Nearness.FAR)


@dataclass(frozen=True)
class Flow:
    """What one side gives or takes. `amount` and `least` are a year's, in the measure's unit;
    None means that nothing was said, and what was not said keeps nobody apart."""

    measure: Measure | None = None
    amount: Fraction | None = None
    least: Fraction = Fraction(0)
    once: bool | None = None
    begins: date | None = None
    ends: date | None = None
    place: str = ""
    reach: Nearness = FARTHEST


def per_year(quantity: Fraction, unit: Unit, rhythm: Rhythm) -> Fraction:
    """A quantity in that unit and rhythm as a year's amount of its measure."""
    return quantity * UNITS[unit][1] * TIMES_A_YEAR[rhythm]


def quantity_of(amount: Fraction, unit: Unit, rhythm: Rhythm) -> Fraction:
    """A year's amount in that unit and rhythm: the inverse of `per_year`."""
    return amount / UNITS[unit][1] / TIMES_A_YEAR[rhythm]


def covered(wanted: Flow, given: Flow) -> Fraction | None:
    """Which part of the wanted amount the given one covers, 0–1; None where it cannot be told."""
    if wanted.amount is None or given.amount is None or wanted.measure is not given.measure:
        return None
    return min(Fraction(1), given.amount / wanted.amount) if wanted.amount else Fraction(1)


def broken_limits(one: Flow, other: Flow) -> tuple[Limit, ...]:
    """What keeps two sides apart; the same whichever is named first, empty when nothing does.

    The amounts must be of one measure and overlap (neither side's least exceeds what the other
    has), steady flows meet steady ones and single lots single ones, the periods share a day, and
    the places lie within what both sides reach.
    """
    if one.measure is not None and other.measure is not None and one.measure is not other.measure:
        return (Limit.MEASURE,)
    found = []
    if _exceeds(one, other) or _exceeds(other, one):
        found.append(Limit.QUANTITY)
    if one.once is not None and other.once is not None and one.once is not other.once:
        found.append(Limit.RHYTHM)
    if _is_over_before(one, other) or _is_over_before(other, one):
        found.append(Limit.PERIOD)
    near = nearness(one.place, other.place)
    if near is not None and near > min(one.reach, other.reach):
        found.append(Limit.DISTANCE)
    return tuple(found)


def flow_of(fields: Mapping[str, Any], place: str) -> Flow:
    """What the typed fields of a listing say; `place` is the owner's municipality, which counts
    where the fields name none."""
    unit, rhythm = one_of(Unit, fields.get("unit")), one_of(Rhythm, fields.get("rhythm"))
    quantity, least = fields.get("quantity"), fields.get("least")
    told = unit is not None and rhythm is not None and quantity
    reach = str(fields.get("reach") or "")
    return Flow(
        measure=UNITS[unit][0] if unit else None,
        amount=per_year(exact(quantity), unit, rhythm) if told and unit and rhythm else None,
        least=per_year(exact(least or 0), unit, rhythm) if unit and rhythm else Fraction(0),
        once=rhythm is Rhythm.ONCE if rhythm else None,
        begins=_day(fields.get("begins")),
        ends=_day(fields.get("ends")),
        place=str(fields.get("at") or place),
        reach=Nearness(int(reach)) if reach in {str(int(r)) for r in REACHES} else FARTHEST,
    )


def exact(number: object) -> Fraction:
    """A stored number without the rounding of binary fractions: 0.1 is a tenth."""
    return Fraction(str(number))


def one_of(words: type[Any], value: object) -> Any:
    """The member of that value, or None."""
    return next((word for word in words if word.value == value), None)


def _exceeds(one: Flow, other: Flow) -> bool:
    return other.amount is not None and one.least > other.amount


def _is_over_before(one: Flow, other: Flow) -> bool:
    return one.ends is not None and other.begins is not None and one.ends < other.begins


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
