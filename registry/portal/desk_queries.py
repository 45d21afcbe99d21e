"""What waits on the desk: one statement for each kind of work, and their counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from registry.cases.check_in_models import CheckIn
from registry.cases.check_in_queries import answers_to_read, to_call
from registry.cases.models import Case, Party
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
from registry.suggestions.models import Decision, DecisionKind
from registry.suggestions.queries import undecided_needs

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


def check_ins(scope: Scope) -> Select[CheckIn]:
    """Parties of agreed matches who are to be asked by telephone, the longest due first."""
    return to_call(scope.viewer, today=scope.today, mine=scope.mine)


def check_answers(scope: Scope) -> Select[CheckIn]:
    """Answers to check-ins that no coordinator has read, the oldest first."""
    return answers_to_read(scope.viewer, mine=scope.mine)


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
    "check_answers": check_answers,
    "check_ins": check_ins,
}
"""Kinds of work by code."""


def counts(scope: Scope) -> dict[str, int]:
    """How much of each kind of work waits, in one statement."""
    columns = [
        select(func.count()).select_from(_rows(statement(scope))).scalar_subquery().label(code)
        for code, statement in STATEMENTS.items()
    ]
    row = db.session.execute(select(*columns)).one()
    return dict(zip(STATEMENTS, row, strict=True))


def _rows(statement: Select[Any]) -> Any:
    return statement.order_by(None).subquery()
