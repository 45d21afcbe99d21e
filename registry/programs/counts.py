"""What indicators count of enrolments: awards, projects, partners, steps, stock, members on a day."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import joinedload

from registry.common.fiscal import FiscalYear
from registry.db import db
from registry.policy.counting import Count, CountedRow, Filters, fact, fiscal_year_of
from registry.programs.kinds import COUNTED
from registry.programs.models import (
    Enrolment,
    EnrolmentPartner,
    EnrolmentResult,
    EnrolmentState,
    EnrolmentStep,
    MemberClass,
    Program,
)

KEYS = frozenset({"program", "results", "states", "member_class", "topics"})


def of_program(column: Any, filters: Filters) -> ColumnElement[bool]:
    """Condition on a column of program row numbers: the program, or one of the programs, of that
    key; all when the filters name none."""
    keys = filters.get("program")
    if not keys:
        return true()
    wanted = [keys] if isinstance(keys, str) else list(keys)
    return column.in_(select(Program.id).where(Program.key.in_(wanted)))


def _wanted(filters: Filters) -> ColumnElement[bool]:
    states = [EnrolmentState(state) for state in filters.get("states", ())] or list(COUNTED)
    conditions = [of_program(Enrolment.program_id, filters), Enrolment.state.in_(states)]
    if results := filters.get("results"):
        conditions.append(Enrolment.result.in_([EnrolmentResult(r) for r in results]))
    if topics := filters.get("topics"):
        conditions.append(Enrolment.topic.in_(topics))
    if member_class := filters.get("member_class"):
        conditions.append(Enrolment.member_class == MemberClass(member_class))
    return and_(*conditions)


def _facts(filters: Filters) -> Select[Any]:
    return select(
        *fact(Enrolment.fiscal_year, Enrolment.id, party=Enrolment.organization_id)
    ).where(_wanted(filters))


def _amounts(filters: Filters) -> Select[Any]:
    return select(
        *fact(
            Enrolment.fiscal_year,
            Enrolment.id,
            party=Enrolment.organization_id,
            weight=func.coalesce(Enrolment.amount_yen, 0),
        )
    ).where(_wanted(filters))


def _projects(filters: Filters) -> Select[Any]:
    """A project with several members counts once."""
    return (
        select(*fact(Enrolment.fiscal_year, func.min(Enrolment.id)))
        .where(_wanted(filters), Enrolment.project != "")
        .group_by(Enrolment.fiscal_year, Enrolment.program_id, Enrolment.project)
    )


def _partners(filters: Filters) -> Select[Any]:
    return (
        select(*fact(Enrolment.fiscal_year, Enrolment.id, party=EnrolmentPartner.organization_id))
        .join(EnrolmentPartner, EnrolmentPartner.enrolment_id == Enrolment.id)
        .where(_wanted(filters))
    )


def _steps(filters: Filters) -> Select[Any]:
    return (
        select(
            *fact(fiscal_year_of(EnrolmentStep.on), Enrolment.id, party=Enrolment.organization_id)
        )
        .join(Enrolment, EnrolmentStep.enrolment_id == Enrolment.id)
        .where(_wanted(filters), EnrolmentStep.step == filters.get("step", ""))
    )


def _moves(filters: Filters) -> Select[Any]:
    """In with its first year, out with the year in which it ended."""
    entered = select(
        func.coalesce(fiscal_year_of(Enrolment.started_on), Enrolment.fiscal_year).label(
            "fiscal_year"
        ),
        literal(1).label("change"),
    ).where(_wanted(filters))
    left = select(
        fiscal_year_of(Enrolment.ended_on).label("fiscal_year"), literal(-1).label("change")
    ).where(_wanted(filters), Enrolment.ended_on.is_not(None))
    both = union_all(entered, left).subquery()
    return select(both.c.fiscal_year, both.c.change)


def _standing(filters: Filters, day: date) -> ColumnElement[bool]:
    """Begun by the day; where only the fiscal year is known, in that of the day or before."""
    return and_(
        _wanted(filters),
        or_(
            Enrolment.started_on <= day,
            and_(
                Enrolment.started_on.is_(None),
                Enrolment.fiscal_year <= FiscalYear.of(day).year,
            ),
        ),
        or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > day),
    )


def _at(filters: Filters, day: date) -> Decimal:
    found = select(func.count(Enrolment.id)).where(_standing(filters, day))
    return Decimal(db.session.scalar(found) or 0)


def _subjects_at(filters: Filters, day: date) -> list[int]:
    return list(db.session.scalars(select(Enrolment.id).where(_standing(filters, day))))


def _rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.id.in_(numbers))
        .options(joinedload(Enrolment.organization), joinedload(Enrolment.program))
        .order_by(Enrolment.fiscal_year, Enrolment.id)
    )
    return [
        CountedRow(
            on=_when(enrolment),
            title=enrolment.project or enrolment.program.title,
            parties=(enrolment.organization.name,),
            endpoint="programs.show",
            public_id=enrolment.program.public_id,
            illustrative=enrolment.illustrative,
            source=enrolment.source,
        )
        for enrolment in found
    ]


def _when(enrolment: Enrolment) -> str:
    day = enrolment.started_on or enrolment.decided_on
    if day:
        return day.isoformat()
    return f"FY{enrolment.fiscal_year}" if enrolment.fiscal_year else ""


COUNTS = (
    Count(
        name="enrolments.rows",
        label=_l("採択・認定・参加"),
        keys=KEYS,
        facts=_facts,
        party_facts=_facts,
        rows=_rows,
        model=Enrolment,
    ),
    Count(
        name="enrolments.projects",
        label=_l("事業の数"),
        keys=KEYS,
        facts=_projects,
        rows=_rows,
        model=Enrolment,
    ),
    Count(
        name="enrolments.partners",
        label=_l("連携先"),
        keys=KEYS,
        facts=_partners,
        party_facts=_partners,
        rows=_rows,
        model=Enrolment,
    ),
    Count(
        name="enrolments.yen",
        label=_l("採択の金額（円）"),
        keys=KEYS,
        facts=_amounts,
        rows=_rows,
        model=Enrolment,
    ),
    Count(
        name="enrolments.steps",
        label=_l("支援の段階に達した数"),
        keys=KEYS | {"step"},
        facts=_steps,
        party_facts=_steps,
        rows=_rows,
        model=Enrolment,
    ),
    Count(
        name="enrolments.standing",
        label=_l("認定・会員の現在数"),
        keys=KEYS,
        moves=_moves,
        at=_at,
        subjects_at=_subjects_at,
        rows=_rows,
        model=Enrolment,
    ),
)
