"""Reading programs and enrolments: who sees which, and the choices that pages offer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import selectinload

from registry.common import calendar
from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.policy.queries import all_codes, ids_within
from registry.programs.kinds import COUNTED
from registry.programs.models import (
    Enrolment,
    EnrolmentPartner,
    EnrolmentState,
    Program,
    ProgramState,
    Shape,
)
from registry.web.i18n import pick

MOST_TERMS = 10


@dataclass(frozen=True)
class ProgramFilter:
    """What a list of programs is narrowed to; empty means all. `policy` is a code of any level."""

    text: str = ""
    policy: str = ""
    shape: Shape | None = None
    state: ProgramState | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.policy or self.shape or self.state)


def programs(wanted: ProgramFilter, viewer: Viewer) -> Select[Program]:
    """Statement of the programs that fit, in the order of the policy tree, for paging."""
    statement = visible_to(viewer).where(matches(wanted.text))
    if wanted.policy:
        statement = statement.where(Program.policy_code_id.in_(ids_within(wanted.policy)))
    if wanted.shape:
        statement = statement.where(Program.shape == wanted.shape)
    if wanted.state:
        statement = statement.where(Program.state == wanted.state)
    return statement


def visible_to(viewer: Viewer) -> Select[Program]:
    """Statement of the programs, in the order of the policy tree: support is public.

    A draft, and one outside its days of publication, is seen by staff and its operators only.
    """
    statement = (
        select(Program)
        .options(
            selectinload(Program.policy_code),
            selectinload(Program.operator_organization),
            selectinload(Program.conditions),
        )
        .order_by(_place(), Program.id)
    )
    if viewer.is_staff:
        return statement
    return statement.where(or_(is_public(calendar.today()), Program.id.in_(viewer.program_ids)))


def is_public(today: date) -> ColumnElement[bool]:
    """Condition: the program is published, on this day."""
    return and_(
        Program.state != ProgramState.DRAFT,
        or_(Program.published_from.is_(None), Program.published_from <= today),
        or_(Program.published_to.is_(None), Program.published_to >= today),
    )


def matches(text: str) -> ColumnElement[bool]:
    """Condition: every term of the text occurs in what search looks at, codes too."""
    terms = search_terms(text[:200])[:MOST_TERMS]
    return and_(true(), *(Program.search_text.contains(term, autoescape=True) for term in terms))


def get_program(public_id: str, viewer: Viewer) -> Program:
    """The program of that id. Raises NotFound."""
    found = db.session.scalar(visible_to(viewer).where(Program.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def derived_from(program: Program, viewer: Viewer) -> list[Program]:
    """The programs that came out of this one (元制度番号)."""
    return list(db.session.scalars(visible_to(viewer).where(Program.origin_id == program.id)))


def program_choices(current: Program | None = None) -> list[tuple[str, str]]:
    """(public id, title) of the programs that have not ended, and of `current`, for a select."""
    running = Program.state.not_in((ProgramState.ENDED, ProgramState.DRAFT))
    kept = or_(running, Program.id == (current.id if current else 0))
    rows = db.session.scalars(select(Program).where(kept).order_by(_place(), Program.id))
    return [(row.public_id, pick(row.title, row.title_en)) for row in rows]


def programs_of(viewer: Viewer) -> list[Program]:
    """The programs that the viewer runs: an operator's own, all for staff."""
    statement = visible_to(viewer)
    if not viewer.is_staff:
        statement = statement.where(Program.id.in_(viewer.program_ids))
    return list(db.session.scalars(statement))


def may_operate(program: Program, viewer: Viewer) -> bool:
    """Whether the viewer keeps the records of a program."""
    return viewer.is_staff or program.id in viewer.program_ids


