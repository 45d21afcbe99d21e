"""Editions of events (開催回), with what others counted at them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, Moment, Part, Record, SearchQuery, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, FLAG, INTEGRAL, Text, whole
from registry.api.v1.shared import Named, changed_since, wanted
from registry.common import calendar
from registry.common.viewer import Viewer
from registry.events.figures import FigureWords, write_figure
from registry.events.models import Edition, EditionState, EventKind, FigureKind
from registry.events.queries import EditionFilter, editions, get_edition, get_event, program_shown
from registry.events.sight import count_exhibitors, figures_of
from registry.events.writing import EditionWords, change_edition, create_edition
from registry.places.queries import get_place
from registry.policy.typed import show_figure

MOST_PEOPLE = 10_000_000
KEPT = ("title", "title_en", "starts_on", "ends_on", "days_known", "period", "venue", "is_online",
        "capacity", "opens_on", "closes_on", "note", "source")  # fmt: skip

DAYS = ("starts_on", "ends_on", "opens_on", "closes_on")


class EditionBody(Body):
    """What is written about an edition."""

    title: Annotated[str, Text(160, needed=True)] = Field(description="名称 / Title")
    title_en: Annotated[str, Text(200)] = ""
    starts_on: Annotated[date, DAY] = Field(description="初日 / First day")
    ends_on: Annotated[date, DAY] = Field(description="最後の日 / Last day")
    days_known: bool = Field(
        True, description="日が分かっている。false は期間だけ / Days are known, not only the period"
    )
    period: Annotated[str, Text(24)] = Field("", description="期間 / Period", examples=["2017-02"])
    place: Id | None = Field(None, description="施設の公開 ID / Place's public id")
    venue: Annotated[str, Text(120)] = Field("", description="会場 / Venue")
    is_online: bool = Field(False, description="オンライン / Online")
    capacity: Annotated[int, Field(ge=1, le=MOST_PEOPLE), INTEGRAL] | None = Field(
        None, description="定員 / Capacity"
    )
    opens_on: Annotated[date, DAY] | None = Field(None, description="受付の初日 / Opens")
    closes_on: Annotated[date, DAY] | None = Field(None, description="受付の最後の日 / Closes")
    note: Annotated[str, Text(4000, lines=True)] = Field("", description="案内 / Note")
    source: Annotated[str, Text(200)] = Field("", description="出典 / Source")


class NewEdition(EditionBody):
    """A new edition of the event named, in preparation."""

    event: Id = Field(description="イベントの公開 ID / Event's public id")


class FigureBody(Body):
    """What others counted; of each kind there is one."""

    kind: FigureKind = Field(description="種類 / Kind")
    value: Annotated[int, Field(ge=0, le=10**15), INTEGRAL] = Field(description="値 / Figure")
    approximate: bool = Field(False, description="約 / About")
    as_of: Annotated[str, Field(pattern="^([0-9]{4}-(0[1-9]|1[0-2]))?$")] = Field(
        "", description="推計した月 / Month of an estimate", examples=["2016-12"]
    )
    note: Annotated[str, Text(300)] = Field("", description="メモ / Note")
    source: Annotated[str, Text(200)] = Field("", description="出典 / Source")


class CountPart(Part):
    """A figure of an edition; the number is a text, so that it is not rounded."""

    kind: FigureKind
    value: str
    approximate: bool
    as_of: str
    note: str
    source: str


class EditionRecord(Record):
    """One edition."""

    id: str = Field(description="公開 ID / Public id")
    event: Named = Field(description="イベント / Event")
    kind: EventKind = Field(description="イベントの種類 / Kind of event")
    program: Named | None = Field(description="支援制度 / Support program")
    title: str
    title_en: str
    starts_on: str = Field(json_schema_extra={"format": "date"})
    ends_on: str = Field(json_schema_extra={"format": "date"})
    days_known: bool
    period: str
    place: Named | None
    venue: str
    is_online: bool
    capacity: int | None
    opens_on: str | None = Field(json_schema_extra={"format": "date"})
    closes_on: str | None = Field(json_schema_extra={"format": "date"})
    state: EditionState
    exhibitors: int = Field(description="出展者の数 / Exhibiting organizations")
    booths: int = Field(description="小間の数 / Booths")
    figures: list[CountPart] = Field(description="数値 / Figures")
    note: str
    illustrative: bool
    source: str = Field(description="出典 / Source")
    updated_at: Moment


class EditionQuery(SearchQuery):
    """Editions, narrowed."""

    kind: EventKind | None = Field(None, description="種類 / Kind", strict=False)
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    year: Annotated[int, whole(1950, 2150)] | None = Field(None, description="年 / Calendar year")
    open: Annotated[bool, FLAG] = Field(
        False, description="今日申し込めるものだけ / Only those that take registrations today"
    )


def show(row: Edition, viewer: Viewer) -> EditionRecord:
    """The edition; a program or place that the reader may not see is left out."""
    program, counts = program_shown(row.event, viewer), count_exhibitors(row)
    names = [name for name in KEPT if name not in DAYS]
    return EditionRecord(
        id=row.public_id,
        event=Named(id=row.event.public_id, name=row.event.title),
        kind=row.event.kind,
        program=Named(id=program.public_id, name=program.title) if program else None,
        place=Named(id=row.place.public_id, name=row.place.name) if row.place else None,
        state=row.state,
        exhibitors=counts.organizations,
        booths=counts.booths,
        figures=[_count(figure) for figure in figures_of(row)],
        illustrative=row.illustrative,
        updated_at=row.updated_at,
        **_days(row),
        **{name: getattr(row, name) for name in names},
    )


def _days(row: Edition) -> dict[str, Any]:
    return {name: day.isoformat() if (day := getattr(row, name)) else None for name in DAYS}


def _count(figure: Any) -> CountPart:
    names = ("kind", "approximate", "as_of", "note", "source")
    return CountPart(
        value=show_figure(Decimal(figure.value)), **{name: getattr(figure, name) for name in names}
    )


def find(query: EditionQuery, viewer: Viewer) -> Select[Edition]:
    """The list's statement: the coming ones first."""
    asked = EditionFilter(
        text=query.q,
        kind=query.kind,
        program=query.program or "",
        year=query.year,
        open=query.open,
    )
    statement = editions(asked, viewer, calendar.today())
    return changed_since(statement, Edition, query.modified_after)


