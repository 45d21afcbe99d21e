"""The arithmetic of the reports: facts in, figures out (pure)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from registry.common.calendar import Month
from registry.reports.dimensions import Dimensions
from registry.reports.facts import Fact
from registry.reports.measures import Measure

AGES = ((0, 30), (31, 90), (91, 180), (181, 365), (366, None))
"""Bounds in days of the ages of open cases."""


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many came to it, their share of the step before (0–1, above 1
    when more came to it than to the step before), and the median of the days they took."""

    measure: Measure
    count: int
    share: float | None
    days: float | None


@dataclass(frozen=True)
class Group:
    """One row of a breakdown: the group's code ("" = none) and its count by measure."""

    code: str
    counts: dict[Measure, int]


@dataclass(frozen=True)
class Age:
    """How many open cases are between so many days old; `high` None = without end."""

    low: int
    high: int | None
    count: int


def count_by_month(facts: Iterable[Fact]) -> dict[Month, Counter[Measure]]:
    """How often each measure happened in each month in which anything did."""
    counts: dict[tuple[int, int], Counter[Measure]] = {}
    for fact in facts:
        counts.setdefault((fact.on.year, fact.on.month), Counter())[fact.measure] += 1
    return {Month(*key): counter for key, counter in counts.items()}


def funnel(facts: Sequence[Fact], measures: Sequence[Measure]) -> list[Step]:
    """The steps of one month's facts, from the widest."""
    counts = Counter(fact.measure for fact in facts)
    waits: dict[Measure, list[int]] = {}
    for fact in facts:
        if fact.waited is not None:
            waits.setdefault(fact.measure, []).append(fact.waited)
    steps = []
    for position, measure in enumerate(measures):
        before = counts[measures[position - 1]] if position else 0
        share = counts[measure] / before if before else None
        days = float(median(waits[measure])) if measure in waits else None
        steps.append(Step(measure, counts[measure], share, days))
    return steps


def break_down(
    facts: Iterable[Fact],
    measures: Sequence[Measure],
    key: Callable[[Dimensions], Sequence[str]],
) -> list[Group]:
    """Counts of one month's facts by group, the busiest first, those without the dimension last.

    Where every fact has one group, the groups' sum is the month's count for every measure. A fact
    of several groups (a policy code and those above it, tags) counts once in each.
    """
    tables: dict[str, Counter[Measure]] = {}
    for fact in facts:
        if fact.measure in measures:
            for code in key(fact.dimensions):
                tables.setdefault(code, Counter())[fact.measure] += 1
    groups = [Group(code, {m: table[m] for m in measures}) for code, table in tables.items()]
    return sorted(groups, key=lambda g: (g.code == "", -sum(g.counts.values()), g.code))


def ages(opened: Iterable[date], at: date) -> list[Age]:
    """How many cases are how old on a day; every case falls into one age."""
    days = [(at - day).days for day in opened]
    return [
        Age(low, high, sum(low <= d and (high is None or d <= high) for d in days))
        for low, high in AGES
    ]
