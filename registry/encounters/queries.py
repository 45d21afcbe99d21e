"""Reading encounters."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, cast, distinct, func, select

from registry.accounts.models import User
from registry.common.calendar import FiscalYear, Month
from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import (
    Channel,
    Encounter,
    EncounterKind,
    EncounterParty,
    EncounterSupporter,
)
from registry.organizations.models import Organization, OrganizationKind, OrganizationState
from registry.organizations.queries import find_by_text
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.programs.models import Program, ProgramState

OFFERED = 20
"""So many organizations are offered when a name fits several."""
OFFERED_WORDS = 300
"""So many names and desks a page offers."""


@dataclass(frozen=True)
class EncounterFilter:
    """What a list of encounters is narrowed by; ids are public ids, empty means all."""

    kind: EncounterKind | None = None
    coordinator: str = ""
    program: str = ""
    month: Month | None = None
    text: str = ""
    year: FiscalYear | None = None
    channel: Channel | None = None
    desk: str = ""
    topic: str = ""
    country: str = ""
    supporter: str = ""
    step: str = ""
    open_steps: bool = False

    @property
    def has_more(self) -> bool:
        """Whether one of the conditions that are folded away is in force."""
        further = (self.channel, self.desk, self.topic, self.country, self.supporter, self.step)
        return any(further) or self.open_steps


@dataclass(frozen=True)
class EncounterTotals:
    """Figures of a list: encounters (延べ), the different organizations in them (実数; those who
    came along are not counted), of the encounters dispatches, and hours. The same rule as the
    yearly results' `encounters.rows`."""

    encounters: int
    organizations: int
    dispatches: int
    hours: float


def visible_to(viewer: Viewer) -> Select[Encounter]:
    """The encounters a viewer may read: staff all, everybody else none."""
    statement = select(Encounter)
    return statement if viewer.is_staff else statement.where(Encounter.id < 0)


def encounters(filters: EncounterFilter, viewer: Viewer) -> Select[Encounter]:
    """Encounters that fit the filter, newest first."""
    statement = visible_to(viewer)
    if filters.kind:
        statement = statement.where(Encounter.kind == filters.kind)
    if filters.coordinator:
        statement = statement.join(User, Encounter.coordinator_id == User.id).where(
            User.public_id == filters.coordinator
        )
    if filters.program:
        statement = statement.join(Program, Encounter.program_id == Program.id).where(
            Program.public_id == filters.program
        )
    if filters.month:
        statement = statement.where(
            Encounter.held_on.between(filters.month.start, filters.month.end)
        )
    statement = statement.where(*_further(filters))
    for term in search_terms(filters.text):
        named = (
            select(EncounterParty.encounter_id)
            .join(Organization, Organization.id == EncounterParty.organization_id)
            .where(Organization.search_text.contains(term, autoescape=True))
        )
        statement = statement.where(
            Encounter.id.in_(named) | Encounter.search_text.contains(term, autoescape=True)
        )
    return statement.order_by(Encounter.held_on.desc(), Encounter.id.desc())


def totals(statement: Select[Encounter]) -> EncounterTotals:
    """The figures of all rows of a statement, not only of one page."""
    rows = statement.order_by(None).subquery()
    count, dispatches, hours = db.session.execute(
        select(
            func.count(),
            func.count().filter(rows.c.kind == EncounterKind.DISPATCH),
            func.sum(rows.c.hours),
        ).select_from(rows)
    ).one()
    parties = select(func.count(distinct(EncounterParty.organization_id))).where(
        EncounterParty.encounter_id.in_(select(rows.c.id))
    )
    different = db.session.scalar(parties) or 0
    return EncounterTotals(count, different, dispatches, float(hours or 0))


def _further(filters: EncounterFilter) -> Iterator[ColumnElement[bool]]:
    if filters.year:
        yield Encounter.held_on.between(filters.year.start, filters.year.end)
    for name in ("channel", "desk", "country", "step"):
        if wanted := getattr(filters, name):
            yield getattr(Encounter, name) == wanted
    if filters.topic:
        yield has_topic(filters.topic)
    if filters.supporter:
        supporter = select(Organization.id).where(Organization.public_id == filters.supporter)
        came_along = select(EncounterSupporter.encounter_id).where(
            EncounterSupporter.organization_id.in_(supporter)
        )
        yield Encounter.id.in_(came_along) | Encounter.referred_by_id.in_(supporter)
    if filters.open_steps:
        yield and_(Encounter.next_step != "", Encounter.next_done_at.is_(None))


