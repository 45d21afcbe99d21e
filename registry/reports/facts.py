"""What happened in a span of days, as facts to be counted: one fact is one event on one day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from registry.accounts.models import User
from registry.cases.models import Case, CaseEncounter, Stage, StageChange
from registry.common.calendar import day_bounds_utc, tokyo_day
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.listings.models import Listing, ListingKind
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode
from registry.programs.models import Program
from registry.reports.dimensions import (
    Dimensions,
    as_dimensions,
    both,
    case_dimensions,
    dimensions_of_cases,
    tags_of_programs,
)
from registry.reports.measures import Measure
from registry.suggestions.models import Candidate

STAGE_MEASURES = {
    Stage.INTRODUCED: Measure.INTRODUCTIONS,
    Stage.TALKING: Measure.TALKS,
    Stage.AGREED: Measure.AGREEMENTS,
    Stage.PROTOTYPE: Measure.PROTOTYPES,
    Stage.MARKET: Measure.COMMERCIALISATIONS,
}
MEETING_KINDS = frozenset({EncounterKind.MEETING, EncounterKind.ONLINE})


@dataclass(frozen=True)
class Fact:
    """One event: what, when, and its dimensions. `waited` are the days since the stage before,
    `record` is the row number of what happened: an organization, a listing, a candidate, a case or
    an encounter, as `record_of` says."""

    measure: Measure
    on: date
    dimensions: Dimensions
    waited: int | None = None
    record: int = 0


class Record(StrEnum):
    """What a fact's `record` is a row of."""

    ORGANIZATION = "organization"
    LISTING = "listing"
    CANDIDATE = "candidate"
    CASE = "case"
    ENCOUNTER = "encounter"


def record_of(measure: Measure) -> Record:
    """Of what table the rows are that a measure counts."""
    if measure is Measure.ORGANIZATIONS:
        return Record.ORGANIZATION
    if measure in (Measure.NEEDS, Measure.SEEDS):
        return Record.LISTING
    if measure is Measure.SUGGESTIONS:
        return Record.CANDIDATE
    if measure in (Measure.ENCOUNTERS, Measure.MEETINGS, Measure.DISPATCHES):
        return Record.ENCOUNTER
    return Record.CASE


def facts_between(first: date, last: date) -> list[Fact]:
    """Everything that happened from `first` to `last`, both included."""
    return [
        *_organizations(first, last),
        *_listings(first, last),
        *_candidates(first, last),
        *_cases(first, last),
        *_encounters(first, last),
    ]


def stage_facts(
    changes: Iterable[tuple[Stage, date]], dimensions: Dimensions, record: int = 0
) -> Iterator[Fact]:
    """The facts of one case from its changes of stage, in any order.

    Each stage counts once, on the day on which it was first reached, however often the case went
    back and forth. The days waited run from the latest earlier stage that had been reached by then.
    """
    first: dict[Stage, date] = {}
    for stage, on in changes:
        first[stage] = min(on, first.get(stage, on))
    order = [stage for stage in Stage if stage in first]
    for position, stage in enumerate(order):
        if stage in STAGE_MEASURES:
            on = first[stage]
            since = [first[earlier] for earlier in order[:position] if first[earlier] <= on]
            waited = (on - max(since)).days if since else None
            yield Fact(STAGE_MEASURES[stage], on, dimensions, waited, record)


def _organizations(first: date, last: date) -> Iterator[Fact]:
    statement = select(
        Organization.id,
        Organization.approved_on,
        Organization.industry,
        Organization.municipality,
    ).where(Organization.approved_on.between(first, last))
    for number, on, code, ward in db.session.execute(statement):
        if on:
            at = as_dimensions(None, code, ward, None)
            yield Fact(Measure.ORGANIZATIONS, on, at, record=number)


def _listings(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(
            Listing.id,
            Listing.kind,
            Listing.published_at,
            Organization.industry,
            Organization.municipality,
        )
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Listing.published_at >= start, Listing.published_at < end)
    )
    for number, kind, at, code, ward in db.session.execute(statement):
        measure = Measure.NEEDS if kind is ListingKind.NEED else Measure.SEEDS
        if at:
            whose = as_dimensions(None, code, ward, None)
            yield Fact(measure, tokyo_day(at), whose, record=number)


def _candidates(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(
            Candidate.id,
            Candidate.first_seen_at,
            Organization.industry,
            Organization.municipality,
        )
        .join(Listing, Listing.id == Candidate.need_id)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Candidate.first_seen_at >= start, Candidate.first_seen_at < end)
    )
    for number, at, code, ward in db.session.execute(statement):
        whose = as_dimensions(None, code, ward, None)
        yield Fact(Measure.SUGGESTIONS, tokyo_day(at), whose, record=number)


