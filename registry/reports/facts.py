"""What happened in a span of days, as facts to be counted: one fact is one event on one day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.accounts.models import User
from registry.cases.models import Case, Party, Stage, StageChange
from registry.common.calendar import day_bounds_utc, tokyo_day
from registry.common.codelists import industry
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.listings.models import Listing, ListingKind
from registry.organizations.models import Organization
from registry.programs.models import Program
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
class Dimensions:
    """By what a fact may be grouped, as codes; empty where it has no such thing.

    `program` is a program's key, `coordinator` a user's public id. `industry` is the JSIC division
    and `ward` the municipality of the organization that has the need; of a case without one its
    first party, of an encounter the first organization that took part.
    """

    program: str = ""
    industry: str = ""
    ward: str = ""
    coordinator: str = ""


@dataclass(frozen=True)
class Fact:
    """One event: what, when, and its dimensions. `waited` are the days since the stage before."""

    measure: Measure
    on: date
    dimensions: Dimensions
    waited: int | None = None


def facts_between(first: date, last: date) -> list[Fact]:
    """Everything that happened from `first` to `last`, both included."""
    return [
        *_organizations(first, last),
        *_listings(first, last),
        *_candidates(first, last),
        *_cases(first, last),
        *_encounters(first, last),
    ]


def stage_facts(changes: Iterable[tuple[Stage, date]], dimensions: Dimensions) -> Iterator[Fact]:
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
            yield Fact(STAGE_MEASURES[stage], on, dimensions, waited)


def dimensions_of_cases(cases: set[int]) -> dict[int, Dimensions]:
    """The dimensions of cases by their row number."""
    owner, partner = aliased(Organization), aliased(Organization)
    first_party = (
        select(Party.case_id, func.min(Party.id).label("party_id"))
        .group_by(Party.case_id)
        .subquery()
    )
    statement = (
        select(
            Case.id,
            Program.key,
            func.coalesce(owner.industry, partner.industry),
            func.coalesce(owner.municipality, partner.municipality),
            User.public_id,
        )
        .outerjoin(Program, Program.id == Case.program_id)
        .outerjoin(Listing, Listing.id == Case.need_id)
        .outerjoin(owner, owner.id == Listing.organization_id)
        .outerjoin(first_party, first_party.c.case_id == Case.id)
        .outerjoin(Party, Party.id == first_party.c.party_id)
        .outerjoin(partner, partner.id == Party.organization_id)
        .outerjoin(User, User.id == Case.coordinator_id)
    )
    return {
        number: _as_dimensions(*values)
        for number, *values in db.session.execute(statement)
        if number in cases
    }


def _organizations(first: date, last: date) -> Iterator[Fact]:
    statement = select(
        Organization.approved_on, Organization.industry, Organization.municipality
    ).where(Organization.approved_on.between(first, last))
    for on, code, ward in db.session.execute(statement):
        if on:
            yield Fact(Measure.ORGANIZATIONS, on, _as_dimensions(None, code, ward, None))


def _listings(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(Listing.kind, Listing.published_at, Organization.industry, Organization.municipality)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Listing.published_at >= start, Listing.published_at < end)
    )
    for kind, at, code, ward in db.session.execute(statement):
        measure = Measure.NEEDS if kind is ListingKind.NEED else Measure.SEEDS
        if at:
            yield Fact(measure, tokyo_day(at), _as_dimensions(None, code, ward, None))


def _candidates(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(Candidate.first_seen_at, Organization.industry, Organization.municipality)
        .join(Listing, Listing.id == Candidate.need_id)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Candidate.first_seen_at >= start, Candidate.first_seen_at < end)
    )
    for at, code, ward in db.session.execute(statement):
        yield Fact(Measure.SUGGESTIONS, tokyo_day(at), _as_dimensions(None, code, ward, None))


def _cases(first: date, last: date) -> Iterator[Fact]:
    """Accepted suggestions (cases opened round a need and a seed) and the stages reached."""
    moved = {
        number: [fact for fact in stage_facts(changes, Dimensions()) if first <= fact.on <= last]
        for number, changes in _changes_of_cases(last)
    }
    opened = _accepted(first, last)
    dimensions = dimensions_of_cases({*opened, *(number for number in moved if moved[number])})
    for number, (on, waited) in opened.items():
        yield Fact(Measure.ACCEPTED, on, dimensions[number], waited)
    for number, facts in moved.items():
        for fact in facts:
            yield Fact(fact.measure, fact.on, dimensions[number], fact.waited)


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
    statement = (
        select(
            Encounter.kind,
            Encounter.held_on,
            Program.key,
            Organization.industry,
            Organization.municipality,
            User.public_id,
        )
        .outerjoin(Program, Program.id == Encounter.program_id)
        .outerjoin(one, one.c.encounter_id == Encounter.id)
        .outerjoin(Organization, Organization.id == one.c.organization_id)
        .outerjoin(User, User.id == Encounter.coordinator_id)
        .where(Encounter.held_on.between(first, last))
    )
    for kind, on, *values in db.session.execute(statement):
        dimensions = _as_dimensions(*values)
        for measure in _measures_of(kind):
            yield Fact(measure, on, dimensions)


def _measures_of(kind: EncounterKind) -> tuple[Measure, ...]:
    if kind is EncounterKind.DISPATCH:
        return (Measure.DISPATCHES,)
    if kind in MEETING_KINDS:
        return (Measure.ENCOUNTERS, Measure.MEETINGS)
    return (Measure.ENCOUNTERS,)


@lru_cache(maxsize=4096)
def _as_dimensions(
    program: str | None, industry_code: str | None, ward: str | None, coordinator: str | None
) -> Dimensions:
    return Dimensions(
        program=program or "",
        industry=division_of(industry_code or ""),
        ward=ward or "",
        coordinator=coordinator or "",
    )


def division_of(code: str) -> str:
    """The JSIC division (one letter) of a code of any depth; empty when it is unknown."""
    found = industry(code) if code else None
    return getattr(found, "division", found.code) if found else ""
