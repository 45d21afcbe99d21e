"""The table of encounters (相談・訪問・派遣)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters import service
from registry.encounters.models import Encounter, EncounterKind
from registry.encounters.queries import encounters
from registry.exchange import cells
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.filters import encounter_filter
from registry.exchange.kinds.organizations import first_word
from registry.exchange.references import (
    resolve_organizations,
    resolve_people,
    resolve_programs,
)
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict
from registry.matching import split_keywords
from registry.organizations.names import clean_line
from registry.organizations.profile import clean_text

KINDS = {
    EncounterKind.CONSULTATION: ("窓口相談", "相談", "来所", "窓口", "Consultation"),
    EncounterKind.VISIT: ("訪問", "企業訪問", "Visit"),
    EncounterKind.CALL: ("電話", "電話相談", "Call"),
    EncounterKind.MEETING: ("面談", "打合せ", "打ち合わせ", "Meeting"),
    EncounterKind.DISPATCH: ("派遣", "専門家派遣", "Dispatch"),
    EncounterKind.ONLINE: ("オンライン", "オンライン相談", "Web会議", "Online"),
    EncounterKind.MAIL: ("メール", "メール相談", "Mail"),
}


def names(text: str) -> list[str]:
    """Names between 、 ; commas and line ends; a comma within a Latin name stays."""
    return [clean_line(name) for name in split_keywords(text.replace("\n", "、")) if name.strip()]


def names_cell(rows: Any) -> str:
    """The names in one cell."""
    return "、".join(getattr(row, "name", str(row)) for row in rows or ())


def name_cell(row: Any) -> str:
    """The name of one record, empty for none."""
    if row is None or isinstance(row, str):
        return row or ""
    return str(getattr(row, "name", "") or getattr(row, "title", ""))


COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column("number", "番号", cells.whole(), ("受付番号", "No", "NO"), cell="integer"),
    Column(
        "held_on",
        "日付",
        cells.day,
        ("相談日", "訪問日", "年月日", "実施日", "派遣日", "受付日"),
        required=True,
        cell="date",
    ),
    Column(
        "starts_at",
        "時刻",
        cells.clock,
        ("開始時刻", "時間", "開始時間"),
        writes=lambda at: at.strftime("%H:%M") if at else "",
    ),
    Column(
        "kind",
        "種類",
        cells.choice(KINDS),
        ("種別", "区分", "相談方法", "方法"),
        required=True,
        writes=first_word(KINDS),
    ),
    Column(
        "organizations",
        "企業・団体",
        names,
        ("企業名", "会社名", "相手先", "訪問先", "相談者", "団体名", "事業者名"),
        writes=names_cell,
    ),
    Column(
        "subject",
        "用件",
        cells.at_most(200, clean_line),
        ("件名", "相談内容", "テーマ", "目的", "相談項目"),
        required=True,
    ),
    Column(
        "result",
        "内容と結果",
        cells.at_most(10_000, clean_text),
        ("内容", "結果", "対応内容", "概要", "記録", "対応"),
    ),
    Column(
        "hours",
        "かかった時間",
        cells.decimal("時間", "h", most=24),
        ("所要時間", "時間数", "対応時間"),
        cell="decimal",
    ),
    Column("desk", "窓口", cells.at_most(80, clean_line), ("相談窓口", "会場", "場所")),
    Column("next_step", "次の一手", cells.at_most(200, clean_line), ("今後の対応", "次回対応")),
    Column(
        "next_due", "期限の日", cells.day, ("次の一手の期限", "次回予定日", "対応期限"), cell="date"
    ),
    Column("program", "支援制度", clean_line, ("制度", "事業名", "事業"), writes=name_cell),
    Column(
        "coordinator",
        "担当",
        clean_line,
        ("担当者", "相談員", "コーディネーター", "対応者"),
        writes=name_cell,
    ),
)


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Put the rows to the encounters room's service."""
    return run_rows(batch, context, RULES)


def _prepare(batch: Batch, context: Context) -> None:
    resolve_organizations(batch, context.viewer, "organizations", several=True)
    resolve_programs(batch)
    resolve_people(batch)
    if batch.has("hours"):
        batch.values["hours"] = [
            value if value is None or isinstance(value, str) else _plain(value)
            for value in batch.values["hours"]
        ]


