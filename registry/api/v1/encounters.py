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
from registry.encounters.models import Channel, Encounter, EncounterKind
from registry.encounters.queries import EncounterFilter, get_encounter
from registry.encounters.queries import encounters as found_encounters
from registry.encounters.service import RecordEncounter
from registry.organizations.queries import get_organization

KEPT = ("kind", "held_on", "subject", "starts_at", "hours", "desk", "result", "next_step",
        "next_due", "channel", "topics", "expert", "country", "step")  # fmt: skip


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
    channel: Channel | None = Field(None, description="経路 / How the contact came about")
    referred_by: Id | None = Field(
        None, description="紹介した支援機関の公開 ID / Referring supporter's public id"
    )
    supporters: Annotated[list[Id], Field(max_length=50)] = Field(
        [], description="同行した支援機関の公開 ID / Public ids of supporters who came along"
    )
    topics: Annotated[list[Annotated[str, Text(80, needed=True)]], Field(max_length=20)] = Field(
        [], description="相談の項目 / Topics, words of the office's list"
    )
    expert: Annotated[str, Text(80)] = Field("", description="専門家 / Expert")
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = Field(
        "", description="相手国・地域、ISO 3166 の 2 文字 / Country, two letters of ISO 3166"
    )
    step: Annotated[str, Text(40)] = Field(
        "", description="段階。支援制度の段階の符号 / Step, a key of the program's stages"
    )


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
    channel: Channel | None
    referred_by: Named | None
    supporters: list[Named]
    topics: list[str]
    expert: str
    country: str
    step: str
    illustrative: bool
    updated_at: Moment


class EncounterQuery(SearchQuery):
    """Encounters, narrowed."""

    kind: EncounterKind | None = Field(None, description="種類 / Kind", strict=False)
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")
    channel: Channel | None = Field(None, description="経路 / Channel", strict=False)
    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None = Field(
        None, description="月 / Month", examples=["2026-11"]
    )


def show(row: Encounter, _viewer: Viewer) -> EncounterRecord:
    """The encounter."""
    who, program = row.coordinator, row.program
    names = ("number", "kind", "subject", "hours", "desk", "result", "next_step", "next_done_at",
             "illustrative", "updated_at", "channel", "topics", "expert", "country", "step")  # fmt: skip
    return EncounterRecord(
        id=row.public_id,
        held_on=row.held_on.isoformat(),
        organizations=[named(organization) for organization in row.organizations],
        supporters=[named(organization) for organization in row.supporters],
        referred_by=named(row.referred_by) if row.referred_by else None,
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
        channel=query.channel,
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
    now["supporters"] = [organization.public_id for organization in row.supporters]
    now["referred_by"] = row.referred_by.public_id if row.referred_by else None
    now["program"] = row.program.public_id if row.program else None
    now["coordinator"] = row.coordinator.public_id if row.coordinator else None
    command = _command({**now, **body.given()}, viewer)
    service.edit_encounter(row, command, version=version, today=calendar.today(), viewer=viewer)


def _command(values: dict[str, Any], viewer: Viewer) -> RecordEncounter:
    """The command of the service, with the rows that the ids name."""
    parties: dict[str, Any] = {
        name: tuple(
            wanted(get_organization, public_id, viewer, f"{name}/{at}")
            for at, public_id in enumerate(dict.fromkeys(values[name]))
        )
        for name in ("organizations", "supporters")
    }
    referred_by = values["referred_by"]
    return RecordEncounter(
        **{name: values[name] for name in KEPT if name != "topics"},
        **parties,
        topics=tuple(dict.fromkeys(values["topics"])),
        referred_by=wanted(get_organization, referred_by, viewer, "referred_by")
        if referred_by
        else None,
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
    fields={"organization_names": "organizations", "supporter_names": "supporters"},
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
