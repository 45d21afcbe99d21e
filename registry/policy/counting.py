"""How an indicator counts the records of a room. Each room says what can be counted of it as a
`Count`; the reports room gathers them all (`reports/counts.py`), so policy knows no higher room.

A fact is one row with the columns named in FACTS. The rules (trap T5, T6):

- flow, subset: the sum of the facts' weights in a period
- cumulative (延べ): each party at each subject once: three firms at one visit count three
- unique (実数): each party once in a period, so never more than cumulative
- stock: opening balance + what came in − what went out, up to the end of a period
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
)

from registry.db import db
from registry.policy.models import CountingRule

Filters = Mapping[str, Any]
Facts = Callable[[Filters], Select[Any]]

FACTS = ("fiscal_year", "period", "subject", "party", "weight", "approximate")
"""Columns of a fact: fiscal year, period of its event or "", row numbers of what is counted and of
the organization (or NULL), how much it counts, 1 when the figure is approximate (約), else 0."""


@dataclass(frozen=True)
class CountedRow:
    """A record behind a figure, as a page lists it."""

    on: str
    title: str
    parties: tuple[str, ...]
    endpoint: str
    public_id: str
    weight: Decimal = Decimal(1)
    illustrative: bool = False
    source: str = ""


@dataclass(frozen=True)
class Count:
    """One thing that can be counted: its name, in words, and how.

    `facts` has a row for each subject, `party_facts` one for each party of a subject; `moves`
    (columns fiscal_year, change) gives a stock, `at` what stands on a day; `rows` are the records
    behind a figure by the row numbers of its subjects. `keys` are the filters that it knows, `model`
    what the subjects are, when their rows may be illustrative.
    """

    name: str
    label: str
    keys: frozenset[str]
    facts: Facts | None = None
    party_facts: Facts | None = None
    moves: Facts | None = None
    at: Callable[[Filters, date], Decimal | None] | None = None
    subjects_at: Callable[[Filters, date], list[int]] | None = None
    rows: Callable[[list[int]], list[CountedRow]] = field(default=lambda _ids: [])
    model: Any = None

    @property
    def rules(self) -> frozenset[CountingRule]:
        """The rules by which it can be counted."""
        found = set()
        if self.facts is not None:
            found |= {CountingRule.FLOW, CountingRule.SUBSET}
        if self.party_facts is not None:
            found |= {CountingRule.UNIQUE, CountingRule.CUMULATIVE}
        if self.moves is not None or self.at is not None:
            found.add(CountingRule.STOCK)
        return frozenset(found)

    def facts_by(self, rule: CountingRule) -> Facts | None:
        """The facts that a rule counts."""
        if rule in (CountingRule.UNIQUE, CountingRule.CUMULATIVE):
            return self.party_facts
        return self.facts


@dataclass(frozen=True)
class Amount:
    """A counted figure: how much, whether it is approximate, and whether sample rows (例示) are among
    those that make it."""

    value: Decimal
    approximate: bool = False
    illustrative: bool = False


def fiscal_year_of(day: Any) -> ColumnElement[int]:
    """The fiscal year of a date column, on both databases: year − (month < 4)."""
    return cast(extract("year", day), Integer) - case((extract("month", day) < 4, 1), else_=0)


def month_period(day: Any) -> ColumnElement[str]:
    """The month of a date column as a period: 2017-02."""
    month = cast(extract("month", day), Integer)
    return (
        cast(cast(extract("year", day), Integer), String)
        + case((month < 10, "-0"), else_="-")
        + cast(month, String)
    )


def fact(
    fiscal_year: Any,
    subject: Any,
    *,
    period: Any = None,
    party: Any = None,
    weight: Any = None,
    approximate: Any = None,
) -> tuple[Any, ...]:
    """The columns of a fact, named as FACTS says; it weighs 1 and is exact unless said."""
    values = (
        fiscal_year,
        literal("") if period is None else period,
        subject,
        null() if party is None else party,
        literal(1) if weight is None else weight,
        literal(0) if approximate is None else approximate,
    )
    return tuple(value.label(name) for name, value in zip(FACTS, values, strict=True))


def by_year(facts: Select[Any], rule: CountingRule, years: range) -> dict[int, Amount]:
    """The figure of each fiscal year; a year without facts has 0.

    Raises ValueError for a stock, which is counted by `stock_by_year`.
    """
    found = {year: Amount(Decimal(0)) for year in years}
    table = facts.subquery()
    number = _number(rule, table.c)
    wanted = table.c.fiscal_year.between(years.start, years.stop - 1)
    statement = (
        select(table.c.fiscal_year, number, func.max(table.c.approximate))
        .where(wanted)
        .group_by(table.c.fiscal_year)
    )
    for year, value, approximate in db.session.execute(statement):
        found[year] = Amount(Decimal(value or 0), bool(approximate))
    return found


def by_event(facts: Select[Any], rule: CountingRule, years: range) -> dict[tuple[int, str], Amount]:
    """The figure of each event, by its fiscal year and period; years without one have none."""
    table = facts.subquery()
    statement = (
        select(
            table.c.fiscal_year,
            table.c.period,
            _number(rule, table.c),
            func.max(table.c.approximate),
        )
        .where(table.c.fiscal_year.between(years.start, years.stop - 1))
        .group_by(table.c.fiscal_year, table.c.period)
    )
    return {
        (year, period): Amount(Decimal(value or 0), bool(approximate))
        for year, period, value, approximate in db.session.execute(statement)
    }


def illustrative_years(facts: Select[Any], model: Any) -> list[int]:
    """The fiscal years in which a sample row of `model` is among the facts' subjects."""
    table = facts.subquery()
    statement = select(table.c.fiscal_year).distinct().join(model, model.id == table.c.subject)
    return list(db.session.scalars(statement.where(model.illustrative)))


