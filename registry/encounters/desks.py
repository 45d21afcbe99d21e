"""A program's desk (窓口): what is still to be done, and what this fiscal year's consultations were
about. Overseas desks, a support center, the community business window: each is a program."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from registry.common.calendar import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.labels import channel_label, country_label
from registry.encounters.models import Encounter
from registry.encounters.queries import (
    EncounterFilter,
    EncounterTotals,
    encounters,
    totals,
    visible_to,
)
from registry.encounters.topics import topic_words
from registry.programs.models import Program
from registry.web.i18n import pick

STEPS_SHOWN = 20
Line = tuple[str, str, int]
"""Value for the list's address, its words, and how often."""


@dataclass(frozen=True)
class DeskRow:
    """A program in the list of desks: its consultations of the year, and its steps left open."""

    program: Program
    encounters: int
    open_steps: int


@dataclass(frozen=True)
class Desk:
    """What a desk's page shows; tables are (value, words, number), the most frequent first."""

    totals: EncounterTotals
    steps: tuple[Encounter, ...]
    topics: tuple[Line, ...]
    channels: tuple[Line, ...]
    countries: tuple[Line, ...]
    stages: tuple[Line, ...]


def desk_rows(year: FiscalYear, viewer: Viewer) -> list[DeskRow]:
    """Programs with a consultation in the year or a step left open, by title."""
    seen = visible_to(viewer).with_only_columns(Encounter.program_id, func.count())
    grouped = seen.where(Encounter.program_id.is_not(None)).group_by(Encounter.program_id)
    in_year = grouped.where(Encounter.held_on.between(year.start, year.end))
    left = grouped.where(Encounter.next_step != "", Encounter.next_done_at.is_(None))
    counts: dict[Any, int] = dict(db.session.execute(in_year).all())  # type: ignore[arg-type]
    steps: dict[Any, int] = dict(db.session.execute(left).all())  # type: ignore[arg-type]
    programs = db.session.scalars(
        select(Program).where(Program.id.in_({*counts, *steps})).order_by(Program.title, Program.id)
    )
    return [DeskRow(row, counts.get(row.id, 0), steps.get(row.id, 0)) for row in programs]


def desk_of(program: Program, year: FiscalYear, viewer: Viewer) -> Desk:
    """A program's desk in a fiscal year; open steps are those of all years, the most urgent first."""
    asked = EncounterFilter(program=program.public_id, year=year)
    statement = encounters(asked, viewer)
    rows = statement.order_by(None).with_only_columns(
        Encounter.topics, Encounter.channel, Encounter.country, Encounter.step
    )
    found = db.session.execute(rows).all()
    stages = program.stage_names
    return Desk(
        totals=totals(statement),
        steps=_open_steps(program, viewer),
        topics=_counted((word for row in found for word in row.topics), _topic),
        channels=_counted((row.channel for row in found), channel_label),
        countries=_counted((row.country for row in found), country_label),
        stages=_counted(
            (row.step for row in found),
            lambda key: pick(stages.get(key, {}).get("ja", key), stages.get(key, {}).get("en")),
        ),
    )


def _open_steps(program: Program, viewer: Viewer) -> tuple[Encounter, ...]:
    asked = EncounterFilter(program=program.public_id, open_steps=True)
    statement = encounters(asked, viewer).options(selectinload(Encounter.organizations))
    ordered = statement.order_by(None).order_by(
        Encounter.next_due.is_(None), Encounter.next_due, Encounter.id
    )
    return tuple(db.session.scalars(ordered.limit(STEPS_SHOWN)))


def _counted(values: Iterable[str | None], words: Callable[..., str]) -> tuple[Line, ...]:
    """How often each value occurs; nothing said is left out."""
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((str(value), words(value), count) for value, count in ordered)


def _topic(word: str) -> str:
    return topic_words([word])[0]
