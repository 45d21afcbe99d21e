"""What waits on the desk: one statement for each kind of work, and their counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from registry.cases.models import (
    Case,
    CaseEncounter,
    Outcome,
    Party,
    Stage,
    StageChange,
)
from registry.cases.queries import (
    answers_overdue,
    answers_received,
    due_cases,
    due_encounters,
    stale_cases,
)
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter
from registry.encounters.queries import visible_to as encounters_visible_to
from registry.events.meetings import due_meetings
from registry.events.models import Meeting
from registry.listings.models import Listing, ListingState
from registry.listings.queries import review_queue
from registry.office.settings import Office
from registry.organizations.invitations import invitations
from registry.organizations.models import InvitationState, Organization, OrganizationState
from registry.organizations.queries import OrganizationFilter, found_organizations
from registry.portal.check_ins import check_in_due
from registry.suggestions.models import Decision, DecisionKind
from registry.suggestions.queries import undecided_needs

CHECKED_STAGES = (Stage.AGREED, Stage.PROTOTYPE, Stage.MARKET)
Statement = TypeVar("Statement")


@dataclass(frozen=True)
class Scope:
    """For whom the desk is laid out, and on which day. `mine` keeps what the viewer coordinates;
    reviews and suggestions belong to nobody yet and stay."""

    viewer: Viewer
    today: date
    office: Office
    mine: bool = True

    def of_mine(self, statement: Statement, column: Any) -> Statement:
        """The statement narrowed to the viewer's own, where that is asked for."""
        wide: Any = statement
        narrow: Statement = wide.where(column == self.viewer.user_id) if self.mine else statement
        return narrow


@dataclass(frozen=True)
class CheckIn:
    """An agreed case whose parties are to be asked: months after the agreement, and the day."""

    case_id: int
    months: int
    due: date


def answers(scope: Scope) -> Select[Party]:
    """Answers that no coordinator has seen, the oldest first."""
    return answers_received(scope.viewer, mine=scope.mine)


def unanswered(scope: Scope) -> Select[Party]:
    """Parties who did not answer by their day, the longest waiting first."""
    return answers_overdue(scope.viewer, today=scope.today, mine=scope.mine)


def submitted_organizations(scope: Scope) -> Select[Organization]:
    """Organizations to be approved, the longest waiting first."""
    wanted = OrganizationFilter(state=OrganizationState.SUBMITTED)
    return (
        found_organizations(wanted, scope.viewer)
        .order_by(None)
        .order_by(Organization.submitted_at, Organization.id)
    )


def submitted_listings(_scope: Scope) -> Select[Listing]:
    """Listings to be reviewed, the longest waiting first."""
    return review_queue()


def applications(_scope: Scope) -> Select[Any]:
    """Verified applications to join."""
    return invitations(InvitationState.APPLIED)


def strong_needs(scope: Scope) -> Select[Listing, int, float]:
    """Needs with an undecided suggestion as strong as the office asks, the best first."""
    return undecided_needs(scope.today, least=scope.office.strong_score)


def deferred(scope: Scope) -> Select[Decision]:
    """Deferred pairs whose day came, both still published, the longest due first."""
    need, seed = aliased(Listing), aliased(Listing)
    statement = (
        select(Decision)
        .join(need, Decision.need_id == need.id)
        .join(seed, Decision.seed_id == seed.id)
        .where(
            Decision.kind == DecisionKind.DEFERRED,
            Decision.until <= scope.today,
            need.state == ListingState.PUBLISHED,
            seed.state == ListingState.PUBLISHED,
        )
        .options(joinedload(Decision.need), joinedload(Decision.seed))
        .order_by(Decision.until, Decision.id)
    )
    return scope.of_mine(statement, Decision.decided_by_id)


def steps_of_cases(scope: Scope) -> Select[Case]:
    """Open cases whose next step is due, the most urgent first."""
    return due_cases(scope.viewer, until=scope.today, mine=scope.mine)


def steps_of_encounters(scope: Scope) -> Select[Encounter]:
    """Encounters without a case whose next step is due, the most urgent first."""
    return due_encounters(scope.viewer, until=scope.today, mine=scope.mine)


