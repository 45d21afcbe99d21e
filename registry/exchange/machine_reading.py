"""Reading the lossless transfer back: new records, changed ones by column, or nothing at all."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, Table, delete, func, insert, select

from registry.audit.service import record_many
from registry.canonical import public_names
from registry.common.errors import DomainError
from registry.common.problem import ValueProblem
from registry.db import db, next_number
from registry.exchange.columns import Context, Effect, Kind
from registry.exchange.machine import (
    FORMAT,
    VERSION,
    attribute_of,
    columns_of,
    owner_of,
    refresh_derived,
    target_of,
)
from registry.exchange.sentences import file_sentence
from registry.exchange.stored_values import as_json, from_json
from registry.exchange.undoing import WORDS, model_of
from registry.exchange.verdicts import CHANGED, ERROR, NEW, UNCHANGED, Problem, Verdict

Rows = list[dict[str, Any]]


def is_machine(data: bytes) -> bool:
    """Whether a file looks like the lossless transfer."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_document(kind: Kind, data: bytes) -> dict[str, Rows]:
    """The rows by table. Raises DomainError for what is no export of this kind."""
    try:
        document = json.loads(data)
        fits = document["format"] == FORMAT and document["version"] == VERSION
        tables = document["tables"]
        fits = fits and document["kind"] == kind.code and set(tables) <= set(kind.tables)
        fits = fits and all(isinstance(row, dict) for rows in tables.values() for row in rows)
    except (ValueError, KeyError, TypeError) as broken:
        line = getattr(broken, "lineno", 1)
        raise DomainError(file_sentence(ValueProblem("not_json", line=line))) from broken
    if not fits:
        raise DomainError(file_sentence(ValueProblem("not_exchange")))
    return {name: tables.get(name, []) for name in kind.tables}


def run_machine(kind: Kind, data: bytes, context: Context) -> list[Verdict]:
    """Put the records back in the running transaction; a verdict for every row with an id.

    Whoever calls rolls back for a dry run, and when a row is wrong.
    """
    tables = read_document(kind, data)
    reader = _Reader(context)
    for name, rows in tables.items():
        table = db.metadata.tables[name]
        if "public_id" in table.c:
            reader.records(table, rows)
        else:
            reader.parts(table, rows, tables)
    reader.finish()
    return reader.verdicts


