"""The table of places (施設): facilities, and rooms, desks, labs, machines and land in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.folding import fold
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, next_number
from registry.exchange import cells, codes
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.kinds.encounter_columns import name_cell
from registry.exchange.kinds.organizations import first_word, place_cell
from registry.exchange.plain import Plain, text_of
from registry.exchange.references import resolve_organizations, resolve_programs
from registry.exchange.running import run_rows
from registry.exchange.verdicts import Verdict
from registry.organizations.names import clean_line
from registry.organizations.profile import clean_text
from registry.places.models import Place, PlaceKind, PlaceState, PlaceUse
from registry.places.queries import places, visible_to
from registry.places.reading import filter_of
from registry.places.service import refuse_overfull
from registry.places.sight import seen_of

KINDS = {
    PlaceKind.FACILITY: ("施設", "建物", "Facility"),
    PlaceKind.ROOM: ("部屋", "居室", "オフィス", "Room"),
    PlaceKind.DESK: ("机", "デスク", "ブース席", "Desk"),
    PlaceKind.LAB: ("ラボ", "実験室", "Lab"),
    PlaceKind.BOOTH: ("ブース", "Booth"),
    PlaceKind.MACHINE: ("機器", "装置", "Machine"),
    PlaceKind.HALL: ("ホール", "会議室", "Hall"),
    PlaceKind.LAND: ("土地", "用地", "Land"),
}
USES = {
    PlaceUse.TENANCY: ("入居", "Tenancy"),
    PlaceUse.BOOKING: ("予約利用", "利用", "時間貸し", "Booking"),
    PlaceUse.NONE: ("なし", "None"),
}
STATES = {
    PlaceState.OPEN: ("受付中", "開設", "Open"),
    PlaceState.CLOSED_TO_NEW: ("新規の受付は終了", "Closed to new"),
    PlaceState.CLOSED: ("閉鎖", "Closed"),
}
COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column("number", "番号", cells.whole(), ("No",), cell="integer"),
    Column(
        "name",
        "名称",
        cells.at_most(120, clean_line),
        ("施設名", "部屋名", "施設名称", "室名", "機器名"),
        required=True,
    ),
    Column("name_en", "英語の名称", cells.at_most(160, clean_line), ("英語名",)),
    Column(
        "kind",
        "種別",
        cells.choice(KINDS),
        ("区分", "種類"),
        required=True,
        writes=first_word(KINDS),
    ),
    Column("use", "使い方", cells.choice(USES), ("利用形態",), writes=first_word(USES)),
    Column("parent", "入っている施設", clean_line, ("親施設", "所在施設"), writes=name_cell),
    Column("program", "支援制度", clean_line, ("制度",), writes=name_cell),
    Column("organization", "持ち主", clean_line, ("所有者", "管理者", "運営者"), writes=name_cell),
    Column("municipality", "市区町村", codes.place, ("市区町村コード", "区"), writes=place_cell),
    Column("address", "所在地", cells.at_most(200, clean_line), ("住所",)),
    Column("floor", "階", cells.at_most(20, clean_line), ("フロア",)),
    Column(
        "area_m2",
        "広さ（㎡）",
        cells.decimal("m2", "㎡", "平米", most=10**8),
        ("面積", "広さ", "床面積", "面積(㎡)"),
        cell="decimal",
    ),
    Column(
        "capacity",
        "定員",
        cells.whole("人", "席", "室", "社"),
        ("収容数", "区画数"),
        cell="integer",
    ),
    Column("fee", "料金", cells.at_most(200, clean_line), ("利用料", "使用料")),
    Column(
        "monthly_yen",
        "月額（円）",
        cells.yen(),
        ("月額", "賃料", "月額賃料"),
        money=True,
        cell="integer",
    ),
    Column("open_from", "予約できる時間（始まり）", cells.whole("時", most=23), cell="integer"),
    Column("open_until", "予約できる時間（終わり）", cells.whole("時", most=24), cell="integer"),
    Column(
        "open_weekends",
        "土日も予約できる",
        cells.yes_no,
        writes=lambda value: "はい" if value else "いいえ",
    ),
    Column("state", "状態", cells.choice(STATES), writes=first_word(STATES)),
    Column("opened_on", "開設の日", cells.day, ("開設日", "供用開始日"), cell="date"),
    Column("closed_on", "閉鎖の日", cells.day, ("閉鎖日",), cell="date"),
    Column("description", "説明", cells.at_most(4000, clean_text), ("概要", "備考")),
    Column("source", "出典", cells.at_most(200, clean_line)),
)


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Make and correct places; a facility may stand before its rooms in the same file."""
    return run_rows(batch, context, PLAIN.rules())