def illustrative_events(facts: Select[Any], model: Any) -> list[str]:
    """The periods of events in which a sample row of `model` is among the facts' subjects."""
    table = facts.subquery()
    statement = select(table.c.period).distinct().join(model, model.id == table.c.subject)
    return list(db.session.scalars(statement.where(model.illustrative)))


def stock_by_year(
    moves: Select[Any], years: range, *, opening: int = 0, since: int | None = None
) -> dict[int, Amount]:
    """The stock at the end of each fiscal year: `opening` plus the changes after fiscal year
    `since` (all when None). So stock(t) = stock(t − 1) + entries(t) − exits(t)."""
    table = moves.subquery()
    statement = select(table.c.fiscal_year, func.sum(table.c.change)).group_by(table.c.fiscal_year)
    changes = {
        year: int(change)
        for year, change in db.session.execute(statement)
        if year is not None and (since is None or year > since)
    }
    found = {}
    for year in years:
        if since is not None and year < since:
            continue
        total = opening + sum(change for at, change in changes.items() if at <= year)
        found[year] = Amount(Decimal(total))
    return found


def subjects_of(facts: Select[Any], *, year: int | None = None, period: str = "") -> list[int]:
    """Row numbers of what was counted in a fiscal year, or at the events of a period."""
    table = facts.subquery()
    statement = select(table.c.subject).distinct().where(_in(table.c, year, period))
    return [number for number in db.session.scalars(statement) if number is not None]


def parties_of(facts: Select[Any], *, year: int | None = None, period: str = "") -> int:
    """How many different parties stand behind a figure: small cells are hidden by it."""
    table = facts.subquery()
    statement = select(func.count(table.c.party.distinct())).where(_in(table.c, year, period))
    return db.session.scalar(statement) or 0


def _in(columns: Any, year: int | None, period: str) -> ColumnElement[bool]:
    if period:
        return columns.period == period
    return columns.fiscal_year == year


def _number(rule: CountingRule, columns: Any) -> ColumnElement[Any]:
    if rule is CountingRule.STOCK:
        raise ValueError("a stock is no sum of facts")
    if rule is CountingRule.UNIQUE:
        return func.count(columns.party.distinct())
    return func.sum(columns.weight)
