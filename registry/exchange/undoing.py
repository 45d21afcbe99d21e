"""Taking an import back: only while nothing later touched its records, and all of it or nothing."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Table, delete, inspect, literal, select

from registry.audit.service import as_text, record_many
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import Base, db
from registry.exchange.columns import Effect
from registry.exchange.stored_values import as_json, from_json
from registry.organizations.models import Organization

CHUNK = 5000
SHOWN = 10
WORDS = {"organizations": "organization", "contacts": "contact", "consents": "consent",
         "listings": "listing", "programs": "program", "enrolments": "enrolment",
         "encounters": "encounter", "events": "event", "editions": "edition",
         "places": "place", "readings": "reading"}  # fmt: skip
"""What a record of a table is called in the log."""


@dataclass(frozen=True)
class Touched:
    """A record that somebody changed, deleted or leaned on after the import."""

    table: str
    public_id: str
    why: str


def model_of(table: str) -> Any:
    """The mapped class of a table."""
    for mapper in Base.registry.mappers:
        if isinstance(mapper.local_table, Table) and mapper.local_table.name == table:
            return mapper.class_
    raise KeyError(table)


def pack_effects(effects: Iterable[Effect]) -> bytes:
    """Effects as stored with their import."""
    rows = [
        [
            effect.table,
            effect.public_id,
            effect.version,
            None if effect.was is None else {k: as_json(v) for k, v in effect.was.items()},
        ]
        for effect in effects
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1)


def unpack_effects(data: bytes | None) -> list[Effect]:
    """The effects that were packed."""
    rows = json.loads(zlib.decompress(data)) if data else []
    return [Effect(*row) for row in rows]


def undo(effects: Sequence[Effect], *, viewer: Viewer) -> None:
    """Delete what was made and put back what was changed, the last first.

    Raises DomainError that says which records were touched later; then nothing is changed.
    """
    touched = [*_changed_since(effects), *_leaned_on(effects)]
    if touched:
        raise DomainError(_refusal(touched))
    by_table: dict[str, list[str]] = defaultdict(list)
    tables: list[str] = []
    for effect in reversed(effects):
        if effect.was is not None:
            _put_back(effect, viewer)
            continue
        by_table[effect.table].append(effect.public_id)
        if effect.table not in tables:
            tables.append(effect.table)
    db.session.flush()
    for table in _children_first(tables):
        _delete(table, by_table[table], viewer)
    db.session.expire_all()


def _children_first(names: Sequence[str]) -> list[str]:
    order = [table.name for table in db.metadata.sorted_tables]
    return sorted(names, key=order.index, reverse=True)


def _changed_since(effects: Sequence[Effect]) -> list[Touched]:
    """Records that are gone or have another version than the import left."""
    wanted: dict[str, dict[str, int]] = defaultdict(dict)
    for effect in effects:
        wanted[effect.table][effect.public_id] = effect.version
    found = []
    for table, versions in wanted.items():
        columns = db.metadata.tables[table].c
        current: dict[str, int] = {}
        ids = list(versions)
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            statement = select(columns.public_id, columns.version)
            rows = db.session.execute(statement.where(columns.public_id.in_(chunk)))
            current.update((row.public_id, row.version) for row in rows)
        for public_id, version in versions.items():
            if current.get(public_id) != version:
                why = "changed" if public_id in current else "gone"
                found.append(Touched(table, public_id, why))
    return found


def _leaned_on(effects: Sequence[Effect]) -> list[Touched]:
    """Records that were made and to which others that were not made with them point."""
    made: dict[str, list[str]] = defaultdict(list)
    for effect in effects:
        if effect.was is None:
            made[effect.table].append(effect.public_id)
    found = []
    for table, ids in made.items():
        for start in range(0, len(ids), CHUNK):
            found += _pointed_at(table, ids[start : start + CHUNK], made)
    return found


def _pointed_at(table: str, ids: list[str], made: dict[str, list[str]]) -> list[Touched]:
    target = db.metadata.tables[table]
    own = {part.name for part in _parts(model_of(table))}
    found = []
    for other in db.metadata.sorted_tables:
        if other.info.get("derived") or other.name in own:
            continue
        for key in other.foreign_keys:
            if key.column.table is not target:
                continue
            others = other.alias()
            pointer = others.c[key.parent.name]
            own_id = others.c.public_id if other.name in made else literal("")
            statement = select(target.c.public_id, own_id).join(others, pointer == target.c.id)
            with_it = set(made.get(other.name, ()))
            found += [
                Touched(table, public_id, f"used:{other.name}")
                for public_id, pointing in db.session.execute(
                    statement.where(target.c.public_id.in_(ids)).distinct()
                )
                if pointing not in with_it
            ]
    return found


def _parts(model: Any) -> set[Table]:
    """Tables that only join a record to others, or hold what is part of it and has no address."""
    found: set[Table] = set()
    for relation in inspect(model).relationships:
        inner = relation.mapper.local_table
        if isinstance(relation.secondary, Table):
            found.add(relation.secondary)
        elif relation.cascade.delete_orphan and "public_id" not in inner.c:
            assert isinstance(inner, Table)
            found.add(inner)
    return found


def _refusal(touched: Sequence[Touched]) -> str:
    names = []
    for entry in touched[:SHOWN]:
        row = db.session.scalar(
            select(model_of(entry.table)).where(model_of(entry.table).public_id == entry.public_id)
        )
        name = next(
            (
                str(getattr(row, key))
                for key in ("name", "title", "subject", "project")
                if getattr(row, key, "")
            ),
            entry.public_id,
        )
        names.append(name)
    more = len(touched) - len(names)
    listed = _("、").join(dict.fromkeys(names))
    if more > 0:
        listed = _("%(names)s ほか %(more)s 件", names=listed, more=more)
    return _(
        "取り込んだあとに変更されたか、ほかの記録で使われているので、取り消せません：%(names)s。"
        "1 件ずつ直してください。",
        names=listed,
    )


def _put_back(effect: Effect, viewer: Viewer) -> None:
    model = model_of(effect.table)
    row = db.session.scalar(select(model).where(model.public_id == effect.public_id))
    mapper = inspect(model)
    changes: dict[str, tuple[object, object]] = {}
    for name, value in (effect.was or {}).items():
        before = getattr(row, name)
        if name in mapper.relationships:
            setattr(row, name, _related(mapper.relationships[name].mapper.class_, value))
            continue
        stored = from_json(mapper.columns[name].type, value)
        setattr(row, name, stored)
        changes[name] = (as_text(before), as_text(stored))
    if isinstance(row, Organization):
        from registry.organizations.service import refresh_search

        refresh_search(row)
    db.session.flush()
    word = WORDS.get(effect.table, effect.table)
    record_many([(f"{word}.changed", f"{word}:{effect.public_id}", changes)], actor=viewer)


def _related(model: Any, stored: Sequence[Any]) -> list[Any]:
    """The records of those public ids, or parts made anew from their values."""
    if any(isinstance(entry, dict) for entry in stored):
        columns = inspect(model).columns
        return [
            model(**{key: from_json(columns[key].type, value) for key, value in entry.items()})
            for entry in stored
        ]
    if "public_id" not in inspect(model).columns:
        return []
    return list(db.session.scalars(select(model).where(model.public_id.in_(stored))))


def _delete(table: str, ids: list[str], viewer: Viewer) -> None:
    """Delete records with what is derived from them and what only joins them to others."""
    target = db.metadata.tables[table]
    joins = _parts(model_of(table))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        numbers = select(target.c.id).where(target.c.public_id.in_(chunk)).scalar_subquery()
        for other in reversed(db.metadata.sorted_tables):
            if other.info.get("derived") or other in joins:
                for key in other.foreign_keys:
                    if key.column.table is target:
                        db.session.execute(delete(other).where(key.parent.in_(numbers)))
        db.session.execute(delete(target).where(target.c.public_id.in_(chunk)))
    if table != "organizations":
        word = WORDS.get(table, table)
        record_many([(f"{word}.deleted", f"{word}:{one}", {}) for one in ids], actor=viewer)