def get(viewer: Viewer, edition_id: str) -> Edition:
    """One edition."""
    return get_edition(edition_id, viewer)


def create(body: NewEdition, viewer: Viewer) -> Edition:
    """A new edition, in preparation."""
    event = wanted(get_event, body.event, viewer, "event")
    values = {name: getattr(body, name) for name in EditionBody.model_fields}
    return create_edition(event, _words(values, viewer), viewer=viewer)


def change(row: Edition, body: Any, version: int | None, viewer: Viewer) -> None:
    """Correct what was sent."""
    now = {name: getattr(row, name) for name in KEPT}
    now["place"] = row.place.public_id if row.place else None
    words = _words({**now, **body.given()}, viewer)
    change_edition(row, words, version=version, viewer=viewer)


def count(row: Edition, body: FigureBody, viewer: Viewer) -> None:
    """Write down what others counted."""
    words = FigureWords(**{**body.model_dump(), "value": Decimal(body.value)})
    write_figure(row, words, viewer=viewer)


def _words(values: dict[str, Any], viewer: Viewer) -> EditionWords:
    place = values["place"]
    return EditionWords(
        **{name: values[name] for name in KEPT},
        place=wanted(get_place, place, viewer, "place") if place else None,
    )


edition_records = Resource(
    name="editions",
    path="/editions",
    key="edition_id",
    tag=Tag("events", "イベント / Events"),
    words="イベントの開催回 / editions of events",
    record=EditionRecord,
    show=show,
    get=get,
    read=Scope.EVENTS_READ,
    write=Scope.EVENTS_WRITE,
)
edition_records.lists(EditionQuery, find)
edition_records.gets()
edition_records.creates(NewEdition, create)
edition_records.changes(patch_of(EditionBody, "EditionPatch"), change)
edition_records.steps("count", FigureBody, count, "数値を記録する / Record a figure")
