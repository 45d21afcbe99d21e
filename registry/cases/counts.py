"""What indicators count of matches: opened, a stage reached, a rung of the outcome ladder, and of how
many the state is known twelve months after the agreement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import selectinload

from registry.cases import known
from registry.cases.models import Case, Outcome, Party, Rung, Stage, StageChange
from registry.common import calendar
from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.policy.counting import Count, CountedRow, Filters, fact, fiscal_year_of, month_period
from registry.programs.counts import of_program

TENTH = Decimal("0.1")


def _wanted(filters: Filters) -> ColumnElement[bool]:
    return and_(of_program(Case.program_id, filters))


def _reached(filters: Filters) -> Select[Any]:
    """Each match once, on the day on which it first reached the stage."""
    first = (
        select(StageChange.case_id, func.min(StageChange.on).label("reached"))
        .where(StageChange.stage == Stage(filters.get("stage", Stage.AGREED.value)))
        .group_by(StageChange.case_id)
        .subquery()
    )
    return (
        select(
            *fact(fiscal_year_of(first.c.reached), Case.id, period=month_period(first.c.reached))
        )
        .join(first, first.c.case_id == Case.id)
        .where(_wanted(filters))
    )


def _opened(filters: Filters) -> Select[Any]:
    return select(
        *fact(fiscal_year_of(Case.opened_on), Case.id, period=month_period(Case.opened_on))
    ).where(_wanted(filters))


def _outcomes(filters: Filters) -> Select[Any]:
    return (
        select(*fact(fiscal_year_of(Outcome.on), Case.id, period=month_period(Outcome.on)))
        .join(Case, Outcome.case_id == Case.id)
        .where(_wanted(filters), Outcome.rung == Rung(filters.get("rung", "")))
    )


def _by_party(facts: Any) -> Any:
    def party_facts(filters: Filters) -> Select[Any]:
        each = facts(filters).subquery()
        return select(
            each.c.fiscal_year,
            each.c.period,
            each.c.subject,
            Party.organization_id.label("party"),
            each.c.weight,
            each.c.approximate,
        ).join(Party, Party.case_id == each.c.subject)

    return party_facts


def _followed(filters: Filters, day: date) -> list[known.Followed]:
    """The matches whose twelve-month day falls into the fiscal year of a day, up to that day."""
    first, today = FiscalYear.of(day).start, calendar.today()
    return known.followed(first, day, today=today, wanted=_wanted(filters))


def _known_share(filters: Filters, day: date) -> Decimal | None:
    """Percent of them whose state is known, to a tenth; None while there are none."""
    found, of = known.share(_followed(filters, day))
    return (Decimal(found) * 100 / Decimal(of)).quantize(TENTH) if of else None


def _followed_numbers(filters: Filters, day: date) -> list[int]:
    return [one.case_id for one in _followed(filters, day)]


def _known_rows(numbers: list[int]) -> list[CountedRow]:
    """All the matches that the share is of: those known weigh 1, the others 0."""
    found = known.known_numbers(numbers, today=calendar.today())
    names = dict(
        iter(db.session.execute(select(Case.public_id, Case.id).where(Case.id.in_(numbers))))
    )
    return [replace(row, weight=Decimal(names[row.public_id] in found)) for row in _rows(numbers)]


def _rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.scalars(
        select(Case)
        .where(Case.id.in_(numbers))
        .options(selectinload(Case.parties).selectinload(Party.organization))
        .order_by(Case.opened_on, Case.number)
    )
    return [
        CountedRow(
            on=case.opened_on.isoformat(),
            title=case.title,
            parties=tuple(party.organization.name for party in case.parties),
            endpoint="cases.show",
            public_id=case.public_id,
            illustrative=case.illustrative,
            source=case.source,
        )
        for case in found
    ]


COUNTS = (
    Count(
        name="cases.opened",
        label=_l("始めたマッチング"),
        keys=frozenset({"program"}),
        facts=_opened,
        party_facts=_by_party(_opened),
        rows=_rows,
        model=Case,
    ),
    Count(
        name="cases.reached",
        label=_l("段階に達したマッチング"),
        keys=frozenset({"program", "stage"}),
        facts=_reached,
        party_facts=_by_party(_reached),
        rows=_rows,
        model=Case,
    ),
    Count(
        name="cases.outcomes",
        label=_l("マッチングの成果"),
        keys=frozenset({"program", "rung"}),
        facts=_outcomes,
        party_facts=_by_party(_outcomes),
        rows=_rows,
        model=Case,
    ),
    Count(
        name="cases.known_at_12",
        label=_l("成立から 12 か月後の様子が分かる割合（%）"),
        keys=frozenset({"program"}),
        at=_known_share,
        subjects_at=_followed_numbers,
        rows=_known_rows,
        model=Case,
    ),
)