def has_topic(word: str) -> ColumnElement[bool]:
    """Whether an encounter's topics hold the word: looked for in the stored JSON, whose strings
    stand in quotes and with their letters escaped."""
    return cast(Encounter.topics, String).contains(json.dumps(word), autoescape=True)


def desks_in_use() -> list[str]:
    """The desks that records name, by name."""
    found = select(Encounter.desk).where(Encounter.desk != "").distinct().order_by(Encounter.desk)
    return list(db.session.scalars(found.limit(OFFERED_WORDS)))


def countries_in_use() -> list[str]:
    """The countries' codes that records name."""
    found = select(Encounter.country).where(Encounter.country != "").distinct()
    return list(db.session.scalars(found.order_by(Encounter.country)))


def supporters_known() -> list[Organization]:
    """Supporters and municipalities that are approved, by kana."""
    kinds = (OrganizationKind.SUPPORTER, OrganizationKind.MUNICIPALITY)
    statement = select(Organization).where(
        Organization.kind.in_(kinds), Organization.state == OrganizationState.APPROVED
    )
    ordered = statement.order_by(Organization.kana, Organization.name, Organization.id)
    return list(db.session.scalars(ordered.limit(OFFERED_WORDS)))


def names_to_offer() -> list[str]:
    """Names that the field for organizations offers while one types: those met last, each once."""
    last = select(Encounter.id).order_by(Encounter.held_on.desc(), Encounter.id.desc()).limit(400)
    met = select(EncounterParty.organization_id).where(EncounterParty.encounter_id.in_(last))
    statement = (
        select(Organization.name)
        .where(Organization.id.in_(met), Organization.state != OrganizationState.ARCHIVED)
        .order_by(Organization.kana, Organization.id)
    )
    return list(dict.fromkeys(db.session.scalars(statement.limit(OFFERED_WORDS))))


def get_encounter(public_id: str, viewer: Viewer) -> Encounter:
    """The encounter of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Encounter.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def encounters_of(organization: Organization, viewer: Viewer) -> Select[Encounter]:
    """The encounters in which an organization took part, newest first."""
    return (
        visible_to(viewer)
        .where(Encounter.organizations.any(Organization.id == organization.id))
        .order_by(Encounter.held_on.desc(), Encounter.id.desc())
    )


def open_steps(viewer: Viewer, *, until: date) -> Select[Encounter]:
    """Encounters whose next step is due until that day and not done, the most urgent first."""
    return (
        visible_to(viewer)
        .where(Encounter.next_due <= until, Encounter.next_done_at.is_(None))
        .order_by(Encounter.next_due, Encounter.id)
    )


def organizations_named(text: str, viewer: Viewer) -> list[Organization]:
    """Organizations that the text fits, by kana, at most `OFFERED`; archived ones are left out."""
    statement = find_by_text(text, viewer).where(Organization.state != OrganizationState.ARCHIVED)
    return list(db.session.scalars(statement.limit(OFFERED)))


def organizations_by_ids(public_ids: list[str], viewer: Viewer) -> list[Organization]:
    """The organizations of those public ids, by kana; unknown and hidden ids are left out."""
    if not public_ids:
        return []
    statement = organizations_visible_to(viewer).where(Organization.public_id.in_(public_ids))
    return list(db.session.scalars(statement))


def programs_in_use() -> list[Program]:
    """Published programs that have not ended, by title."""
    return list(
        db.session.scalars(
            select(Program)
            .where(Program.state.not_in((ProgramState.ENDED, ProgramState.DRAFT)))
            .order_by(Program.title, Program.id)
        )
    )


def program_of(public_id: str) -> Program | None:
    """The program of that public id, or None."""
    return db.session.scalar(select(Program).where(Program.public_id == public_id))


def supporter_of(public_id: str) -> Organization | None:
    """The organization of that public id, or None."""
    return db.session.scalar(select(Organization).where(Organization.public_id == public_id))


def user_of(public_id: str) -> User | None:
    """The user of that public id, or None."""
    return db.session.scalar(select(User).where(User.public_id == public_id))
