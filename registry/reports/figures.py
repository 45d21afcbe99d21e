"""The arithmetic of the reports: facts in, figures out (pure)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from registry.common.calendar import Month
from registry.reports.facts import Dimensions, Fact
from registry.reports.measures import Measure

AGES = ((0, 30), (31, 90), (91, 180), (181, 365), (366, None))
"""Bounds in days of the ages of open cases."""


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many came to it, their share of the step before (0–1), and the
    median of the days they took."""

    measure: Measure
    count: int
    share: float | None
    days: float | None


@dataclass(frozen=True)
class Group:
    """One row of a breakdown: the group's code ("" = none) and its count by measure."""

    code: str
    counts: dict[Measure, int]


def count(facts: Iterable[Fact], month: Month) -> Counter[Measure]:
    """How often each measure happened in a month."""
    return Counter(fact.measure for fact in facts if fact.on in month)


def funnel(facts: Sequence[Fact], month: Month, measures: Sequence[Measure]) -> list[Step]:
    """The steps of a month, from the widest."""
    steps: list[Step] = []
    counts = count(facts, month)
    for position, measure in enumerate(measures):
        before = counts[measures[position - 1]] if position else 0
        waits = [
            f.waited
            for f in facts
            if f.measure is measure and f.on in month and f.waited is not None
        ]
        steps.append(
            Step(
                measure,
                counts[measure],
                counts[measure] / before if before else None,
                float(median(waits)) if waits else None,
            )
        )
    return steps


def break_down(
    facts: Iterable[Fact],
    month: Month,
    measures: Sequence[Measure],
    key: Callable[[Dimensions], str],
) -> list[Group]:
    """Counts by group, the busiest first, facts without the dimension last; the groups' sum is the
    month's count."""
    tables: dict[str, Counter[Measure]] = {}
    for fact in facts:
        if fact.on in month and fact.measure in measures:
            tables.setdefault(key(fact.dimensions), Counter())[fact.measure] += 1
    groups = [Group(code, {m: table[m] for m in measures}) for code, table in tables.items()]
    return sorted(groups, key=lambda g: (g.code == "", -sum(g.counts.values()), g.code))


def ages(opened: Iterable[date], at: date) -> list[tuple[int, int | None, int]]:
    """How many cases are how old on a day: (from, to or None, count) in days."""
    days = [(at - day).days for day in opened]
    return [
        (low, high, sum(low <= d and (high is None or d <= high) for d in days))
        for low, high in AGES
    ]
