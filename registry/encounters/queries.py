"""Reading encounters."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from registry.accounts.models import User
from registry.common.calendar import Month
from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.queries import find_by_text
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.programs.models import Program, ProgramState

OFFERED = 20
"""So many organizations are offered when a name fits several."""


@dataclass(frozen=True)
class EncounterFilter:
    """What a list of encounters is narrowed by; ids are public ids, empty means all."""

    kind: EncounterKind | None = None
    coordinator: str = ""
    program: str = ""
    month: Month | None = None
    text: str = ""


@dataclass(frozen=True)
class EncounterTotals:
    """Figures of a list: encounters, of them dispatches, and hours."""

    encounters: int
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
    return EncounterTotals(count, dispatches, float(hours or 0))


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
    """Programs that have not ended, by title."""
    return list(
        db.session.scalars(
            select(Program)
            .where(Program.state != ProgramState.ENDED)
            .order_by(Program.title, Program.id)
        )
    )


def program_of(public_id: str) -> Program | None:
    """The program of that public id, or None."""
    return db.session.scalar(select(Program).where(Program.public_id == public_id))


def user_of(public_id: str) -> User | None:
    """The user of that public id, or None."""
    return db.session.scalar(select(User).where(User.public_id == public_id))
