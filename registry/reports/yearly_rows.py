"""A figure of the yearly results always opens into the rows that make it."""

from registry.policy.counting import Count, CountedRow, subjects_of
from registry.policy.models import CountingRule, PeriodType
from registry.reports.counts import COUNTS
from registry.reports.yearly import Result


def rows_behind(one: Result) -> list[CountedRow]:
    """The records that a counted figure counts, in their order; none for one read by hand."""
    count = COUNTS.get(one.indicator.measure)
    return count.rows(_subjects(one, count)) if count is not None else []


def _subjects(one: Result, count: Count) -> list[int]:
    filters, rule = one.indicator.filters, one.indicator.rule
    if rule is CountingRule.STOCK:
        return count.subjects_at(filters, one.period.last) if count.subjects_at else []
    facts = count.facts_by(rule)
    if facts is None:
        return []
    by_event = one.period.type in (PeriodType.EVENT, PeriodType.CALENDAR_YEAR)
    if by_event:
        return subjects_of(facts(filters), period=one.period.text)
    return subjects_of(facts(filters), year=one.period.fiscal_year.year)
