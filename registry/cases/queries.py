"""Reading cases: who sees which, and what waits."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from registry.accounts.models import User
from registry.cases.link_models import PartyLink
from registry.cases.listing_models import CaseListing
from registry.cases.models import Answer, Case, CaseEncounter, Outcome, Party, Stage
from registry.common.errors import NotFound
from registry.common.folding import fold, search_terms
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter
from registry.encounters.queries import open_steps as open_encounter_steps
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.programs.models import Program

NOBODY = "none"
"""Value of the coordinator filter for cases that nobody is in charge of."""


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed by; ids are public ids, empty means all.

    `moved_before` keeps cases without movement since that day. `is_open` None means both.
    """

    stage: Stage | None = None
    coordinator: str = ""
    program: str = ""
    moved_before: date | None = None
    is_open: bool | None = True
    text: str = ""


@dataclass(frozen=True)
class DueStep:
    """A next step with its day; it belongs to a case, or to an encounter without one."""

    due: date
    text: str
    case: Case | None = None
    encounter: Encounter | None = None


def visible_to(viewer: Viewer) -> Select[Case]:
    """The cases a viewer may see, unordered.

    Staff see all; a member those in which the own organization was asked; nobody else any.
    """
    statement = select(Case)
    if viewer.is_staff:
        return statement
    if viewer.role is not Role.MEMBER or viewer.organization_id is None:
        return statement.where(Case.id < 0)
    asked = exists().where(
        Party.case_id == Case.id,
        Party.organization_id == viewer.organization_id,
        or_(Party.asked_at.is_not(None), Party.answer != Answer.PENDING),
    )
    return statement.where(asked)


def get_case(public_id: str, viewer: Viewer) -> Case:
    """The case of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Case.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def cases(filters: CaseFilter, viewer: Viewer) -> Select[Case]:
    """Cases that fit the filter, the last moved first; its text reads names only for staff."""
    statement = visible_to(viewer)
    if filters.stage:
        statement = statement.where(Case.stage == filters.stage)
    if filters.is_open is not None:
        closed = Case.closed_on.is_(None) if filters.is_open else Case.closed_on.is_not(None)
        statement = statement.where(closed)
    if filters.coordinator == NOBODY:
        statement = statement.where(Case.coordinator_id.is_(None))
    elif filters.coordinator:
        statement = statement.where(Case.coordinator.has(User.public_id == filters.coordinator))
    if filters.program:
        statement = statement.where(Case.program.has(Program.public_id == filters.program))
    if filters.moved_before:
        statement = statement.where(Case.moved_on <= filters.moved_before)
    if viewer.is_staff:
        statement = _matching(statement, filters.text)
    return statement.options(*_for_lists()).order_by(Case.moved_on.desc(), Case.id.desc())


def find_by_text(text: str, viewer: Viewer) -> Select[Case]:
    """Cases, open or closed, that a text fits: number, title or a party's name (staff only)."""
    return cases(CaseFilter(text=text, is_open=None), viewer)


def cases_of(organization: Organization, viewer: Viewer) -> Select[Case]:
    """The visible cases of one organization, the last moved first.

    For members only of their own one: whom another organization meets is nobody's business.
    """
    statement = visible_to(viewer).where(
        exists().where(Party.case_id == Case.id, Party.organization_id == organization.id)
    )
    if not viewer.is_staff and not viewer.belongs_to(organization.id):
        statement = statement.where(Case.id < 0)
    return statement.options(*_for_lists()).order_by(Case.moved_on.desc(), Case.id.desc())


def open_case_of_pair(need_id: int, seed_id: int) -> Case | None:
    """The open case of a need and a seed, if there is one."""
    return db.session.scalar(
        select(Case).where(
            Case.need_id == need_id, Case.seed_id == seed_id, Case.closed_on.is_(None)
        )
    )


def cases_of_listing(listing: Listing, viewer: Viewer) -> list[Case]:
    """The visible cases that are about a need or seed, as main or as further one; the last moved
    first."""
    further = exists().where(
        CaseListing.case_id == Case.id,
        CaseListing.listing_id == listing.id,
        CaseListing.removed_at.is_(None),
    )
    about = or_(Case.need_id == listing.id, Case.seed_id == listing.id, further)
    statement = visible_to(viewer).where(about)
    return list(db.session.scalars(statement.order_by(Case.moved_on.desc(), Case.id.desc())))


def open_pairs() -> set[tuple[int, int]]:
    """(need, seed) row numbers of all open cases."""
    rows = db.session.execute(
        select(Case.need_id, Case.seed_id).where(
            Case.closed_on.is_(None), Case.need_id.is_not(None), Case.seed_id.is_not(None)
        )
    )
    return {(need, seed) for need, seed in rows if need and seed}


def stale_cases(viewer: Viewer, *, today: date, days: int) -> Select[Case]:
    """Open cases without movement for so many days or more, the longest first."""
    limit = today - timedelta(days=days)
    return (
        visible_to(viewer)
        .where(Case.closed_on.is_(None), Case.moved_on <= limit)
        .options(*_for_lists())
        .order_by(Case.moved_on, Case.id)
    )


