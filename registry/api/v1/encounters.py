"""Encounters: consultations, visits, calls, meetings, dispatches; for staff."""

from datetime import date, time
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, Moment, Record, SearchQuery, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import CLOCK, DAY, Text
from registry.api.v1.organizations import NoBody
from registry.api.v1.shared import (
    Named,
    changed_since,
    coordinator_meant,
    named,
    program_meant,
    wanted,
)
from registry.common import calendar
from registry.common.months import Month, parse_month
from registry.common.viewer import Viewer
from registry.encounters import service
from registry.encounters.models import Encounter, EncounterKind
from registry.encounters.queries import EncounterFilter, get_encounter
from registry.encounters.queries import encounters as found_encounters
from registry.encounters.service import RecordEncounter
from registry.organizations.queries import get_organization

KEPT = ("kind", "held_on", "subject", "starts_at", "hours", "desk", "result", "next_step",
        "next_due")  # fmt: skip


class EncounterBody(Body):
    """What somebody writes down about one encounter."""

    kind: EncounterKind = Field(description="種類 / Kind")
    held_on: Annotated[date, DAY] = Field(description="日付 / Day")
    subject: Annotated[str, Text(200, needed=True)] = Field(description="用件 / Subject")
    organizations: Annotated[list[Id], Field(max_length=50)] = Field(
        [], description="企業・団体の公開 ID / Organizations' public ids"
    )
    starts_at: Annotated[time, CLOCK] | None = Field(None, description="始まった時刻 / Start")
    hours: Annotated[float, Field(ge=0, le=99)] | None = Field(
        None, description="かかった時間 / Hours of work"
    )
    desk: Annotated[str, Text(80)] = Field("", description="場所・窓口 / Place or desk")
    result: Annotated[str, Text(4000, lines=True)] = Field("", description="内容と結果 / Result")
    next_step: Annotated[str, Text(200)] = Field("", description="次の一手 / Next step")
    next_due: Annotated[date, DAY] | None = Field(None, description="その期限 / Until when")
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")


class EncounterRecord(Record):
    """One encounter."""

    id: str = Field(description="公開 ID / Public id")
    number: int
    kind: EncounterKind
    held_on: str = Field(json_schema_extra={"format": "date"})
    subject: str
    organizations: list[Named]
    starts_at: str | None = Field(description="東京の時刻 / Time of day in Tokyo")
    hours: float | None
    desk: str
    result: str
    next_step: str
    next_due: str | None = Field(json_schema_extra={"format": "date"})
    next_done_at: Moment | None
    program: Named | None
    coordinator: Named | None
    illustrative: bool
    updated_at: Moment


class EncounterQuery(SearchQuery):
    """Encounters, narrowed."""

    kind: EncounterKind | None = Field(None, description="種類 / Kind", strict=False)
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")
    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None = Field(
        None, description="月 / Month", examples=["2026-11"]
    )


def show(row: Encounter, _viewer: Viewer) -> EncounterRecord:
    """The encounter."""
    who, program = row.coordinator, row.program
    names = ("number", "kind", "subject", "hours", "desk", "result", "next_step", "next_done_at",
             "illustrative", "updated_at")  # fmt: skip
    return EncounterRecord(
        id=row.public_id,
        held_on=row.held_on.isoformat(),
        organizations=[named(organization) for organization in row.organizations],
        starts_at=f"{row.starts_at:%H:%M}" if row.starts_at else None,
        next_due=row.next_due.isoformat() if row.next_due else None,
        program=Named(id=program.public_id, name=program.title) if program else None,
        coordinator=Named(id=who.public_id, name=who.name) if who else None,
        **{name: getattr(row, name) for name in names},
    )


def find(query: EncounterQuery, viewer: Viewer) -> Select[Encounter]:
    """The list's statement."""
    month: Month | None = parse_month(query.month) if query.month else None
    asked = EncounterFilter(
        kind=query.kind,
        coordinator=query.coordinator or "",
        program=query.program or "",
        month=month,
        text=query.q,
    )
    return changed_since(found_encounters(asked, viewer), Encounter, query.modified_after)


def get(viewer: Viewer, encounter_id: str) -> Encounter:
    """One encounter."""
    return get_encounter(encounter_id, viewer)


def create(body: EncounterBody, viewer: Viewer) -> Encounter:
    """Write one down."""
    values = {name: getattr(body, name) for name in EncounterBody.model_fields}
    return service.record_encounter(_command(values, viewer), today=calendar.today(), viewer=viewer)


def change(row: Encounter, body: Any, version: int | None, viewer: Viewer) -> None:
    """Correct what was sent."""
    now = {name: getattr(row, name) for name in KEPT}
    now["organizations"] = [organization.public_id for organization in row.organizations]
    now["program"] = row.program.public_id if row.program else None
    now["coordinator"] = row.coordinator.public_id if row.coordinator else None
    command = _command({**now, **body.given()}, viewer)
    service.edit_encounter(row, command, version=version, today=calendar.today(), viewer=viewer)


def _command(values: dict[str, Any], viewer: Viewer) -> RecordEncounter:
    """The command of the service, with the rows that the ids name."""
    organizations = [
        wanted(get_organization, public_id, viewer, f"organizations/{at}")
        for at, public_id in enumerate(dict.fromkeys(values["organizations"]))
    ]
    return RecordEncounter(
        **{name: values[name] for name in KEPT},
        organizations=tuple(organizations),
        program=program_meant(values["program"], viewer),
        coordinator=coordinator_meant(values["coordinator"]),
    )


encounters = Resource(
    name="encounters",
    path="/encounters",
    key="encounter_id",
    tag=Tag("encounters", "相談・訪問 / Encounters"),
    words="相談・訪問 / encounters",
    record=EncounterRecord,
    show=show,
    get=get,
    read=Scope.ENCOUNTERS_READ,
    write=Scope.ENCOUNTERS_WRITE,
    fields={"organization_names": "organizations"},
)
encounters.lists(EncounterQuery, find)
encounters.gets()
encounters.creates(EncounterBody, create)
encounters.changes(patch_of(EncounterBody, "EncounterPatch"), change)
encounters.steps(
    "finish-step",
    NoBody,
    lambda row, _body, viewer: service.finish_step(row, viewer=viewer),
    "次の一手を済みにする / Mark the next step as done",
)