def enrolments_visible_to(viewer: Viewer) -> Select[Enrolment]:
    """Statement of the enrolments that the viewer may see, the newest first: published results to
    everybody, an organization's own in every state to its members, all that was handed in to the
    program's operators, everything to staff. A hidden organization's are hidden."""
    seen = organizations_visible_to(viewer).with_only_columns(Organization.id).order_by(None)
    return (
        select(Enrolment)
        .where(Enrolment.organization_id.in_(seen), _shown_to(viewer))
        .options(
            selectinload(Enrolment.organization),
            selectinload(Enrolment.program),
            selectinload(Enrolment.partners),
        )
        .order_by(
            func.coalesce(Enrolment.fiscal_year, 0).desc(),
            Enrolment.decided_on.desc().nulls_last(),
            Enrolment.id,
        )
    )


def _shown_to(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_staff:
        return true()
    shown = [and_(Enrolment.published, Enrolment.state.in_(COUNTED))]
    if viewer.program_ids:
        handed_in = Enrolment.state != EnrolmentState.DRAFT
        shown.append(and_(Enrolment.program_id.in_(viewer.program_ids), handed_in))
    if viewer.organization_id is not None and viewer.role is Role.MEMBER:
        shown.append(Enrolment.organization_id == viewer.organization_id)
    return or_(*shown)


def enrolments_in(program: Program, viewer: Viewer, *, limit: int | None = None) -> list[Enrolment]:
    """The public list of what visible organizations have in a program, the newest fiscal year
    first."""
    statement = enrolments_visible_to(viewer).where(
        Enrolment.program_id == program.id, Enrolment.published, Enrolment.state.in_(COUNTED)
    )
    return list(db.session.scalars(statement.limit(limit)))


def enrolments_of(organization: Organization, viewer: Viewer) -> list[Enrolment]:
    """What an organization has in programs, itself or as a partner of one whom the viewer may
    see; the newest fiscal year first."""
    as_partner = select(EnrolmentPartner.enrolment_id).where(
        EnrolmentPartner.organization_id == organization.id
    )
    statement = enrolments_visible_to(viewer).where(
        or_(Enrolment.organization_id == organization.id, Enrolment.id.in_(as_partner)),
        Enrolment.state.in_(COUNTED),
    )
    return list(db.session.scalars(statement))


def enrolments_operated(viewer: Viewer, *, standing: bool = False) -> Select[Enrolment]:
    """Statement of the enrolments in the programs that the viewer runs, for paging; `standing`
    leaves out what is only applied for, declined or withdrawn."""
    statement = enrolments_visible_to(viewer)
    if standing:
        statement = statement.where(Enrolment.state.in_(COUNTED))
    if not viewer.is_staff:
        statement = statement.where(Enrolment.program_id.in_(viewer.program_ids))
    return statement


def get_enrolment(public_id: str, viewer: Viewer) -> Enrolment:
    """The enrolment of that id. Raises NotFound when it is absent or its organization hidden."""
    found = db.session.scalar(enrolments_visible_to(viewer).where(Enrolment.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def count_enrolments(found: list[Program]) -> dict[int, int]:
    """How many enrolments each program has, by its row number."""
    rows = db.session.execute(
        select(Enrolment.program_id, func.count())
        .where(Enrolment.program_id.in_([program.id for program in found]))
        .group_by(Enrolment.program_id)
    )
    counts = dict.fromkeys((program.id for program in found), 0)
    for number, count in rows:
        counts[number] = count
    return counts


def twins(
    program: Program, organization: Organization, fiscal_year: int | None, project: str
) -> list[Enrolment]:
    """Enrolments of the same organization and project in the same year."""
    return list(
        db.session.scalars(
            select(Enrolment).where(
                Enrolment.program_id == program.id,
                Enrolment.organization_id == organization.id,
                Enrolment.fiscal_year == fiscal_year
                if fiscal_year
                else Enrolment.fiscal_year.is_(None),
                Enrolment.project == project,
            )
        )
    )


def _place() -> ColumnElement[int]:
    """Where a program's code stands in the tree; programs without one come last."""
    rows = all_codes()
    if not rows:
        return case((Program.policy_code_id.is_(None), 0), else_=0)
    return case(
        {row.id: place for place, row in enumerate(rows)},
        value=Program.policy_code_id,
        else_=len(rows),
    )