def _cases(first: date, last: date) -> Iterator[Fact]:
    """Accepted suggestions (cases opened round a need and a seed) and the stages reached."""
    moved = {
        number: [fact for fact in stage_facts(changes, Dimensions()) if first <= fact.on <= last]
        for number, changes in _changes_of_cases(last)
    }
    opened = _accepted(first, last)
    dimensions = dimensions_of_cases({*opened, *(number for number in moved if moved[number])})
    for number, (on, waited) in opened.items():
        yield Fact(Measure.ACCEPTED, on, dimensions[number], waited, number)
    for number, facts in moved.items():
        for fact in facts:
            yield Fact(fact.measure, fact.on, dimensions[number], fact.waited, number)


def _changes_of_cases(last: date) -> Iterator[tuple[int, list[tuple[Stage, date]]]]:
    statement = (
        select(StageChange.case_id, StageChange.stage, StageChange.on)
        .where(StageChange.on <= last)
        .order_by(StageChange.case_id)
    )
    for number, rows in groupby(db.session.execute(statement), key=lambda row: row.case_id):
        yield number, [(row.stage, row.on) for row in rows]


def _accepted(first: date, last: date) -> dict[int, tuple[date, int | None]]:
    """Cases of a pair by row number: the day they were opened, the days since it was suggested."""
    statement = (
        select(Case.id, Case.opened_on, Candidate.first_seen_at)
        .outerjoin(
            Candidate, (Candidate.need_id == Case.need_id) & (Candidate.seed_id == Case.seed_id)
        )
        .where(
            Case.opened_on.between(first, last),
            Case.need_id.is_not(None),
            Case.seed_id.is_not(None),
        )
    )
    return {
        number: (on, (on - tokyo_day(seen)).days if seen and tokyo_day(seen) <= on else None)
        for number, on, seen in db.session.execute(statement)
    }


def _encounters(first: date, last: date) -> Iterator[Fact]:
    """Encounters and dispatches. One that belongs to a match counts where the match does: under its
    own policy code and tags, and in its program when the encounter names none."""
    matches = _matches_of(first, last)
    of_cases = case_dimensions(set(matches.values()))
    of_programs = tags_of_programs()
    for number, kind, on, program, key, code, *values in db.session.execute(
        _encounter_rows(first, last)
    ):
        industry, ward, coordinator = values
        tags = of_programs.get(program)
        if case := of_cases.get(matches.get(number, 0)):
            key = key or case.at.program
            code = case.at.policy if case.own_code or not code else code
            tags = both(tags, case.at.tags)
        whose = as_dimensions(key, industry, ward, coordinator, code, tags or ())
        for measure in _measures_of(kind):
            yield Fact(measure, on, whose, record=number)


def _matches_of(first: date, last: date) -> dict[int, int]:
    """The match that each encounter of the span belongs to (the first one), by row numbers."""
    statement = (
        select(CaseEncounter.encounter_id, func.min(CaseEncounter.case_id))
        .join(Encounter, Encounter.id == CaseEncounter.encounter_id)
        .where(Encounter.held_on.between(first, last))
        .group_by(CaseEncounter.encounter_id)
    )
    return dict(iter(db.session.execute(statement)))


def _encounter_rows(first: date, last: date) -> Any:
    one = (
        select(
            EncounterParty.encounter_id.label("encounter_id"),
            func.min(EncounterParty.organization_id).label("organization_id"),
        )
        .join(Encounter, Encounter.id == EncounterParty.encounter_id)
        .where(Encounter.held_on.between(first, last))
        .group_by(EncounterParty.encounter_id)
        .subquery()
    )
    return (
        select(
            Encounter.id,
            Encounter.kind,
            Encounter.held_on,
            Encounter.program_id,
            Program.key,
            PolicyCode.code,
            Organization.industry,
            Organization.municipality,
            User.public_id,
        )
        .outerjoin(Program, Program.id == Encounter.program_id)
        .outerjoin(PolicyCode, PolicyCode.id == Program.policy_code_id)
        .outerjoin(one, one.c.encounter_id == Encounter.id)
        .outerjoin(Organization, Organization.id == one.c.organization_id)
        .outerjoin(User, User.id == Encounter.coordinator_id)
        .where(Encounter.held_on.between(first, last))
    )


def _measures_of(kind: EncounterKind) -> tuple[Measure, ...]:
    if kind is EncounterKind.DISPATCH:
        return (Measure.DISPATCHES,)
    if kind in MEETING_KINDS:
        return (Measure.ENCOUNTERS, Measure.MEETINGS)
    return (Measure.ENCOUNTERS,)
