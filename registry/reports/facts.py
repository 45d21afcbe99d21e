"""What happened in a span of days, as facts to be counted: one fact is one event on one day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.accounts.models import User
from registry.cases.models import Case, Stage, StageChange
from registry.common.calendar import day_bounds_utc, tokyo_day
from registry.common.codelists import industry
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.listings.models import Listing, ListingKind
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode
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
    """By what a fact may be grouped; empty where it has no such thing.

    Industry is the JSIC division and ward the municipality code, both of the organization that has
    the need (of an encounter: the first one that took part).
    """

    program: str = ""
    policy_code: str = ""
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


def _organizations(first: date, last: date) -> Iterator[Fact]:
    statement = select(
        Organization.approved_on, Organization.industry, Organization.municipality
    ).where(Organization.approved_on.between(first, last))
    for on, code, ward in db.session.execute(statement):
        yield Fact(Measure.ORGANIZATIONS, on, Dimensions(industry=_division(code), ward=ward))


def _listings(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(Listing.kind, Listing.published_at, Organization.industry, Organization.municipality)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Listing.published_at >= start, Listing.published_at < end)
    )
    for kind, at, code, ward in db.session.execute(statement):
        measure = Measure.NEEDS if kind is ListingKind.NEED else Measure.SEEDS
        yield Fact(measure, tokyo_day(at), Dimensions(industry=_division(code), ward=ward))


def _candidates(first: date, last: date) -> Iterator[Fact]:
    start, end = day_bounds_utc(first, last)
    statement = (
        select(Candidate.first_seen_at, Organization.industry, Organization.municipality)
        .join(Listing, Listing.id == Candidate.need_id)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(Candidate.first_seen_at >= start, Candidate.first_seen_at < end)
    )
    for at, code, ward in db.session.execute(statement):
        dimensions = Dimensions(industry=_division(code), ward=ward)
        yield Fact(Measure.SUGGESTIONS, tokyo_day(at), dimensions)


def _cases(first: date, last: date) -> Iterator[Fact]:
    reached = _first_reached()
    wanted = {
        number
        for number, stages in reached.items()
        if any(first <= on <= last for on in stages.values())
    }
    opened = _opened(first, last)
    dimensions = _dimensions_of_cases(wanted | set(opened))
    seen = _first_suggested(set(opened))
    for number, on in opened.items():
        since = seen.get(number)
        waited = max(0, (on - since).days) if since else None
        yield Fact(Measure.ACCEPTED, on, dimensions[number], waited)
    for number in wanted:
        yield from _stages(reached[number], dimensions[number], first, last)


def _stages(
    reached: dict[Stage, date], dimensions: Dimensions, first: date, last: date
) -> Iterator[Fact]:
    order = [stage for stage in Stage if stage in reached]
    for stage in order:
        on = reached[stage]
        if stage in STAGE_MEASURES and first <= on <= last:
            earlier = [reached[s] for s in order[: order.index(stage)]]
            waited = max(0, (on - earlier[-1]).days) if earlier else None
            yield Fact(STAGE_MEASURES[stage], on, dimensions, waited)


def _first_reached() -> dict[int, dict[Stage, date]]:
    """When each case first reached each stage: going back and forth does not count twice."""
    reached: dict[int, dict[Stage, date]] = {}
    statement = select(StageChange.case_id, StageChange.stage, func.min(StageChange.on)).group_by(
        StageChange.case_id, StageChange.stage
    )
    for number, stage, on in db.session.execute(statement):
        reached.setdefault(number, {})[stage] = on
    return reached


def _opened(first: date, last: date) -> dict[int, date]:
    statement = select(Case.id, Case.opened_on).where(Case.opened_on.between(first, last))
    return {number: on for number, on in db.session.execute(statement)}


def _first_suggested(cases: set[int]) -> dict[int, date]:
    statement = (
        select(Case.id, Candidate.first_seen_at)
        .join(Candidate, (Candidate.need_id == Case.need_id) & (Candidate.seed_id == Case.seed_id))
        .where(Case.id.in_(cases))
    )
    return {number: tokyo_day(at) for number, at in db.session.execute(statement)}


def _dimensions_of_cases(cases: set[int]) -> dict[int, Dimensions]:
    owner = aliased(Organization)
    statement = (
        select(
            Case.id, Program.title, PolicyCode.code, owner.industry, owner.municipality, User.name
        )
        .outerjoin(Program, Program.id == Case.program_id)
        .outerjoin(PolicyCode, PolicyCode.id == Program.policy_code_id)
        .outerjoin(Listing, Listing.id == Case.need_id)
        .outerjoin(owner, owner.id == Listing.organization_id)
        .outerjoin(User, User.id == Case.coordinator_id)
        .where(Case.id.in_(cases))
    )
    return {number: _as_dimensions(values) for number, *values in db.session.execute(statement)}


def _encounters(first: date, last: date) -> Iterator[Fact]:
    one = (
        select(
            EncounterParty.encounter_id.label("encounter_id"),
            func.min(EncounterParty.organization_id).label("organization_id"),
        )
        .group_by(EncounterParty.encounter_id)
        .subquery()
    )
    statement = (
        select(
            Encounter.kind,
            Encounter.held_on,
            Program.title,
            PolicyCode.code,
            Organization.industry,
            Organization.municipality,
            User.name,
        )
        .outerjoin(Program, Program.id == Encounter.program_id)
        .outerjoin(PolicyCode, PolicyCode.id == Program.policy_code_id)
        .outerjoin(one, one.c.encounter_id == Encounter.id)
        .outerjoin(Organization, Organization.id == one.c.organization_id)
        .outerjoin(User, User.id == Encounter.coordinator_id)
        .where(Encounter.held_on.between(first, last))
    )
    for kind, on, *values in db.session.execute(statement):
        dimensions = _as_dimensions(values)
        for measure in _measures_of(kind):
            yield Fact(measure, on, dimensions)


def _measures_of(kind: EncounterKind) -> Iterable[Measure]:
    if kind is EncounterKind.DISPATCH:
        return (Measure.DISPATCHES,)
    if kind in MEETING_KINDS:
        return (Measure.ENCOUNTERS, Measure.MEETINGS)
    return (Measure.ENCOUNTERS,)


def _as_dimensions(values: Iterable[str | None]) -> Dimensions:
    program, code, industry_code, ward, coordinator = values
    return Dimensions(
        program=program or "",
        policy_code=code or "",
        industry=_division(industry_code or ""),
        ward=ward or "",
        coordinator=coordinator or "",
    )


def _division(code: str) -> str:
    """The JSIC division (one letter) of a code of any depth."""
    found = industry(code) if code else None
    return getattr(found, "division", found.code) if found else ""