def answers_received(viewer: Viewer, *, mine: bool = False) -> Select[Party]:
    """Answers of parties of open cases that no coordinator has seen yet, the oldest first."""
    statement = (
        select(Party)
        .join(Case, Case.id == Party.case_id)
        .where(
            Case.closed_on.is_(None), Party.answer != Answer.PENDING, Party.seen_at.is_(None),
            Party.recorded_by_id.is_(None), Party.asked_at.is_not(None),
        )
        .order_by(Party.answered_on, Party.id)
    )  # fmt: skip
    if not viewer.is_staff:
        return statement.where(Party.id < 0)
    return statement.where(Case.coordinator_id == viewer.user_id) if mine else statement


def answers_overdue(viewer: Viewer, *, today: date, mine: bool = False) -> Select[Party]:
    """Parties of open cases who have not answered by their day, the longest waiting first."""
    statement = (
        select(Party)
        .join(Case, Case.id == Party.case_id)
        .where(
            Case.closed_on.is_(None),
            Party.answer == Answer.PENDING,
            Party.answer_until < today,
        )
        .order_by(Party.answer_until, Party.id)
    )
    if not viewer.is_staff:
        return statement.where(Party.id < 0)
    return statement.where(Case.coordinator_id == viewer.user_id) if mine else statement


def due_cases(viewer: Viewer, *, until: date, mine: bool = False) -> Select[Case]:
    """Open cases whose next step is due until that day, the most urgent first."""
    statement = visible_to(viewer).where(Case.closed_on.is_(None), Case.next_due <= until)
    if mine:
        statement = statement.where(Case.coordinator_id == viewer.user_id)
    return statement.options(*_for_lists()).order_by(Case.next_due, Case.id)


def due_encounters(viewer: Viewer, *, until: date, mine: bool = False) -> Select[Encounter]:
    """Encounters without a case whose next step is due until that day, the most urgent first."""
    in_case = exists().where(CaseEncounter.encounter_id == Encounter.id)
    statement = open_encounter_steps(viewer, until=until).where(~in_case)
    return statement.where(Encounter.coordinator_id == viewer.user_id) if mine else statement


def due_steps(viewer: Viewer, *, until: date, mine: bool = False, limit: int = 50) -> list[DueStep]:
    """Next steps of cases and of encounters without one, due until that day, by day."""
    steps = [
        DueStep(case.next_due, case.next_step, case=case)
        for case in db.session.scalars(due_cases(viewer, until=until, mine=mine).limit(limit))
        if case.next_due
    ]
    encounters = db.session.scalars(due_encounters(viewer, until=until, mine=mine).limit(limit))
    steps += [DueStep(e.next_due, e.next_step, encounter=e) for e in encounters if e.next_due]
    return sorted(steps, key=lambda step: step.due)[:limit]


def count_rows(statement: Select[Case] | Select[Party]) -> int:
    """How many rows a statement of this room gives."""
    counted = select(func.count()).select_from(statement.options().order_by(None).subquery())
    return db.session.scalar(counted) or 0


def counts_by_stage(viewer: Viewer) -> dict[Stage, int]:
    """Visible open cases by stage, zeros included."""
    rows = visible_to(viewer).where(Case.closed_on.is_(None)).subquery()
    found = db.session.execute(select(rows.c.stage, func.count()).group_by(rows.c.stage))
    counts: dict[Stage, int] = dict(iter(found))
    return {stage: counts.get(stage, 0) for stage in Stage}


def party_of(case: Case, public_id: str) -> Party:
    """The party of a case with that id. Raises NotFound."""
    for party in case.parties:
        if party.public_id == public_id:
            return party
    raise NotFound


def outcome_of(case: Case, public_id: str) -> Outcome:
    """The outcome of a case with that id. Raises NotFound."""
    for outcome in case.outcomes:
        if outcome.public_id == public_id:
            return outcome
    raise NotFound


def own_party(case: Case, viewer: Viewer) -> Party | None:
    """The viewer's own organization's part in the case, if any."""
    return next((p for p in case.parties if viewer.belongs_to(p.organization_id)), None)


def hash_of_token(token: str) -> str:
    """What is stored of a link: SHA-256, since the token itself is random enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def party_of_token(token: str) -> Party | None:
    """The party whose link, or a reminder's, holds the token, or None."""
    hashed = hash_of_token(token[:200])
    further = select(PartyLink.party_id).where(PartyLink.token_hash == hashed)
    statement = select(Party).where(or_(Party.token_hash == hashed, Party.id.in_(further)))
    return db.session.scalar(statement)


def open_cases_of(organizations: Sequence[Organization], viewer: Viewer) -> list[Case]:
    """Open cases in which one of the organizations takes part, the last moved first."""
    ids = [row.id for row in organizations]
    taking_part = exists().where(Party.case_id == Case.id, Party.organization_id.in_(ids))
    statement = visible_to(viewer).where(Case.closed_on.is_(None), taking_part)
    return list(db.session.scalars(statement.order_by(Case.moved_on.desc(), Case.id.desc())))


def _matching(statement: Select[Case], text: str) -> Select[Case]:
    if number := re.fullmatch(r"m-?0*(\d{1,9})", fold(text).replace(" ", "")):
        return statement.where(Case.number == int(number[1]))
    for term in search_terms(text):
        named = exists().where(
            and_(
                Party.case_id == Case.id,
                Party.organization_id == Organization.id,
                Organization.search_text.contains(term, autoescape=True),
            )
        )
        statement = statement.where(or_(Case.search_text.contains(term, autoescape=True), named))
    return statement


def _for_lists() -> list[ExecutableOption]:
    return [
        selectinload(Case.parties).joinedload(Party.organization),
        joinedload(Case.coordinator),
    ]
