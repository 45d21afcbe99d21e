"""Reading applications: an organization's own, those an operator received, who may follow one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization
from registry.programs.kinds import COUNTED, EnrolmentState
from registry.programs.models import Call, Enrolment
from registry.programs.queries import enrolments_operated, enrolments_visible_to, may_operate


@dataclass(frozen=True)
class ApplicationFilter:
    """What a list of enrolments is narrowed to: public ids, and a state; empty means all."""

    program: str = ""
    call: str = ""
    state: EnrolmentState | None = None

    @classmethod
    def of(cls, asked: Any) -> "ApplicationFilter":
        """Read from the address of a list."""
        return cls(
            program=str(asked.get("program", ""))[:36],
            call=str(asked.get("call", ""))[:36],
            state=next((s for s in EnrolmentState if s.value == asked.get("state")), None),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.program or self.call or self.state)

    def narrow(self, statement: Select[Enrolment]) -> Select[Enrolment]:
        """Keep the rows that fit."""
        if self.program:
            statement = statement.where(Enrolment.program.has(public_id=self.program))
        if self.call:
            statement = statement.where(Enrolment.call.has(public_id=self.call))
        if self.state:
            statement = statement.where(Enrolment.state == self.state)
        return statement


def received(wanted: ApplicationFilter, viewer: Viewer) -> Select[Enrolment]:
    """Statement of what was handed in, in a call, to the programs that the viewer runs: those that
    wait first, the longest waiting first."""
    statement = wanted.narrow(enrolments_operated(viewer)).where(
        Enrolment.state != EnrolmentState.DRAFT, Enrolment.call_id.is_not(None)
    )
    waits = Enrolment.state == EnrolmentState.APPLIED
    return (
        statement.options(selectinload(Enrolment.call))
        .order_by(None)
        .order_by(
            waits.desc(),
            Enrolment.applied_on.asc().nulls_last(),
            func.coalesce(Enrolment.fiscal_year, 0).desc(),
            Enrolment.id,
        )
    )


def own_applications(organization: Organization, viewer: Viewer) -> Select[Enrolment]:
    """Statement of an organization's applications in every state, the newest first."""
    return (
        enrolments_visible_to(viewer)
        .where(Enrolment.organization_id == organization.id)
        .options(selectinload(Enrolment.call))
        .order_by(None)
        .order_by(Enrolment.created_at.desc(), Enrolment.id.desc())
    )


def own_application(call: Call, viewer: Viewer) -> Enrolment | None:
    """The application of the viewer's organization in a call, unless it was withdrawn."""
    if viewer.organization_id is None or not viewer.may("programs.apply"):
        return None
    return standing_application(call, viewer.organization_id)


def standing_application(call: Call, organization_id: int) -> Enrolment | None:
    """An organization's application in a call that was not withdrawn."""
    return db.session.scalar(
        select(Enrolment)
        .where(
            Enrolment.call_id == call.id,
            Enrolment.organization_id == organization_id,
            Enrolment.state != EnrolmentState.WITHDRAWN,
        )
        .order_by(Enrolment.id)
        .limit(1)
    )


def is_applicant(enrolment: Enrolment, viewer: Viewer) -> bool:
    """Whether the viewer speaks for the organization that applies."""
    return viewer.may("organizations.edit") and viewer.belongs_to(enrolment.organization_id)


def get_application(public_id: str, viewer: Viewer) -> Enrolment:
    """The enrolment of that id with its answers. Raises NotFound for everybody but its applicant,
    the program's operators and staff."""
    found = db.session.scalar(enrolments_visible_to(viewer).where(Enrolment.public_id == public_id))
    if found is None or not (is_applicant(found, viewer) or may_operate(found.program, viewer)):
        raise NotFound
    return found


def spent_yen(call: Call) -> int:
    """The sum of what was granted in a call."""
    total = select(func.sum(Enrolment.amount_yen)).where(
        Enrolment.call_id == call.id, Enrolment.state.in_(COUNTED)
    )
    return int(db.session.scalar(total) or 0)


def count_accepted(call: Call) -> int:
    """How many were accepted in a call."""
    found = select(func.count(Enrolment.id)).where(
        Enrolment.call_id == call.id, Enrolment.state.in_(COUNTED)
    )
    return db.session.scalar(found) or 0