class _Reader:
    """One reading: the names of what is stored, what was found, and what is told."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ids = {(table, name): number for (table, number), name in public_names().items()}
        self.verdicts: list[Verdict] = []
        self.log: list[tuple[str, str, dict[str, tuple[object, object]]]] = []
        self.later: list[tuple[Any, str, str, str]] = []
        self.line = 0

    def records(self, table: Table, rows: Rows) -> None:
        """New and changed records of a table with public ids."""
        model = model_of(table.name)
        known = self._known(model, rows)
        made = []
        for row in rows:
            self.line += 1
            verdict = Verdict(self.line, UNCHANGED, _label(row), str(row.get("public_id", "")))
            self.verdicts.append(verdict)
            values = self._values(table, row, verdict)
            if verdict.verdict == ERROR:
                continue
            stored = known.get(verdict.public_id)
            if stored is None:
                made.append(self._make(model, values, verdict))
            else:
                self._change(stored, values, verdict)
        db.session.flush()
        for stored in made:
            self.ids[table.name, stored.public_id] = stored.id
        for stored, attribute, target, name in self.later:
            setattr(stored, attribute, self.ids.get((target, name)))
        self.later.clear()
        db.session.flush()
        refresh_derived(made)
        db.session.flush()
        for stored in made:
            self.context.effects.append(Effect(table.name, stored.public_id, stored.version))

    def _known(self, model: Any, rows: Rows) -> dict[str, Any]:
        wanted = [str(row.get("public_id", "")) for row in rows]
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), 5000):
            statement = select(model).where(model.public_id.in_(wanted[start : start + 5000]))
            found.update((row.public_id, row) for row in db.session.scalars(statement))
        return found

    def _values(self, table: Table, row: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
        """The stored values of a row by column; what is wrong stands in the verdict."""
        values: dict[str, Any] = {}
        known = {column.name: column for column in columns_of(table)}
        for name in sorted(row.keys() - known.keys()):
            self._refuse(verdict, name, row[name], _("この列は知りません。"))
        if not isinstance(row.get("public_id", ""), str):
            self._refuse(verdict, "public_id", row["public_id"], _("ID は文字で書きます。"))
        for name, column in known.items():
            if name not in row:
                continue
            value, target = row[name], target_of(column)
            if target is not None and value is not None:
                values[name] = self._reference(table, target, name, value, verdict)
                continue
            try:
                values[name] = from_json(column.type, value)
            except (ValueError, TypeError, KeyError):
                self._refuse(verdict, name, value, _("この列に入らない値です。"))
                continue
            longest = column.type.length if isinstance(column.type, String) else None
            if longest and value is not None and len(str(value)) > longest:
                self._refuse(verdict, name, value, _("この列には長すぎます。"))
            if value is None and not column.nullable:
                self._refuse(verdict, name, value, _("この列は空にできません。"))
        return values

    def _reference(
        self, table: Table, target: Table, name: str, value: Any, verdict: Verdict
    ) -> Any:
        found = self.ids.get((target.name, value))
        if found is not None or target is table:
            # Within one table the record may stand further down: it is set when all are made.
            return found if found is not None else (target.name, value)
        if target.name == "users":
            told = Problem(name, str(value)[:80], _("この利用者はいないので、空にします。"))
            verdict.notes.append(told)
            return None
        message = _("指している記録（%(table)s）がありません。先に取り込んでください。",
                    table=target.name)  # fmt: skip
        self._refuse(verdict, name, value, message)
        return None

    def _refuse(self, verdict: Verdict, column: str, value: Any, message: str) -> None:
        verdict.verdict = ERROR
        verdict.problems.append(Problem(column, str(value)[:80], message))

    def _make(self, model: Any, values: dict[str, Any], verdict: Verdict) -> Any:
        table = model.__table__
        given, later = {}, []
        for name, value in values.items():
            attribute = attribute_of(table.name, name)
            if isinstance(value, tuple):
                later.append((attribute, *value))
            else:
                given[attribute] = value
        self._fresh_number(model, given, verdict)
        row = model(**given)
        db.session.add(row)
        self.later += [(row, attribute, target, name) for attribute, target, name in later]
        verdict.verdict = NEW
        told = {name: (None, value) for name, value in given.items() if value not in (None, "")}
        self._tell(table.name, "created", verdict.public_id, told)
        return row

    def _fresh_number(self, model: Any, given: dict[str, Any], verdict: Verdict) -> None:
        """A running number that another record has already gives way to the next one."""
        number = given.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            return
        where = [model.kind == given["kind"]] if model.__tablename__ == "listings" else []
        taken = select(func.count()).where(model.number == number, *where)
        if db.session.scalar(taken):
            given["number"] = next_number(model.number, *where)
            message = _("番号が使われているので、%(number)s にします。", number=given["number"])
            verdict.notes.append(Problem("number", str(number), message))

    def _change(self, stored: Any, values: dict[str, Any], verdict: Verdict) -> None:
        was: dict[str, Any] = {}
        for name, value in values.items():
            attribute = attribute_of(stored.__tablename__, name)
            before = getattr(stored, attribute)
            if isinstance(value, tuple):
                value = self.ids.get(value)
            dropped = any(note.column == name for note in verdict.notes)
            if as_json(before) == as_json(value) or dropped or name == "number":
                continue
            was[attribute] = before
            verdict.changes.append((name, str(as_json(before) or ""), str(as_json(value) or "")))
            setattr(stored, attribute, value)
        if not was:
            return
        verdict.verdict = CHANGED
        refresh_derived([stored])
        db.session.flush()
        table = stored.__tablename__
        changes = {name: (before, getattr(stored, name)) for name, before in was.items()}
        self._tell(table, "changed", stored.public_id, changes)
        self.context.effects.append(Effect(table, stored.public_id, stored.version, was))

    def parts(self, table: Table, rows: Rows, tables: Mapping[str, Rows]) -> None:
        """Rows without an id of their own: the set that belongs to each record of the file."""
        main = next(
            db.metadata.tables[name]
            for name in tables
            if owner_of(table, db.metadata.tables[name]) is not None
        )
        owner = owner_of(table, main)
        assert owner is not None
        wanted: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for record in tables[main.name]:
            if number := self.ids.get((main.name, str(record.get("public_id")))):
                wanted[number] = []
        for row in rows:
            self.line += 1
            verdict = Verdict(self.line, UNCHANGED, table.name)
            values = self._values(table, row, verdict)
            number = values.get(owner.name)
            if verdict.verdict == ERROR or number not in wanted:
                self.verdicts.append(verdict)
                continue
            wanted[number].append(values)
        self._replace_parts(table, owner, wanted)

    def _replace_parts(self, table: Table, owner: Any, wanted: Mapping[int, Sequence[Any]]) -> None:
        stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
        names = [column.name for column in columns_of(table)]
        for row in db.session.execute(select(table)).mappings():
            stored[row[owner.name]].append({name: row[name] for name in names})
        for number, rows in wanted.items():
            if _sorted(rows) == _sorted(stored.get(number, [])):
                continue
            db.session.execute(delete(table).where(owner == number))
            if rows:
                db.session.execute(insert(table), list(rows))

    def _tell(self, table: str, verb: str, public_id: str, changes: dict[str, Any]) -> None:
        word = WORDS.get(table, table)
        told = {name: pair for name, pair in changes.items() if name != "updated_at"}
        self.log.append((f"{word}.{verb}", f"{word}:{public_id}", told))

    def finish(self) -> None:
        """Write the log."""
        if self.log and not self.context.dry:
            record_many(self.log, actor=self.context.viewer)


def _sorted(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(
        json.dumps({key: as_json(value) for key, value in row.items()}, sort_keys=True)
        for row in rows
    )


def _label(row: Mapping[str, Any]) -> str:
    for key in ("name", "title", "subject", "project", "period"):
        if row.get(key):
            return str(row[key])[:120]
    return str(row.get("public_id", ""))