def _prepare(batch: Batch, context: Context) -> None:
    resolve_organizations(batch, context.viewer, "organization")
    resolve_programs(batch)
    if batch.has("area_m2"):
        batch.values["area_m2"] = [
            float(value) if hasattr(value, "as_tuple") else value
            for value in batch.values["area_m2"]
        ]


def _named(name: str) -> list[Place]:
    return list(db.session.scalars(select(Place).where(Place.name == name).order_by(Place.id)))


def _ready(batch: Batch, place: int) -> None:
    """Put the facility in place of its name; it may stand further up in the same file."""
    parent = batch.get("parent", place)
    if isinstance(parent, str):
        found = [row for row in _named(parent) if row.parent_id is None] or _named(parent)
        if len(found) != 1:
            raise DomainError(
                _("「%(text)s」という施設が 1 つに決まりません。", text=parent), field="parent"
            )
        batch.values["parent"][place] = found[0]


def _finds(batch: Batch, place: int) -> Place | None:
    """By name within the facility it is in."""
    parent_id = getattr(batch.get("parent", place), "id", None)
    name = batch.get("name", place)
    same = [row for row in _named(name) if not batch.has("parent") or row.parent_id == parent_id]
    return same[0] if len(same) == 1 else None


def _complete(values: dict[str, Any], _context: Context) -> None:
    values["number"] = next_number(Place.number)
    if not values.get("use"):
        whole = values["kind"] is PlaceKind.FACILITY
        booked = values["kind"] in (PlaceKind.MACHINE, PlaceKind.HALL)
        values["use"] = PlaceUse.NONE if whole else PlaceUse.BOOKING if booked else PlaceUse.TENANCY


def _checks(values: Mapping[str, Any], _context: Context) -> None:
    opened, closed = values.get("opened_on"), values.get("closed_on")
    if opened and closed and closed < opened:
        raise DomainError(_("閉鎖の日が開設の日より前です。"), field="closed_on")
    if values.get("capacity") == 0:
        raise DomainError(_("定員は 1 以上にしてください。"), field="capacity")
    if getattr(values.get("parent"), "parent_id", None):
        raise DomainError(_("施設の中の区画に、さらに区画は作れません。"), field="parent")
    first, last = values.get("open_from"), values.get("open_until")
    if (9 if first is None else first) >= (17 if last is None else last):
        raise DomainError(_("終わりの時刻を、始まりより後にしてください。"), field="open_until")
    if values.get("area_m2") == 0:
        raise DomainError(_("広さは 0 より大きくしてください。"), field="area_m2")


def _saves(row: Place) -> None:
    """Nothing that is let or booked becomes impossible by a table."""
    if row.id is not None:
        refuse_overfull(row, calendar.today(), SYSTEM)


PLAIN = Plain(
    model=Place,
    word="place",
    columns=tuple(c.key for c in COLUMNS if c.key not in ("id", "number")),
    finds=_finds,
    label=lambda batch, place: batch.text("name", place),
    prepare=_prepare,
    defaults={"state": PlaceState.OPEN},
    checks=_checks,
    complete=_complete,
    saves=_saves,
    ready=_ready,
    identity=lambda batch, place: (
        fold(batch.text("parent", place)),
        fold(text_of(batch, "name", place)),
    ),
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The facilities on screen with the places in them, by number."""
    shown = places(filter_of(asked), viewer).order_by(None).with_only_columns(Place.id)
    found = select(shown.subquery().c.id)
    return visible_to(viewer).where(or_(Place.id.in_(found), Place.parent_id.in_(found)))


def values(found: Sequence[Place], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each; an owner whom the viewer may not see is left out."""
    owners = seen_of((row.organization_id for row in found if row.organization_id), viewer)
    return [
        {
            "id": row.public_id,
            **{c.key: getattr(row, c.key) for c in COLUMNS if c.key != "id"},
            "organization": row.organization if row.organization_id in owners else None,
        }
        for row in found
    ]


KIND = Kind(
    code="places",
    title=lambda: str(_l("施設・区画")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("places",),
    list_endpoint="places.index",
    page_endpoint="places.show",
    reads_permission="places.read",
)
