"""Enrolments: what visible organizations have in programs, kept by operators and staff."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, ChangedQuery, Id, Moment, Record, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, INTEGRAL, Text, whole
from registry.api.v1.organizations import MOST_YEN
from registry.api.v1.shared import Named, changed_since, named, wanted
from registry.common import calendar
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization
from registry.programs.models import Enrolment, EnrolmentResult, Program
from registry.programs.queries import enrolments_visible_to, get_enrolment, get_program
from registry.programs.service import (
    EnrolmentRecord as Wish,
)
from registry.programs.service import (
    change_enrolment,
    record_enrolment,
)

FIRST_YEAR, LAST_YEAR = 1950, 2150


class EnrolmentBody(Body):
    """What an organization has in a program, in one fiscal year."""

    organization: Id = Field(description="企業・団体 / Organization")
    fiscal_year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), INTEGRAL] | None = Field(
        None, description="年度（4 月から） / Fiscal year, from April"
    )
    result: EnrolmentResult = Field(description="結果 / Result")
    project: Annotated[str, Text(200)] = Field("", description="事業の名前 / Project")
    role: Annotated[str, Text(120)] = Field("", description="役割 / Role in it")
    decided_on: Annotated[date, DAY] | None = Field(None, description="決定の日 / Day of decision")
    amount_yen: Annotated[int, Field(ge=0, le=MOST_YEN), INTEGRAL] | None = Field(
        None, description="金額（円） / Amount in yen"
    )


class NewEnrolment(EnrolmentBody):
    """A new one, in the program named."""

    program: Id = Field(description="支援制度 / Support program")


class EnrolmentOut(Record):
    """One enrolment."""

    id: str = Field(description="公開 ID / Public id")
    program: Named
    organization: Named
    partners: list[Named] = Field(description="連携先 / Partners")
    fiscal_year: int | None
    result: EnrolmentResult
    project: str
    role: str
    decided_on: str | None = Field(json_schema_extra={"format": "date"})
    amount_yen: int | None
    note: str
    source: str
    illustrative: bool
    updated_at: Moment


class EnrolmentQuery(ChangedQuery):
    """Enrolments, narrowed."""

    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    organization: Id | None = Field(
        None, description="企業・団体の公開 ID / Organization's public id"
    )
    fiscal_year: Annotated[int, whole(FIRST_YEAR, LAST_YEAR)] | None = Field(
        None, description="年度 / Fiscal year"
    )


def show(row: Enrolment, viewer: Viewer) -> EnrolmentOut:
    """The enrolment; partners as far as they may be seen."""
    names = ("fiscal_year", "result", "project", "role", "amount_yen", "note", "source",
             "illustrative", "updated_at")  # fmt: skip
    partners = [p for p in row.partners if p.is_approved or viewer.is_staff]
    return EnrolmentOut(
        id=row.public_id,
        program=Named(id=row.program.public_id, name=row.program.title),
        organization=named(row.organization),
        partners=[named(partner) for partner in partners],
        decided_on=row.decided_on.isoformat() if row.decided_on else None,
        **{name: getattr(row, name) for name in names},
    )


def find(query: EnrolmentQuery, viewer: Viewer) -> Select[Enrolment]:
    """The list's statement."""
    statement = enrolments_visible_to(viewer)
    if query.program:
        statement = statement.where(Enrolment.program.has(Program.public_id == query.program))
    if query.organization:
        statement = statement.where(
            Enrolment.organization.has(Organization.public_id == query.organization)
        )
    if query.fiscal_year:
        statement = statement.where(Enrolment.fiscal_year == query.fiscal_year)
    return changed_since(statement, Enrolment, query.modified_after)


def get(viewer: Viewer, enrolment_id: str) -> Enrolment:
    """One enrolment."""
    return get_enrolment(enrolment_id, viewer)


def create(body: NewEnrolment, viewer: Viewer) -> Enrolment:
    """Write one down."""
    program = wanted(get_program, body.program, viewer, "program")
    values = {name: getattr(body, name) for name in EnrolmentBody.model_fields}
    return record_enrolment(program, _wish(values, viewer), today=calendar.today(), viewer=viewer)


def change(row: Enrolment, body: Any, version: int | None, viewer: Viewer) -> None:
    """Correct what was sent."""
    now = {name: getattr(row, name) for name in EnrolmentBody.model_fields}
    now["organization"] = row.organization.public_id
    wish = _wish({**now, **body.given()}, viewer)
    change_enrolment(row, wish, version=version, today=calendar.today(), viewer=viewer)


def _wish(values: dict[str, Any], viewer: Viewer) -> Wish:
    year = values["fiscal_year"]
    organization = wanted(get_organization, values["organization"], viewer, "organization")
    return Wish(
        **{
            **values,
            "organization": organization,
            "fiscal_year": FiscalYear(year) if year else None,
        }
    )


enrolments = Resource(
    name="enrolments",
    path="/enrolments",
    key="enrolment_id",
    tag=Tag("enrolments", "申込・採択 / Enrolments"),
    words="申込・採択 / enrolments",
    record=EnrolmentOut,
    show=show,
    get=get,
    read=Scope.PROGRAMS_READ,
    write=Scope.PROGRAMS_WRITE,
    fields={"organization_name": "organization"},
)
enrolments.lists(EnrolmentQuery, find)
enrolments.gets()
enrolments.creates(NewEnrolment, create)
enrolments.changes(patch_of(EnrolmentBody, "EnrolmentPatch"), change)
