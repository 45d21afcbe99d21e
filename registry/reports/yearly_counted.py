"""The figures of an indicator: counted from the rooms' records, or read by hand instead."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import exists, select

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.policy.counting import (
    Amount,
    Count,
    by_event,
    by_year,
    illustrative_events,
    illustrative_years,
    stock_by_year,
)
from registry.policy.models import CountingRule, Indicator, PeriodType, Reading
from registry.policy.periods import Period, parse_period, period_of
from registry.reports.counts import COUNTS

Figure = tuple[Period, Amount, Reading | None]
"""Period, figure, and the reading that it is, when it was read by hand."""


def sampled() -> frozenset[Any]:
    """What is counted and has sample rows (例示): asked once for a whole report."""
    models = {count.model for count in COUNTS.values() if count.model is not None}
    return frozenset(
        model for model in models if db.session.scalar(select(exists().where(model.illustrative)))
    )


def figures(
    indicator: Indicator, years: range, read: Mapping[str, Reading], samples: Collection[Any]
) -> Iterator[Figure]:
    """Counted figures, and where a figure was read by hand, the reading instead. A retired
    indicator is not counted any more. `samples` is what `sampled()` gave."""
    if not indicator.retired:
        for period, amount in _counted(indicator, years, samples):
            if period.text not in read:
                yield period, amount, None
    for row in read.values():
        yield parse_period(row.period), Amount(row.value, row.approximate), row


def _counted(
    indicator: Indicator, years: range, samples: Collection[Any]
) -> Iterator[tuple[Period, Amount]]:
    """Every figure that the records give; 0 of years before `counted_from` is not known, not 0."""
    for period, amount in _marked(indicator, _all_counted(indicator, years), samples):
        known_since = indicator.counted_from
        if amount.value or known_since is None or period.fiscal_year.year >= known_since:
            yield period, amount


def _all_counted(indicator: Indicator, years: range) -> Iterator[tuple[Period, Amount]]:
    count = COUNTS.get(indicator.measure)
    if count is None:
        return
    filters, rule, kind = indicator.filters, indicator.rule, indicator.period_type
    if rule is CountingRule.STOCK:
        yield from _stock(indicator, count, years)
    elif (facts := count.facts_by(rule)) is None:
        return
    elif kind in (PeriodType.EVENT, PeriodType.CALENDAR_YEAR):
        # The calendar year of a source may begin in the fiscal year before.
        wider = range(years.start - 1, years.stop)
        for (_year, text), amount in by_event(facts(filters), rule, wider).items():
            yield parse_period(text), amount
    else:
        for year, amount in by_year(facts(filters), rule, years).items():
            if period := period_of(kind, FiscalYear(year)):
                yield period, amount


def _stock(indicator: Indicator, count: Count, years: range) -> Iterator[tuple[Period, Amount]]:
    """On the days that the indicator names, or at the end of each fiscal year."""
    filters, kind = indicator.filters, indicator.period_type
    if kind is not PeriodType.AS_OF and count.moves is not None:
        stock = stock_by_year(
            count.moves(filters),
            years,
            opening=indicator.opening_balance or 0,
            since=indicator.opening_year,
        )
        for year, amount in stock.items():
            if period := period_of(kind, FiscalYear(year)):
                yield period, amount
        return
    texts = filters.get("as_of", ()) if kind is PeriodType.AS_OF else ()
    ends = (period_of(kind, FiscalYear(year)) for year in years)
    for period in (*map(parse_period, texts), *filter(None, ends)):
        value = count.at(filters, period.last) if count.at else None
        if value is not None:
            yield period, Amount(value)


def _marked(
    indicator: Indicator, counted: Iterator[tuple[Period, Amount]], samples: Collection[Any]
) -> Iterator[tuple[Period, Amount]]:
    """The same figures, marked where a sample row (例示) stands among those that make them."""
    count = COUNTS.get(indicator.measure)
    if count is None or count.model not in samples:
        yield from counted
        return
    filters, rule, kind = indicator.filters, indicator.rule, indicator.period_type
    facts = count.facts_by(rule)
    marked: set[object] = set()
    if rule is not CountingRule.STOCK and facts is not None:
        by_period = kind in (PeriodType.EVENT, PeriodType.CALENDAR_YEAR)
        find = illustrative_events if by_period else illustrative_years
        marked = set(find(facts(filters), count.model))
    for period, amount in counted:
        if rule is CountingRule.STOCK:
            is_sample = _stands_on_samples(count, indicator, period)
        else:
            is_sample = period.text in marked or period.fiscal_year.year in marked
        yield period, replace(amount, illustrative=is_sample and bool(amount.value))


def _stands_on_samples(count: Count, indicator: Indicator, period: Period) -> bool:
    if count.subjects_at is None:
        return False
    numbers = count.subjects_at(indicator.filters, period.last)
    model = count.model
    found = exists().where(model.illustrative, model.id.in_(numbers))
    return bool(db.session.scalar(select(found)))