def _plain(value: Any) -> Any:
    try:
        return float(value)
    except TypeError:
        return value


def _find(batch: Batch, place: int, context: Context) -> Encounter | None:
    if public_id := batch.get("id", place):
        row = db.session.scalar(select(Encounter).where(Encounter.public_id == public_id))
        if row is not None:
            return row
    same = select(Encounter).where(
        Encounter.held_on == batch.get("held_on", place),
        Encounter.kind == batch.get("kind", place),
        Encounter.subject == batch.get("subject", place),
    )
    found = list(db.session.scalars(same.order_by(Encounter.id)))
    parties = batch.get("organizations", place)
    ids = {row.id for row in parties} if isinstance(parties, list) else set()
    at = batch.get("starts_at", place)
    return next(
        (
            row
            for row in found
            if {party.id for party in row.organizations} == ids and at in (None, row.starts_at)
        ),
        None,
    )


def stored(row: Encounter) -> dict[str, Any]:
    """What is stored of an encounter, by column."""
    return {
        "held_on": row.held_on,
        "starts_at": row.starts_at,
        "kind": row.kind,
        "organizations": list(row.organizations),
        "subject": row.subject,
        "result": row.result,
        "hours": float(row.hours) if row.hours is not None else None,
        "desk": row.desk,
        "next_step": row.next_step,
        "next_due": row.next_due,
        "program": row.program,
        "coordinator": row.coordinator,
    }


def _command(values: Mapping[str, Any], row: Encounter | None = None) -> Any:
    """The room's command; what a file has no column for stays as it is stored."""
    known = service.RecordEncounter.__dataclass_fields__
    kept = {
        name: getattr(row, name)
        for name in known
        if row is not None and name not in COLUMN_KEYS and hasattr(row, name)
    }
    texts = ("result", "desk", "next_step")
    given = {
        name: value
        for name, value in values.items()
        if name in known and (value is not None or name not in texts)
    }
    for name in ("organizations", "supporters", "topics"):
        if name in kept or name in given:
            source = given if name in given else kept
            source[name] = tuple(source[name] or ())
    return service.RecordEncounter(**{**kept, **given})


def _create(values: Mapping[str, Any], context: Context) -> Encounter:
    return service.record_encounter(_command(values), today=context.today, viewer=context.viewer)


def _change(
    row: Encounter, wanted: Mapping[str, Any], changed: Mapping[str, Any], context: Context
) -> None:
    command = _command(wanted, row)
    service.edit_encounter(row, command, version=None, today=context.today, viewer=context.viewer)


def _identity(batch: Batch, place: int) -> Any:
    if public_id := batch.get("id", place):
        return public_id
    parties = batch.get("organizations", place)
    ids = tuple(row.id for row in parties) if isinstance(parties, list) else ()
    keys = ("held_on", "starts_at", "kind", "subject")
    return (*(batch.get(key, place) for key in keys), ids)


COLUMN_KEYS = frozenset(column.key for column in COLUMNS)
RULES = Rules(
    find=_find,
    stored=stored,
    create=_create,
    change=_change,
    label=lambda batch, place: f"{batch.text('held_on', place)} {batch.text('subject', place)}",
    prepare=_prepare,
    fields={"organization_names": "organizations"},
    relations=("organizations",),
    empties={
        "starts_at": None,
        "hours": None,
        "next_due": None,
        "program": None,
        "coordinator": None,
        "organizations": [],
    },
    identity=_identity,
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The encounters on screen, newest first."""
    return encounters(encounter_filter(asked), viewer).options(
        selectinload(Encounter.organizations),
        selectinload(Encounter.program),
        selectinload(Encounter.coordinator),
    )


def values(found: Sequence[Encounter], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each; `rows` gives them to staff alone."""
    return [{"id": row.public_id, "number": row.number, **stored(row)} for row in found]


KIND = Kind(
    code="encounters",
    title=lambda: str(_l("相談・訪問")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("encounters", "encounter_parties", "encounter_supporters"),
    list_endpoint="encounters.index",
    page_endpoint="encounters.show",
    reads_permission="encounters.read",
)
