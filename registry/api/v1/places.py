"""Places: rooms, desks, labs, machines, halls and land, what is free, booking and moving in."""

from datetime import date, time
from typing import Annotated, Any

from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, Moment, Record, SearchQuery
from registry.api.operations import Resource, Tag
from registry.api.texts import CLOCK, DAY, INTEGRAL, Text
from registry.api.v1.shared import Named, changed_since, named, wanted
from registry.common import calendar
from registry.common.errors import NotAllowed
from registry.common.viewer import Viewer
from registry.organizations.queries import get_organization
from registry.places import bookings, tenancy
from registry.places.models import Place, PlaceKind, PlaceState, PlaceUse
from registry.places.queries import PlaceFilter, found_places, free_units, get_place
from registry.places.reading import this_moment
from registry.places.sight import seen_of

MOST_UNITS = 10_000


class PlaceRecord(Record):
    """One place."""

    id: str = Field(description="公開 ID / Public id")
    number: int
    name: str
    name_en: str
    kind: PlaceKind = Field(description="種類 / Kind")
    use: PlaceUse = Field(description="使い方 / How it is used")
    state: PlaceState
    parent: Named | None = Field(description="入っている施設 / The facility it is in")
    program: Named | None = Field(description="支援制度 / Support program")
    owner: Named | None = Field(description="持ち主 / Owner")
    municipality: str = Field(description="市区町村コード / Municipality code")
    country: str = Field(description="国（2 文字） / Country, two letters")
    address: str
    floor: str
    area_m2: float | None
    capacity: int = Field(description="同時に使える数 / How many may hold it at once")
    free: int = Field(
        description="今日空いている数（中の区画を含む） / Free units today, with those in it"
    )
    fee: str
    monthly_yen: int | None
    open_from: int = Field(description="予約できる時間（東京） / Booked from, hour in Tokyo")
    open_until: int
    open_weekends: bool
    description: str
    description_en: str
    opened_on: str | None = Field(json_schema_extra={"format": "date"})
    closed_on: str | None = Field(json_schema_extra={"format": "date"})
    illustrative: bool
    source: str = Field(description="出典 / Source")
    updated_at: Moment


class PlaceQuery(SearchQuery):
    """Places, narrowed."""

    kind: PlaceKind | None = Field(None, description="種類 / Kind", strict=False)
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    parent: Id | None = Field(None, description="施設の公開 ID / Public id of the facility")


class MoveIn(Body):
    """A tenant: days both included, without an end on and on."""

    organization: Id = Field(description="企業・団体 / Organization")
    starts_on: Annotated[date, DAY] = Field(description="始まりの日 / First day")
    ends_on: Annotated[date, DAY] | None = Field(None, description="最後の日 / Last day")
    units: Annotated[int, Field(ge=1, le=MOST_UNITS), INTEGRAL] = Field(1, description="数 / Units")
    note: Annotated[str, Text(300)] = Field("", description="メモ / Note")


class Book(Body):
    """A booking within one day, in Tokyo's time."""

    organization: Id = Field(description="企業・団体 / Organization")
    on: Annotated[date, DAY] = Field(description="日 / Day")
    starts: Annotated[time, CLOCK] = Field(description="始まり / From")
    ends: Annotated[time, CLOCK] = Field(description="終わり（00:00 はその日の終わり） / Until")
    units: Annotated[int, Field(ge=1, le=MOST_UNITS), INTEGRAL] = Field(1, description="数 / Units")
    purpose: Annotated[str, Text(200)] = Field("", description="目的 / Purpose")


def show(row: Place, viewer: Viewer) -> PlaceRecord:
    """The place; an owner whom the reader may not see is left out."""
    names = ("number", "name", "name_en", "kind", "use", "state", "municipality", "country",
             "address", "floor", "area_m2", "capacity", "fee", "monthly_yen", "open_from",
             "open_until", "open_weekends", "description", "description_en", "illustrative",
             "source", "updated_at")  # fmt: skip
    owner, program, parent = row.organization, row.program, row.parent
    return PlaceRecord(
        id=row.public_id,
        parent=Named(id=parent.public_id, name=parent.name) if parent else None,
        program=Named(id=program.public_id, name=program.title) if program else None,
        owner=named(owner) if owner and seen_of([owner.id], viewer) else None,
        free=free_units(row, calendar.today()),
        opened_on=row.opened_on.isoformat() if row.opened_on else None,
        closed_on=row.closed_on.isoformat() if row.closed_on else None,
        **{name: getattr(row, name) for name in names},
    )


def find(query: PlaceQuery, viewer: Viewer) -> Select[Any]:
    """The list's statement: facilities and what is in them."""
    asked = PlaceFilter(text=query.q, kind=query.kind, program=query.program or "")
    statement = found_places(asked, viewer, parent=query.parent or "")
    return changed_since(statement, Place, query.modified_after)


def get(viewer: Viewer, place_id: str) -> Place:
    """One place."""
    return get_place(place_id, viewer)


def move_in(row: Place, body: MoveIn, viewer: Viewer) -> None:
    """Let a tenant in, where it fits."""
    if not viewer.may("places.operate"):
        raise NotAllowed(_("この場所を扱えるのは、制度の担当と事務局です。"))
    wish = tenancy.Tenancy(
        organization=wanted(get_organization, body.organization, viewer, "organization"),
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        units=body.units,
        note=body.note,
    )
    tenancy.move_in(row, wish, today=calendar.today(), viewer=viewer)


def book(row: Place, body: Book, viewer: Viewer) -> None:
    """Book a place, where it fits."""
    ends = body.ends.hour * 60 + body.ends.minute
    wish = bookings.BookingWish(
        organization=wanted(get_organization, body.organization, viewer, "organization"),
        on=body.on,
        starts=body.starts.hour * 60 + body.starts.minute,
        ends=ends or 24 * 60,
        units=body.units,
        purpose=body.purpose,
    )
    bookings.book(row, wish, today=calendar.today(), now=this_moment(), viewer=viewer)


places = Resource(
    name="places",
    path="/places",
    key="place_id",
    tag=Tag("places", "施設 / Places"),
    words="施設 / places",
    record=PlaceRecord,
    show=show,
    get=get,
    read=Scope.PLACES_READ,
    write=Scope.PLACES_WRITE,
    fields={"organization_name": "organization"},
)
places.lists(PlaceQuery, find)
places.gets()
places.steps("move-in", MoveIn, move_in, "入居を記録する / Record a tenant")
places.steps("book", Book, book, "予約する / Book")
