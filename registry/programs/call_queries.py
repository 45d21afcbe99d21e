"""Reading calls: who sees which, the open ones, and how many applied."""

from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from registry.common import calendar
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.programs.kinds import CallState, EnrolmentState, ProgramState
from registry.programs.models import Call, Enrolment, Program
from registry.programs.queries import is_public


def calls_visible_to(viewer: Viewer) -> Select[Call]:
    """Statement of the calls, the newest window first: published ones of published programs to
    everybody, drafts too to staff and the program's operators."""
    statement = (
        select(Call)
        .join(Program, Program.id == Call.program_id)
        .options(selectinload(Call.program))
        .order_by(Call.opens_on.desc(), Call.id.desc())
    )
    if viewer.is_staff:
        return statement
    shown = and_(Call.state != CallState.DRAFT, is_public(calendar.today()))
    return statement.where(or_(shown, Call.program_id.in_(viewer.program_ids)))


def get_call(public_id: str, viewer: Viewer) -> Call:
    """The call of that id. Raises NotFound."""
    found = db.session.scalar(calls_visible_to(viewer).where(Call.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def calls_of(program: Program, viewer: Viewer) -> list[Call]:
    """The calls of a program, the newest first; the last twenty."""
    statement = calls_visible_to(viewer).where(Call.program_id == program.id)
    return list(db.session.scalars(statement.limit(20)))


def open_calls(viewer: Viewer, today: date) -> Select[Call]:
    """Statement of the calls that take applications on a day, the one closing first first; those
    without a last day come last."""
    return (
        calls_visible_to(viewer)
        .where(
            Call.state == CallState.OPEN,
            Call.opens_on <= today,
            or_(Call.closes_on.is_(None), Call.closes_on >= today),
            Program.state == ProgramState.ACTIVE,
        )
        .order_by(None)
        .order_by(Call.closes_on.asc().nulls_last(), Call.opens_on, Call.id)
    )


def calls_operated(viewer: Viewer) -> list[Call]:
    """The calls of the programs that the viewer runs, the newest first; the last hundred."""
    statement = calls_visible_to(viewer)
    if not viewer.is_staff:
        statement = statement.where(Call.program_id.in_(viewer.program_ids))
    return list(db.session.scalars(statement.limit(100)))


def upcoming_calls(viewer: Viewer, today: date) -> list[Call]:
    """Published calls whose window begins later, the next first."""
    statement = calls_visible_to(viewer).where(Call.state == CallState.OPEN, Call.opens_on > today)
    return list(
        db.session.scalars(statement.order_by(None).order_by(Call.opens_on, Call.id).limit(20))
    )


def count_applications(calls: list[Call]) -> dict[int, int]:
    """How many handed in an application to each call, by its row number."""
    rows = db.session.execute(
        select(Enrolment.call_id, func.count())
        .where(
            Enrolment.call_id.in_([call.id for call in calls]),
            Enrolment.state != EnrolmentState.DRAFT,
        )
        .group_by(Enrolment.call_id)
    )
    counts = dict.fromkeys((call.id for call in calls), 0)
    for number, count in rows:
        if number is not None:
            counts[number] = count
    return counts
