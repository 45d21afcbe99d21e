"""Which small figures of a breakdown are withheld from readers outside the office (pure).

The rule, in the manner of statistical tables (a threshold of three, and secondary suppression):

1. Rows of which every figure is under three are summed up in one row without a name.
2. A figure under three is withheld: nobody outside sees whether it is 0, 1 or 2. A column in
   which all these figures are 0 is shown whole, since there is nothing to protect.
3. Since totals are shown, one withheld figure alone, or several that must all be 2, could be
   found by subtraction. Then the smallest figures shown in that column are withheld as well.
"""

from collections.abc import Sequence

from registry.reports.figures import Group
from registry.reports.measures import Measure

THRESHOLD = 3
"""Counts under it are withheld."""
OTHERS = "others"
"""Code of the row in which small groups are summed up."""

Protected = list[tuple[str, dict[Measure, int | None]]]


def protect(groups: Sequence[Group], measures: Sequence[Measure]) -> Protected:
    """Rows of (code, figure by measure) in which None stands for a withheld figure."""
    large = [g for g in groups if any(n >= THRESHOLD for n in g.counts.values())]
    small = [g for g in groups if g not in large]
    rows = [(g.code, dict(g.counts)) for g in large]
    if small:
        rows.append((OTHERS, {m: sum(g.counts[m] for g in small) for m in measures}))
    withheld = {m: _withheld([counts[m] for _code, counts in rows]) for m in measures}
    return [
        (code, {m: None if position in withheld[m] else counts[m] for m in measures})
        for position, (code, counts) in enumerate(rows)
    ]


def _withheld(column: Sequence[int]) -> set[int]:
    """The positions of a column's figures that are withheld."""
    hidden = {place for place, n in enumerate(column) if n < THRESHOLD}
    if not any(column[place] for place in hidden):
        return set()
    shown = sorted(set(range(len(column))) - hidden, key=lambda place: (column[place], place))
    while shown and (
        len(hidden) < 2 or sum(column[place] for place in hidden) == (THRESHOLD - 1) * len(hidden)
    ):
        hidden.add(shown.pop(0))
    return hidden
