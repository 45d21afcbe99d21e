"""Rows put to a room's own services, one by one: what they refuse stands at its column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from registry.common.errors import DomainError
from registry.db import db
from registry.exchange.batch import CLEAR, Batch
from registry.exchange.columns import Context, Effect
from registry.exchange.stored_values import as_json
from registry.exchange.verdicts import CHANGED, DUPLICATE, ERROR, NEW, SKIPPED, UNCHANGED, Verdict

TECHNICAL = frozenset({"id", "public_id", "version", "created_at", "updated_at"})
STEP = 50
"""After so many rows the progress moves."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """How rows of a kind become records.

    `prepare` replaces names by the records they mean, for all rows at once. `find` gives the stored
    record of a row, None for a new one. `stored` gives a record's values by column; `create` and
    `change` go through the room's services. `fields` maps their field names to columns. `doubtful`
    gives records that a new row may be, as (id, name, reasons, verdict). `after` looks at all rows
    together once they are written, and gives (place, column, message) of those that cannot stand.
    """

    find: Callable[[Batch, int, Context], Any | None]
    stored: Callable[[Any], Values]
    create: Callable[[Values, Context], Any]
    change: Callable[[Any, Values, Values, Context], None]
    label: Callable[[Batch, int], str]
    prepare: Callable[[Batch, Context], None] = lambda _batch, _context: None
    fields: Mapping[str, str] = field(default_factory=dict)
    relations: tuple[str, ...] = ()
    empties: Mapping[str, Any] = field(default_factory=dict)
    # What two rows of one file must not share; None lets them.
    identity: Callable[[Batch, int], Any] = lambda _batch, _place: None
    doubtful: Callable[[Batch, int, Context], list[tuple[str, str, str, str]]] = (
        lambda _batch, _place, _context: []
    )
    after: Callable[[Batch, Sequence[int], Context], list[tuple[int, str, str]]] = (
        lambda _batch, _written, _context: []
    )


def run_rows(batch: Batch, context: Context, rules: Rules) -> list[Verdict]:
    """The verdict of each row; the rooms' services have been called for all rows that are sound.

    Whoever called rolls back for a dry run, and when a row is wrong.
    """
    rules.prepare(batch, context)
    _refuse_twins(batch, rules)
    verdicts = []
    for place in range(len(batch)):
        verdicts.append(_run_row(batch, place, context, rules))
        if place % STEP == 0:
            context.progress(place, len(batch))
    written = [p for p, found in enumerate(verdicts) if found.verdict in (NEW, CHANGED)]
    for place, column, message in rules.after(batch, written, context) if written else ():
        batch.refuse(place, column, message)
        verdicts[place] = _refused(batch, place, verdicts[place].label)
    context.progress(len(batch), len(batch))
    return verdicts


def _refuse_twins(batch: Batch, rules: Rules) -> None:
    first: dict[Any, int] = {}
    for place in range(len(batch)):
        if place in batch.problems:
            continue
        key = rules.identity(batch, place)
        if key is None:
            continue
        if key in first:
            line = batch.lines[first[key]]
            column = batch.kind.columns[0].key
            batch.refuse(
                place,
                column,
                _("%(line)s 行目と同じ記録です。どちらかを消してください。", line=line),
            )
        else:
            first[key] = place


def _run_row(batch: Batch, place: int, context: Context, rules: Rules) -> Verdict:
    line, label = batch.lines[place], rules.label(batch, place)
    if place in batch.problems:
        return _refused(batch, place, label)
    effects = len(context.effects)
    try:
        with db.session.begin_nested():
            return _act(batch, place, context, rules)
    except DomainError as refusal:
        column = rules.fields.get(refusal.field or "", refusal.field or "")
        known = {c.key for c in batch.kind.columns}
        batch.refuse(place, column if column in known else "", refusal.message)
    except IntegrityError:
        batch.refuse(place, "", _("ほかの記録と重なるので、登録できません。"))
    del context.effects[effects:]
    found = _refused(batch, place, label)
    found.line = line
    return found


def _refused(batch: Batch, place: int, label: str) -> Verdict:
    return Verdict(
        batch.lines[place],
        ERROR,
        label,
        problems=batch.problems[place],
        notes=batch.notes.get(place, []),
    )


def _act(batch: Batch, place: int, context: Context, rules: Rules) -> Verdict:
    line, label = batch.lines[place], rules.label(batch, place)
    notes = batch.notes.get(place, [])
    row = rules.find(batch, place, context)
    if row is None:
        candidates = rules.doubtful(batch, place, context)
        decision = context.decision(line) if candidates else "new"
        if decision == "skip":
            return Verdict(line, SKIPPED, label, notes=notes, candidates=candidates)
        if decision in {candidate[0] for candidate in candidates}:
            row = _record(rules, batch, decision)
        elif decision != "new":
            return Verdict(line, DUPLICATE, label, notes=notes, candidates=candidates)
    if row is None:
        given = {key: v for key, v in batch.row(place).items() if v is not CLEAR}
        made = rules.create(given, context)
        db.session.flush()
        context.effects.append(Effect(made.__tablename__, made.public_id, made.version))
        return Verdict(line, NEW, label, made.public_id, notes=notes)
    return _change(batch, place, row, context, rules)


def _record(rules: Rules, batch: Batch, public_id: str) -> Any:
    from registry.exchange.undoing import model_of

    model = model_of(batch.kind.tables[0])
    return db.session.query(model).filter_by(public_id=public_id).one_or_none()


def _change(batch: Batch, place: int, row: Any, context: Context, rules: Rules) -> Verdict:
    stored = rules.stored(row)
    wanted = dict(stored)
    told: list[tuple[str, str, str]] = []
    for key, value in batch.row(place).items():
        after = rules.empties.get(key, "") if value is CLEAR else value
        if key in stored and not _same(stored[key], after):
            wanted[key] = after
            told.append((key, words(batch, key, stored[key]), words(batch, key, after)))
    line, label = batch.lines[place], rules.label(batch, place)
    verdict = Verdict(line, UNCHANGED, label, row.public_id, notes=batch.notes.get(place, []))
    if not told:
        return verdict
    before = snapshot(row, rules.relations)
    rules.change(row, wanted, {key: wanted[key] for key, _was, _is in told}, context)
    db.session.flush()
    after = snapshot(row, rules.relations)
    was = {name: value for name, value in before.items() if after[name] != value}
    if was:
        context.effects.append(Effect(row.__tablename__, row.public_id, row.version, was))
        verdict.verdict, verdict.changes = CHANGED, told
    return verdict


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return list(one) == list(other)
    return bool(one == other)


def words(batch: Batch, key: str, value: Any) -> str:
    """A value as the file would say it."""
    writes = batch.kind.column(key).writes
    shown = writes(value) if writes else value
    if shown is None:
        return ""
    if isinstance(shown, (list, tuple)):
        return "、".join(str(entry) for entry in shown)
    return str(shown)


def snapshot(row: Any, relations: tuple[str, ...] = ()) -> dict[str, Any]:
    """The stored values of a record by attribute; related records by public id, those that are
    part of it by their own values."""
    mapper = inspect(type(row))
    found = {
        attr.key: getattr(row, attr.key)
        for attr in mapper.column_attrs
        if attr.key not in TECHNICAL
    }
    for name in relations:
        found[name] = [
            other.public_id if hasattr(other, "public_id") else part_of(other)
            for other in getattr(row, name)
        ]
    return found


def part_of(row: Any) -> dict[str, Any]:
    """The values of a row that is part of another and has no address: without its keys."""
    table = inspect(type(row))
    return {
        attr.key: as_json(getattr(row, attr.key))
        for attr in table.column_attrs
        if not attr.columns[0].foreign_keys and not attr.columns[0].primary_key
    }
