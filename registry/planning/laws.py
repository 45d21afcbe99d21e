"""Laws that figures keep: a part never exceeds its whole, unique parties never exceed each time."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from registry.policy.models import CountingRule
from registry.reports.yearly import Result, results
from registry.reports.yearly_sentences import label_of
from registry.web.i18n import number


@dataclass(frozen=True)
class Broken:
    """A law that two figures break: the smaller should not exceed the larger."""

    smaller: Result
    larger: Result

    @property
    def sentence(self) -> str:
        """What is wrong, with both figures."""
        return _(
            "「%(part)s」（%(part_value)s）が「%(whole)s」（%(whole_value)s）を超えています。",
            part=label_of(self.smaller.indicator),
            part_value=number(self.smaller.actual),
            whole=label_of(self.larger.indicator),
            whole_value=number(self.larger.actual),
        )

    def is_about(self, indicator_ids: Collection[int]) -> bool:
        """Whether one of these indicators breaks it."""
        return bool({self.smaller.indicator.id, self.larger.indicator.id} & set(indicator_ids))


def broken_laws(year: int) -> list[Broken]:
    """The laws that the figures of a fiscal year break."""
    found = [one for one in results(range(year, year + 1)) if one.actual is not None]
    return [
        Broken(small, large)
        for small, large in _pairs(found)
        if (small.actual or Decimal(0)) > (large.actual or Decimal(0))
    ]


def _pairs(found: Collection[Result]) -> Iterator[tuple[Result, Result]]:
    """Part and whole; unique and cumulative of one program, or of the same rows."""
    known = {(one.indicator.id, one.period.text): one for one in found}
    unique: dict[object, list[Result]] = defaultdict(list)
    for one in found:
        whole = known.get((one.indicator.part_of_id or 0, one.period.text))
        if whole is not None:
            yield one, whole
        if one.indicator.rule is CountingRule.UNIQUE:
            unique[_same_rows(one)].append(one)
    for one in found:
        if one.indicator.rule is CountingRule.CUMULATIVE:
            yield from ((few, one) for few in unique[_same_rows(one)])


def _same_rows(one: Result) -> object:
    """What two figures share that count the same things: the rows; read by hand, program and unit."""
    indicator = one.indicator
    if indicator.measure:
        filters = repr(sorted(indicator.filters.items()))
        return indicator.measure, filters, one.period.text
    if one.program is None:
        return indicator.id
    return one.program.id, indicator.unit, one.period.text