def steps_of_meetings(scope: Scope) -> Select[Meeting]:
    """Meetings at fairs whose follow-up is due, the most urgent first."""
    return due_meetings(scope.viewer, until=scope.today, mine=scope.mine)


def stale(scope: Scope) -> Select[Case]:
    """Open cases without movement for as long as the office allows, the longest first."""
    found = stale_cases(scope.viewer, today=scope.today, days=scope.office.stale_days)
    return scope.of_mine(found, Case.coordinator_id)


def check_ins(scope: Scope) -> list[CheckIn]:
    """Agreed cases whose parties are to be asked, the longest due first.

    Heard of is a case by an outcome reached or an encounter held since the day. Closed cases are
    left alone.
    """
    rows = db.session.execute(_agreed(scope))
    found = []
    for number, agreed_on, outcome_on, met_on in rows:
        heard_on = max(filter(None, (outcome_on, met_on)), default=None)
        due = check_in_due(agreed_on, heard_on, scope.office.check_in_months, scope.today)
        if due:
            found.append(CheckIn(number, *due))
    return sorted(found, key=lambda check: (check.due, check.case_id))


def cases_by_id(numbers: list[int]) -> dict[int, Case]:
    """Cases with their parties, by row number."""
    statement = (
        select(Case)
        .where(Case.id.in_(numbers))
        .options(selectinload(Case.parties).joinedload(Party.organization))
    )
    return {case.id: case for case in db.session.scalars(statement)}


def met_between(scope: Scope, first: date, last: date) -> Select[Encounter]:
    """Encounters held or planned in those days, by day and hour."""
    statement = (
        encounters_visible_to(scope.viewer)
        .where(Encounter.held_on.between(first, last))
        .options(selectinload(Encounter.organizations))
        .order_by(Encounter.held_on, Encounter.starts_at, Encounter.id)
    )
    return scope.of_mine(statement, Encounter.coordinator_id)


def number_of(statement: Select[Any]) -> int:
    """How many rows a statement gives, counted by the database."""
    return db.session.scalar(select(func.count()).select_from(_rows(statement))) or 0


STATEMENTS: Mapping[str, Any] = {
    "answers": answers,
    "unanswered": unanswered,
    "organizations": submitted_organizations,
    "listings": submitted_listings,
    "applications": applications,
    "suggestions": strong_needs,
    "deferred": deferred,
    "case_steps": steps_of_cases,
    "encounter_steps": steps_of_encounters,
    "meeting_steps": steps_of_meetings,
    "stale": stale,
}
"""Kinds of work by code; check-ins come beside them."""


def counts(scope: Scope) -> dict[str, int]:
    """How much of each kind of work waits: one statement, and one for the check-ins."""
    columns = [
        select(func.count()).select_from(_rows(statement(scope))).scalar_subquery().label(code)
        for code, statement in STATEMENTS.items()
    ]
    row = db.session.execute(select(*columns)).one()
    return {**dict(zip(STATEMENTS, row, strict=True)), "check_ins": len(check_ins(scope))}


def _agreed(scope: Scope) -> Select[Any]:
    """Row number, agreement, last outcome and last encounter of the cases to be asked about."""
    outcome = (
        select(func.max(Outcome.on))
        .where(Outcome.case_id == Case.id, Outcome.on <= scope.today)
        .correlate(Case)
        .scalar_subquery()
    )
    met = (
        select(func.max(Encounter.held_on))
        .join(CaseEncounter, CaseEncounter.encounter_id == Encounter.id)
        .where(CaseEncounter.case_id == Case.id, Encounter.held_on <= scope.today)
        .correlate(Case)
        .scalar_subquery()
    )
    statement: Any = (
        select(Case.id, func.min(StageChange.on), outcome, met)
        .join(StageChange, StageChange.case_id == Case.id)
        .where(
            StageChange.stage == Stage.AGREED,
            Case.stage.in_(CHECKED_STAGES),
            Case.closed_on.is_(None),
            StageChange.on <= scope.today - timedelta(days=27),
        )
        .group_by(Case.id)
    )
    narrowed: Select[Any] = scope.of_mine(statement, Case.coordinator_id)
    return narrowed


def _rows(statement: Select[Any]) -> Any:
    return statement.order_by(None).subquery()
