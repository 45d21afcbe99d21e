"""Of how many matches the office knows how they stand, twelve months after the agreement.

A match counts in the span in which its twelve-month day falls, once that day has come. Its state is
known when since that day something was heard of it (an outcome, a change of stage, an encounter),
when a party answered the check-in of that day or of a later one, or when it ended in vain: that
does not change any more. A match closed because its aim was reached still has to be heard of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from registry.cases.check_in_models import CheckIn
from registry.cases.check_in_queries import agreed_days, months_after
from registry.cases.models import Case, CaseEncounter, CloseReason, Outcome, StageChange
from registry.db import db
from registry.encounters.models import Encounter

MONTHS = 12
SLACK = timedelta(days=4)
"""A month's end may be up to three days shorter than the day it is counted from."""


@dataclass(frozen=True)
class Followed:
    """A match by its row number, and whether its state is known."""

    case_id: int
    known: bool


def followed(
    first: date,
    last: date,
    *,
    today: date,
    months: int = MONTHS,
    wanted: ColumnElement[bool] | None = None,
) -> list[Followed]:
    """The matches whose day (so many months after the agreement) lies from `first` to `last` and
    has come, by row number. `wanted` is a condition on cases. One statement."""
    until = min(last, today)
    agreed = agreed_days().subquery()
    statement = _with_news(agreed, today, months).where(
        agreed.c.agreed >= months_after(first, -months) - SLACK,
        agreed.c.agreed <= months_after(until, -months) + SLACK,
        true() if wanted is None else wanted,
    )
    found = []
    for number, day, answered, ended, *heard in db.session.execute(statement):
        due = months_after(day, months)
        if first <= due <= until:
            since = any(news is not None and news >= due for news in heard)
            found.append(Followed(number, bool(answered or ended or since)))
    return found


def share(matches: Iterable[Followed]) -> tuple[int, int]:
    """How many are known, and of how many."""
    rows = list(matches)
    return sum(one.known for one in rows), len(rows)


def known_numbers(numbers: list[int], *, today: date, months: int = MONTHS) -> set[int]:
    """The row numbers, of those given, whose state is known."""
    wanted = Case.id.in_(numbers)
    every = followed(date(1900, 1, 1), today, today=today, months=months, wanted=wanted)
    return {one.case_id for one in every if one.known}


def _with_news(agreed: Any, today: date, months: int) -> Select[Any]:
    """Case, its agreement, whether it answered or ended, and the last day of each kind of news."""
    answered = exists().where(
        CheckIn.case_id == Case.id, CheckIn.months >= months, CheckIn.state.is_not(None)
    )
    ended = and_(Case.closed_on.is_not(None), Case.close_reason != CloseReason.COMPLETED)
    outcome = select(func.max(Outcome.on)).where(Outcome.case_id == Case.id, Outcome.on <= today)
    moved = select(func.max(StageChange.on)).where(
        StageChange.case_id == Case.id, StageChange.on <= today
    )
    met = (
        select(func.max(Encounter.held_on))
        .join(CaseEncounter, CaseEncounter.encounter_id == Encounter.id)
        .where(CaseEncounter.case_id == Case.id, Encounter.held_on <= today)
    )
    news = (kind.correlate(Case).scalar_subquery() for kind in (outcome, moved, met))
    return (
        select(Case.id, agreed.c.agreed, answered, ended, *news)
        .join(agreed, agreed.c.case_id == Case.id)
        .order_by(Case.id)
    )
