"""Reading check-ins: from which day they run, which are due, who is to be called, what came back.

The rule of days: a check-in falls so many months (`Office.check_in_months`: 3, 6, 12, 24) after the
day on which the match came to the stage agreed or a later one and has stayed there since. A match
that was set back below and agreed again runs anew from the later day.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.models import (
    Answer,
    Case,
    CaseEncounter,
    CloseReason,
    Outcome,
    Party,
    Stage,
    StageChange,
)
from registry.cases.queries import hash_of_token
from registry.common.calendar import Month
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter
from registry.office.settings import office
from registry.organizations.models import Organization, OrganizationState

AGREED = (Stage.AGREED, Stage.PROTOTYPE, Stage.MARKET)
"""The stages in which a match is followed up."""
ASKED_FOR = 12
"""A check-in whose day is more than so many months past is asked no more."""
WAIT = 3
"""So many days the worker has to ask; then somebody is to call."""


def months_after(day: date, count: int) -> date:
    """The same day so many months later (or earlier); the month's last day where it has none."""
    month = Month.of(day).plus(count)
    return month.start.replace(day=min(day.day, month.end.day))


def agreed_days() -> Select[int, date]:
    """case_id and the day from which its check-ins run (`agreed`): see the module's rule."""
    later = aliased(StageChange)
    set_back = exists().where(
        later.case_id == StageChange.case_id,
        later.stage.not_in(AGREED),
        or_(later.on > StageChange.on, and_(later.on == StageChange.on, later.id > StageChange.id)),
    )
    return (
        select(StageChange.case_id, func.min(StageChange.on).label("agreed"))
        .where(StageChange.stage.in_(AGREED), not_(set_back))
        .group_by(StageChange.case_id)
    )


def is_followed() -> ColumnElement[bool]:
    """Condition on cases: agreed, and open or closed because the aim was reached."""
    ended_well = or_(Case.closed_on.is_(None), Case.close_reason == CloseReason.COMPLETED)
    return and_(Case.stage.in_(AGREED), ended_well)


def unplanned(months: tuple[int, ...]) -> Select[Any]:
    """Row numbers of the followed cases in which a party that consented lacks a check-in."""
    planned = (
        select(func.count())
        .where(CheckIn.party_id == Party.id, CheckIn.months.in_(months))
        .correlate(Party)
        .scalar_subquery()
    )
    agreed = agreed_days().subquery()
    return (
        select(Case.id)
        .distinct()
        .join(agreed, agreed.c.case_id == Case.id)
        .join(Party, Party.case_id == Case.id)
        .where(is_followed(), Party.answer == Answer.YES, planned < len(months))
        .order_by(Case.id)
    )


def due_check_ins(today: date) -> Select[CheckIn]:
    """Check-ins whose day has come and whose answer is wanted, the longest due first.

    Of each party only the newest, none more than a year old, none once it said that it ended; none
    of a match that ended without its aim, of an archived organization, or of which something was
    heard since the day: an outcome, a change of stage, an encounter.
    """
    newer, earlier = aliased(CheckIn), aliased(CheckIn)
    said_ended = exists().where(
        earlier.party_id == CheckIn.party_id, earlier.state == CheckInState.ENDED
    )
    superseded = exists().where(
        newer.party_id == CheckIn.party_id, newer.due > CheckIn.due, newer.due <= today
    )
    return (
        select(CheckIn)
        .join(Case, Case.id == CheckIn.case_id)
        .join(Party, Party.id == CheckIn.party_id)
        .join(Organization, Organization.id == Party.organization_id)
        .where(
            CheckIn.due <= today,
            CheckIn.due >= months_after(today, -ASKED_FOR),
            CheckIn.state.is_(None),
            CheckIn.months.in_(office().check_in_months),
            is_followed(),
            Organization.state != OrganizationState.ARCHIVED,
            not_(superseded),
            not_(said_ended),
            not_(heard_since(CheckIn.case_id, CheckIn.due, today)),
        )
        .order_by(CheckIn.due, CheckIn.id)
    )


def heard_since(case_id: Any, day: Any, today: date) -> ColumnElement[bool]:
    """Condition: on that day or later an outcome, a stage or an encounter of the case is known."""
    met = (
        exists()
        .where(CaseEncounter.case_id == case_id, CaseEncounter.encounter_id == Encounter.id)
        .where(Encounter.held_on >= day, Encounter.held_on <= today)
    )
    return or_(
        exists().where(Outcome.case_id == case_id, Outcome.on >= day, Outcome.on <= today),
        exists().where(
            StageChange.case_id == case_id, StageChange.on >= day, StageChange.on <= today
        ),
        met,
    )


def to_call(viewer: Viewer, *, today: date, mine: bool = False) -> Select[CheckIn]:
    """Due check-ins that wait for a person: nobody has an address, the link ran out unanswered, or
    the worker has not asked for days. The longest due first."""
    statement = due_check_ins(today).where(
        or_(
            and_(CheckIn.asked_on.is_not(None), CheckIn.mails == 0),
            CheckIn.answer_until < today,
            and_(CheckIn.asked_on.is_(None), CheckIn.due <= today - timedelta(days=WAIT)),
        )
    )
    return _of(statement, viewer, mine)


def answers_to_read(viewer: Viewer, *, mine: bool = False) -> Select[CheckIn]:
    """Parties' own answers to check-ins that no coordinator has seen, the oldest first."""
    statement = (
        select(CheckIn)
        .join(Case, Case.id == CheckIn.case_id)
        .where(CheckIn.state.is_not(None), CheckIn.seen_at.is_(None))
        .order_by(CheckIn.answered_on, CheckIn.id)
    )
    return _of(statement, viewer, mine)


def check_ins_of(case: Case) -> list[CheckIn]:
    """All check-ins of a case by their day, then by party."""
    statement = (
        select(CheckIn)
        .where(CheckIn.case_id == case.id)
        .options(joinedload(CheckIn.party).joinedload(Party.organization))
        .order_by(CheckIn.due, CheckIn.party_id)
    )
    return list(db.session.scalars(statement))


def check_in_of(case: Case, public_id: str) -> CheckIn:
    """The check-in of a case with that id. Raises NotFound."""
    found = db.session.scalar(
        select(CheckIn).where(CheckIn.case_id == case.id, CheckIn.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def check_in_of_token(token: str) -> CheckIn | None:
    """The check-in whose link, or whose reminder's, holds the token, or None."""
    hashed = hash_of_token(token[:200])
    held = or_(CheckIn.token_hash == hashed, CheckIn.reminder_hash == hashed)
    return db.session.scalar(select(CheckIn).where(held))


def _of(statement: Select[CheckIn], viewer: Viewer, mine: bool) -> Select[CheckIn]:
    """For staff alone, with what a list shows."""
    if not viewer.is_staff:
        return statement.where(CheckIn.id < 0)
    if mine:
        statement = statement.where(Case.coordinator_id == viewer.user_id)
    return statement.options(
        joinedload(CheckIn.case).selectinload(Case.parties).joinedload(Party.organization),
        selectinload(CheckIn.party).joinedload(Party.organization),
    )
