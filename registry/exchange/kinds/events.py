"""The table of events (イベント): one row an edition, in the headers of the municipal standard set."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db, new_public_id
from registry.events.models import Edition, EditionState, Event, EventKind
from registry.events.queries import editions
from registry.exchange import cells
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Effect, Kind
from registry.exchange.filters import edition_filter
from registry.exchange.kinds.encounter_columns import name_cell
from registry.exchange.kinds.organizations import first_word, yes_cell
from registry.exchange.plain import Plain, text_of
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict
from registry.organizations.names import clean_line
from registry.organizations.profile import clean_text

KINDS = {
    EventKind.EXHIBITION: ("展示会", "見本市", "Exhibition"),
    EventKind.MEETING_DAY: ("商談会", "交流会", "Meeting day"),
    EventKind.SEMINAR: ("セミナー", "講演会", "講座", "Seminar"),
    EventKind.COURSE: ("連続講座", "研修", "Course"),
    EventKind.SALON: ("サロン", "Salon"),
    EventKind.FORUM: ("フォーラム", "シンポジウム", "Forum"),
    EventKind.COMPETITION: ("コンペ", "コンテスト", "Competition"),
    EventKind.FESTIVAL: ("催事", "祭り", "フェスティバル", "Festival"),
}
STATES = {
    EditionState.PLANNED: ("準備中", "Planned"),
    EditionState.OPEN: ("申込受付中", "受付中", "Open"),
    EditionState.CLOSED: ("申込締切", "受付終了", "Closed"),
    EditionState.HELD: ("開催済み", "終了", "Held"),
    EditionState.CANCELLED: ("中止", "Cancelled"),
}
TOLD = (EditionState.OPEN, EditionState.CLOSED, EditionState.HELD)
COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID", "NO")),
    Column(
        "event",
        "イベント名",
        cells.at_most(160, clean_line),
        ("名称", "催事名", "行事名"),
        required=True,
        writes=name_cell,
    ),
    Column("title", "回の名前", cells.at_most(160, clean_line), ("開催回", "回")),
    Column("title_en", "イベント名_英語", cells.at_most(200, clean_line), ("英語名",)),
    Column(
        "kind",
        "イベント種類",
        cells.choice(KINDS),
        ("種別", "カテゴリー", "種類"),
        writes=first_word(KINDS),
    ),
    Column(
        "starts_on",
        "開始日",
        cells.day,
        ("開催日", "開始年月日", "日付"),
        required=True,
        cell="date",
    ),
    Column("ends_on", "終了日", cells.day, ("終了年月日",), cell="date"),
    Column("venue", "場所名称", cells.at_most(120, clean_line), ("会場", "開催場所", "場所")),
    Column("is_online", "Web開催", cells.yes_no, ("オンライン",), writes=yes_cell),
    Column("capacity", "定員", cells.whole("人", "名"), cell="integer"),
    Column("opens_on", "申込開始日", cells.day, ("参加申込開始日", "受付開始日"), cell="date"),
    Column(
        "closes_on",
        "参加申込終了日",
        cells.day,
        ("申込期限", "申込締切日", "受付終了日"),
        cell="date",
    ),
    Column("state", "状態", cells.choice(STATES), writes=first_word(STATES)),
    Column("note", "備考", cells.at_most(4000, clean_text), ("説明", "概要")),
    Column("source", "出典", cells.at_most(200, clean_line)),
)


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Make and correct editions; an event of a new name is made with its first edition."""
    return run_rows(batch, context, _rules(context))


def _event(title: str) -> Event | None:
    found = list(db.session.scalars(select(Event).where(Event.title == title).order_by(Event.id)))
    return found[0] if found else None


def _finds(batch: Batch, place: int) -> Edition | None:
    event = _event(text_of(batch, "event", place))
    if event is None:
        return None
    same = select(Edition).where(
        Edition.event_id == event.id, Edition.starts_on == batch.get("starts_on", place)
    )
    if title := text_of(batch, "title", place):
        same = same.where(Edition.title == title)
    found = list(db.session.scalars(same.order_by(Edition.id)))
    return found[0] if len(found) == 1 else None


def _complete(values: dict[str, Any], context: Context) -> None:
    title, kind = values.pop("event"), values.pop("kind", None)
    event = _event(title)
    if event is None:
        event = Event(key=f"e-{new_public_id()[:13]}", title=title, kind=kind or EventKind.SEMINAR)
        db.session.add(event)
        db.session.flush()
        context.effects.append(Effect("events", event.public_id, event.version))
    values["event"] = event
    values.setdefault("title", title)
    values.setdefault("ends_on", values["starts_on"])
    past = values["ends_on"] < context.today
    values.setdefault("state", EditionState.HELD if past else EditionState.PLANNED)
    values["announced"] = values["state"] in TOLD


def _checks(values: Mapping[str, Any], _context: Context) -> None:
    if values.get("ends_on") and values["ends_on"] < values["starts_on"]:
        raise DomainError(_("終了日が開始日より前です。"), field="ends_on")
    if (
        values.get("opens_on")
        and values.get("closes_on")
        and (values["closes_on"] < values["opens_on"])
    ):
        raise DomainError(_("申込の終わりが始まりより前です。"), field="closes_on")


def _stored(row: Edition) -> dict[str, Any]:
    keys = [c.key for c in COLUMNS if c.key not in ("id", "event", "kind")]
    return {
        **{key: getattr(row, key) for key in keys},
        "event": row.event.title,
        "kind": row.event.kind,
    }


def _rules(_context: Context) -> Rules:
    plain = PLAIN.rules()

    def change(row: Edition, wanted: Any, changed: Any, context: Context) -> None:
        for key in ("event", "kind"):
            if key in changed:
                raise DomainError(
                    _("イベントの名前と種類は、イベントの画面で変えてください。"), field=key
                )
        plain.change(row, wanted, changed, context)

    return Rules(
        find=plain.find,
        stored=_stored,
        create=plain.create,
        change=change,
        label=plain.label,
        empties=plain.empties,
        identity=plain.identity,
    )


PLAIN = Plain(
    model=Edition,
    word="edition",
    columns=tuple(c.key for c in COLUMNS if c.key != "id"),
    finds=_finds,
    label=lambda batch, place: batch.text("event", place),
    checks=_checks,
    complete=_complete,
    identity=lambda batch, place: (
        text_of(batch, "event", place),
        batch.get("starts_on", place),
        text_of(batch, "title", place),
    ),
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The editions on screen: those that the viewer may see, narrowed and ordered as the list."""
    return editions(edition_filter(asked), viewer, calendar.today())


def values(found: Sequence[Edition], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each."""
    return [{"id": row.public_id, **_stored(row)} for row in found]


KIND = Kind(
    code="events",
    title=lambda: str(_l("イベント")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("events", "editions", "edition_figures"),
    list_endpoint="events.index",
    page_endpoint="events.edition",
    reads_permission="events.read",
)
