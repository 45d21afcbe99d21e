"""Which figures of the yearly results are not told outside the office, because they would give one or
two parties away.

Of indicators that count parties, a figure of one or two is withheld; so is a part (うち) that leaves
one or two when it is taken from its whole; and so that a withheld part cannot be found by taking
the other parts from the whole, one further part is withheld with it.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from registry.policy.models import Indicator
from registry.reports.disclosure import THRESHOLD


class Told(Protocol):
    """What is asked of a result."""

    @property
    def indicator(self) -> Indicator: ...
    @property
    def period(self) -> Any: ...
    @property
    def actual(self) -> Decimal | None: ...


Key = tuple[int, str]
"""Row number of an indicator, and a period."""


def withheld(found: Iterable[Told]) -> set[Key]:
    """The figures to withhold, of results of any years."""
    values: dict[Key, Decimal] = {}
    counting: set[int] = set()
    parts: dict[Key, list[Key]] = defaultdict(list)
    for one in found:
        if one.actual is None:
            continue
        key = (one.indicator.id, one.period.text)
        values[key] = one.actual
        if one.indicator.counts_parties:
            counting.add(one.indicator.id)
        if one.indicator.part_of_id is not None:
            parts[one.indicator.part_of_id, one.period.text].append(key)
    hidden = {key for key, value in values.items() if key[0] in counting and _few(value)}
    for whole, its_parts in parts.items():
        if whole in values:
            counted = [part for part in its_parts if part[0] in counting]
            hidden |= {part for part in counted if _few(values[whole] - values[part])}
            hidden |= _second(its_parts, hidden, values)
    return hidden


def _few(value: Decimal) -> bool:
    return 0 < value < THRESHOLD


def _second(parts: list[Key], hidden: set[Key], values: dict[Key, Decimal]) -> set[Key]:
    """Where just one of several parts is withheld: the smallest of the others that is not 0."""
    told = [part for part in parts if part not in hidden and values[part]]
    if sum(part in hidden for part in parts) == 1 and told:
        return {min(told, key=lambda part: (values[part], part))}
    return set()
