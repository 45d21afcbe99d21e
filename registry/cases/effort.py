"""What it took to reach each rung of the outcome ladder: dispatches and hours (かけた手間).

Two figures answer two questions. `effort_by_rung` tells what the matches that reached a rung took
until that day. `effort_in` tells what a span took in all, the matches that came to nothing
included: so the plan says that 269 dispatches in a year stood behind 3 agreements.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true, union_all

from registry.accounts.models import User
from registry.cases.models import Case, CaseEncounter, Outcome, Rung, Stage, StageChange
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind
from registry.programs.models import Program

RUNG_OF_STAGE = {
    Stage.AGREED: Rung.AGREEMENT,
    Stage.PROTOTYPE: Rung.PROTOTYPE,
    Stage.MARKET: Rung.PRODUCT,
}
"""A stage that is a rung as well: the match reached the rung on the earlier of both days."""


@dataclass(frozen=True)
class Work:
    """What was put in. `without_hours` are encounters whose hours nobody wrote down: the hours are
    at least what is told."""

    dispatches: int = 0
    dispatch_hours: float = 0
    others: int = 0
    other_hours: float = 0
    without_hours: int = 0

    @property
    def hours(self) -> float:
        """Hours of dispatches and of all other encounters."""
        return self.dispatch_hours + self.other_hours


@dataclass(frozen=True)
class RungEffort:
    """A rung, how many matches reached it, and what they took until the day they did."""

    rung: Rung
    cases: int
    work: Work

    @property
    def dispatches_each(self) -> float | None:
        """Dispatches for one match that reached the rung; None when none did."""
        return self.work.dispatches / self.cases if self.cases else None

    @property
    def hours_each(self) -> float | None:
        """Hours for one match that reached the rung; None when none did."""
        return self.work.hours / self.cases if self.cases else None


def effort_by_rung(
    first: date | None = None, last: date | None = None, *, program: str = "", coordinator: str = ""
) -> list[RungEffort]:
    """All rungs in their order, with the matches that first reached each from `first` to `last`
    (both included, None: open) and the encounters of these matches until that day.

    `program` is a program's key, `coordinator` a user's public id; empty: all. An encounter counts
    once for a rung, however many of its matches it served. Two statements, whatever the number.
    """
    reached = _wanted(reached_rungs(), first, last, program, coordinator)
    each = reached.subquery()
    met = (
        select(each.c.rung, Encounter.id, Encounter.kind, Encounter.hours)
        .join(CaseEncounter, CaseEncounter.case_id == each.c.case_id)
        .join(
            Encounter,
            and_(Encounter.id == CaseEncounter.encounter_id, Encounter.held_on <= each.c.reached),
        )
        .distinct()
        .subquery()
    )
    work = {
        rung: _work(*values)
        for rung, *values in db.session.execute(
            select(met.c.rung, *_sums(met.c)).group_by(met.c.rung)
        )
    }
    numbers = select(each.c.rung, func.count()).group_by(each.c.rung)
    cases: dict[Rung, int] = dict(iter(db.session.execute(numbers)))
    return [RungEffort(rung, cases.get(rung, 0), work.get(rung, Work())) for rung in Rung]


def effort_in(
    first: date | None = None, last: date | None = None, *, program: str = "", coordinator: str = ""
) -> Work:
    """All encounters of matches held from `first` to `last`, whatever became of the matches."""
    met = (
        select(Encounter.id, Encounter.kind, Encounter.hours)
        .join(CaseEncounter, CaseEncounter.encounter_id == Encounter.id)
        .join(Case, Case.id == CaseEncounter.case_id)
        .where(
            _within(Encounter.held_on, first, last),
            _in_charge(program, coordinator),
        )
        .distinct()
        .subquery()
    )
    return _work(*db.session.execute(select(*_sums(met.c))).one())


def reached_rungs() -> Select[Any]:
    """case_id, rung, and the day on which the match first reached it (`reached`)."""
    told = select(
        Outcome.case_id.label("case_id"), Outcome.rung.label("rung"), Outcome.on.label("day")
    )
    moved = [
        select(StageChange.case_id, literal(rung, Outcome.rung.type), StageChange.on).where(
            StageChange.stage == stage
        )
        for stage, rung in RUNG_OF_STAGE.items()
    ]
    days = union_all(told, *moved).subquery()
    first = func.min(days.c.day).label("reached")
    return select(days.c.case_id, days.c.rung, first).group_by(days.c.case_id, days.c.rung)


def _wanted(
    reached: Select[Any], first: date | None, last: date | None, program: str, coordinator: str
) -> Select[Any]:
    each = reached.subquery()
    return (
        select(each.c.case_id, each.c.rung, each.c.reached)
        .join(Case, Case.id == each.c.case_id)
        .where(_within(each.c.reached, first, last), _in_charge(program, coordinator))
    )


def _within(day: Any, first: date | None, last: date | None) -> ColumnElement[bool]:
    return and_(true(), *([day >= first] if first else []), *([day <= last] if last else []))


def _in_charge(program: str, coordinator: str) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [true()]
    if program:
        wanted.append(Case.program.has(Program.key == program))
    if coordinator:
        wanted.append(Case.coordinator.has(User.public_id == coordinator))
    return and_(*wanted)


def _sums(columns: Any) -> tuple[Any, ...]:
    sent = columns.kind == EncounterKind.DISPATCH
    return (
        func.sum(case((sent, 1), else_=0)),
        func.sum(case((sent, columns.hours), else_=0)),
        func.sum(case((sent, 0), else_=1)),
        func.sum(case((sent, 0), else_=columns.hours)),
        func.sum(case((columns.hours.is_(None), 1), else_=0)),
    )


def _work(sent: Any, sent_hours: Any, others: Any, other_hours: Any, without: Any) -> Work:
    return Work(
        int(sent or 0),
        float(sent_hours or 0),
        int(others or 0),
        float(other_hours or 0),
        int(without or 0),
    )
