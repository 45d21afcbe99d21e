"""Occupancies (入居): who holds a place or those in it, from when to when."""

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, ChangedQuery, Moment, Record
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, Text
from registry.api.v1.owners import division_of
from registry.api.v1.shared import Named, changed_since, named
from registry.common import calendar
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.blind import band_of
from registry.places import tenancy
from registry.places.labels import state_on
from registry.places.models import Occupancy, OccupancyState
from registry.places.queries import get_place, operates
from registry.places.sight import seen_of


class OccupancyRecord(Record):
    """One entry of the ledger. Of an organization that the reader may not see, only what does not
    tell who it is."""

    id: str = Field(description="公開 ID / Public id")
    place: Named
    organization: Named | None = Field(description="企業・団体。null は非公開 / null: not told")
    division: str = Field(description="業種（大分類） / Industry division")
    municipality: str = Field(description="市区町村コード / Municipality code")
    size_band: str = Field(description="従業員の規模 / Band of employees")
    units: int
    starts_on: str = Field(json_schema_extra={"format": "date"})
    ends_on: str | None = Field(
        description="最後の日。null は定めなし / Last day; null: goes on",
        json_schema_extra={"format": "date"},
    )
    state: OccupancyState = Field(description="今日の状態 / Where it stands today")
    note: str = Field(description="メモ（担当だけ） / Note, for those who keep the place")
    end_reason: str = Field(description="退去の理由（担当だけ） / Why it ended, for them")
    illustrative: bool
    updated_at: Moment


class Until(Body):
    """Another last day; none is on and on."""

    until: Annotated[date, DAY] | None = Field(None, description="最後の日 / Last day")


class MoveOut(Body):
    """The last day of a tenant, earlier than it was agreed."""

    on: Annotated[date, DAY] = Field(description="最後の日 / Last day")
    reason: Annotated[str, Text(300)] = Field("", description="理由 / Why")


class Cancellation(Body):
    """Why an entry never was."""

    reason: Annotated[str, Text(300, needed=True)] = Field(description="理由 / Why")


def show(row: Occupancy, viewer: Viewer) -> OccupancyRecord:
    """The entry, as far as the reader may know."""
    firm, keeps = row.organization, operates(row.place, viewer)
    return OccupancyRecord(
        id=row.public_id,
        place=Named(id=row.place.public_id, name=row.place.name),
        organization=named(firm) if seen_of([firm.id], viewer) else None,
        division=division_of(firm.industry),
        municipality=firm.municipality,
        size_band=band_of(firm.employees),
        units=row.units,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on else None,
        state=state_on(row, calendar.today()),
        note=row.note if keeps else "",
        end_reason=row.end_reason if keeps else "",
        illustrative=row.illustrative,
        updated_at=row.updated_at,
    )


def find(query: ChangedQuery, viewer: Viewer, place_id: str) -> Select[Occupancy]:
    """The ledger of a place and those in it, the newest first."""
    statement = tenancy.ledger_of(get_place(place_id, viewer), viewer)
    return changed_since(statement, Occupancy, query.modified_after)


def get(viewer: Viewer, place_id: str, occupancy_id: str) -> Occupancy:
    """One entry of that ledger. Raises NotFound."""
    ledger = tenancy.ledger_of(get_place(place_id, viewer), viewer)
    found = db.session.scalar(ledger.where(Occupancy.public_id == occupancy_id))
    if found is None:
        raise NotFound
    return found


def extend(row: Occupancy, body: Until, viewer: Viewer) -> None:
    """Let the tenant stay until another day."""
    today = calendar.today()
    tenancy.extend(row, until=body.until, version=None, today=today, viewer=viewer)


def move_out(row: Occupancy, body: MoveOut, viewer: Viewer) -> None:
    """Write down the last day."""
    today = calendar.today()
    tenancy.move_out(row, on=body.on, reason=body.reason, version=None, today=today, viewer=viewer)


def cancel(row: Occupancy, body: Cancellation, viewer: Viewer) -> None:
    """Take back an entry that never was."""
    today = calendar.today()
    tenancy.cancel(row, reason=body.reason, version=None, today=today, viewer=viewer)


occupancies = Resource(
    name="occupancies",
    path="/places/{place_id}/occupancies",
    key="occupancy_id",
    tag=Tag("places", "施設 / Places"),
    words="入居 / occupancies",
    record=OccupancyRecord,
    show=show,
    get=get,
    read=Scope.PLACES_READ,
    write=Scope.PLACES_WRITE,
)
occupancies.lists(ChangedQuery, find)
occupancies.gets()
occupancies.steps("extend", Until, extend, "入居を延ばす / Extend a tenancy")
occupancies.steps("move-out", MoveOut, move_out, "退去を記録する / Record the last day")
occupancies.steps("cancel", Cancellation, cancel, "入居を取り消す / Cancel an entry")
