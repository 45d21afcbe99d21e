"""The lossless transfer of a kind: every stored column as JSON, read back to the same records.

People's accounts do not travel: a reference to a user whom the target does not know is left out
and told. What is computed from other columns is computed anew.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, inspect, select

from registry.canonical import public_names
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.columns import Kind
from registry.exchange.stored_values import as_json
from registry.exchange.undoing import model_of

CHUNK = 5000
FORMAT, VERSION = "musubi-exchange", 1
LEFT_OUT = frozenset({"id", "version", "updated_at", "search_text", "search_head", "name_key"})
"""Columns that are the database's own, or computed."""


def export_json(kind: Kind, viewer: Viewer, asked: Mapping[str, str]) -> bytes:
    """The records that the viewer may see, with the rows that belong to them, in a stable order."""
    records = db.session.scalars(kind.rows(viewer, asked)).unique().all()
    main = type(records[0]).__table__ if records else None
    ids = [row.id for row in records]
    names = public_names()
    tables = {
        name: _rows(db.metadata.tables[name], main, ids, names) if main is not None else []
        for name in kind.tables
    }
    document = {"format": FORMAT, "version": VERSION, "kind": kind.code, "tables": tables}
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _rows(
    table: Table, main: Table, ids: Sequence[int], names: Mapping[tuple[str, Any], str]
) -> list[dict[str, Any]]:
    """The rows of a table that belong to these records: they themselves, those that point to them,
    or those that they point to."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        statement = select(table).where(_belongs(table, main, ids[start : start + CHUNK]))
        for row in db.session.execute(statement).mappings():
            told = _row(table, row, names)
            found[str(told.get("public_id") or json.dumps(told, sort_keys=True))] = told
    return [found[key] for key in sorted(found)]


def _belongs(table: Table, main: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    if table is main:
        return main.c.id.in_(ids)
    own = owner_of(table, main)
    if own is not None:
        return own.in_(ids)
    back = next(key for key in main.foreign_keys if key.column.table is table)
    return table.c.id.in_(select(back.parent).where(main.c.id.in_(ids)))


def owner_of(table: Table, main: Table) -> Column[Any] | None:
    """The column by which a row belongs to a record: organization_id of contacts."""
    keys = [key.parent for key in table.foreign_keys if key.column.table is main]
    return next((k for k in keys if main.name.startswith(k.name.removesuffix("_id"))), None)


def _row(
    table: Table, row: Mapping[Any, Any], names: Mapping[tuple[str, Any], str]
) -> dict[str, Any]:
    told = {}
    for column in columns_of(table):
        value = row[column.name]
        target = target_of(column)
        if target is not None and value is not None:
            value = names.get((target.name, value), value)
        told[column.name] = as_json(value)
    return told


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns that travel."""
    return [column for column in table.c if column.name not in LEFT_OUT]


def target_of(column: Column[Any]) -> Table | None:
    """The table a column points to, None for a plain one."""
    key = next(iter(column.foreign_keys), None)
    return key.column.table if key is not None else None


def refresh_derived(rows: Iterable[Any]) -> None:
    """Compute anew what is kept of records for searching."""
    from registry.listings import search as listings
    from registry.listings.models import Listing
    from registry.organizations.models import Organization
    from registry.organizations.service import refresh_search
    from registry.programs.models import Program
    from registry.programs.search import refresh

    for row in rows:
        if isinstance(row, Organization):
            refresh_search(row)
        elif isinstance(row, Listing):
            listings.refresh(row)
        elif isinstance(row, Program):
            refresh(row)


def attribute_of(table: str, column: str) -> str:
    """The attribute of a model that holds a column."""
    mapper = inspect(model_of(table))
    return str(mapper.get_property_by_column(db.metadata.tables[table].c[column]).key)
