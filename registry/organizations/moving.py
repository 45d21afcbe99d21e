"""Everything that points to one row made to point to another, whichever table it stands in.

What points is read from the schema, so that tables of rooms above, and of days to come, are moved
as well. Each step is written down; `unmerging` goes back over them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Row,
    Table,
    UniqueConstraint,
    and_,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from registry.db import db
from registry.organizations.rows_kept import Values, keep

Step = dict[str, Any]
Key = dict[str, Any]
"""Primary key: column → value."""


def references_to(table: Table) -> list[Column[Any]]:
    """Every column of any table that points to this table's row number, in a fixed order."""
    return [
        column
        for other in sorted(db.metadata.tables.values(), key=lambda found: found.name)
        for column in other.c
        for key in column.foreign_keys
        if key.column.table is table and key.column.name == "id"
    ]


def is_derived(table: Table) -> bool:
    """Whether the table is made anew from others."""
    return bool(table.info.get("derived"))


def key_of(table: Table, row: Row[Any]) -> Key:
    """The primary key of a row."""
    return {column.name: row._mapping[column.name] for column in table.primary_key}


def at(table: Table, key: Key) -> ColumnElement[bool]:
    """The condition that chooses one row."""
    return and_(*(table.c[name] == value for name, value in key.items()))


class Mover:
    """Moves what points to a row, and keeps the steps in their order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def absorb(self, table: Table, merged: Key, survivor: Key) -> None:
        """Point all that points to the merged row to the survivor, then drop the merged row.

        A row that would stand twice is absorbed by the one that is there, in the same way.
        """
        if "id" in merged:
            for column in references_to(table):
                self._move_column(column, table, merged["id"], survivor["id"])
        self._drop(table, merged)

    def _move_column(self, column: Column[Any], parent: Table, merged: int, survivor: int) -> None:
        child = column.table
        assert isinstance(child, Table)
        if is_derived(child):
            db.session.execute(delete(child).where(column == merged))
            return
        order = [child.c[part.name] for part in child.primary_key]
        for row in db.session.execute(select(child).where(column == merged).order_by(*order)).all():
            key = key_of(child, row)
            if child is parent and key == {"id": merged}:
                continue
            if child is parent and key == {"id": survivor}:
                self._point(child, row, column, None)
            elif self._is_about_both(child, row, column, parent, survivor):
                self._drop(child, key)
            elif other := self._twin(child, row, column, survivor):
                self.absorb(child, key, other)
            else:
                self._point(child, row, column, survivor)

    def _is_about_both(
        self, child: Table, row: Row[Any], column: Column[Any], parent: Table, survivor: int
    ) -> bool:
        """Whether the row ties the two records together: there is nothing left to tie."""
        others = [other for other in references_to(parent) if other.table is child]
        return any(row._mapping[other.name] == survivor for other in others if other is not column)

    def _twin(self, child: Table, row: Row[Any], column: Column[Any], survivor: int) -> Key | None:
        """The row that stands where this one would come to stand, by any unique key."""
        for columns, condition in unique_keys(child):
            if column not in columns:
                continue
            values = {part.name: row._mapping[part.name] for part in columns} | {
                column.name: survivor
            }
            if None in values.values():
                continue
            statement = select(child).where(at(child, values))
            if condition is not None:
                own = select(child).where(at(child, key_of(child, row)), condition)
                if db.session.execute(own).first() is None:
                    continue
                statement = statement.where(condition)
            if found := db.session.execute(statement).first():
                return key_of(child, found)
        return None

    def _point(self, child: Table, row: Row[Any], column: Column[Any], target: int | None) -> None:
        key = key_of(child, row)
        # Quiet: neither the version nor the time of change of the moved row is touched.
        same = {part.name: row._mapping[part.name] for part in child.c if part.onupdate is not None}
        db.session.execute(
            update(child).where(at(child, key)).values({column.name: target, **same})
        )
        if column.name in key:
            key[column.name] = target
        self.steps.append(
            {
                "do": "point",
                "table": child.name,
                "key": keep(key),
                "name": row._mapping.get("public_id"),
                "column": column.name,
                "before": row._mapping[column.name],
                "after": target,
            }
        )

    def _drop(self, table: Table, key: Key) -> None:
        row = db.session.execute(select(table).where(at(table, key))).one()
        db.session.execute(delete(table).where(at(table, key)))
        self.steps.append({"do": "drop", "table": table.name, "row": keep(dict(row._mapping))})

    def add(self, table: Table, values: Values) -> None:
        """Write down a row that the merge itself made; undoing drops it."""
        self.steps.append({"do": "add", "table": table.name, "row": keep(values)})

    def fields(self, before: Values, after: Values) -> None:
        """Write down what the survivor's own values were and became."""
        self.steps.append({"do": "fields", "before": keep(before), "after": keep(after)})


def unique_keys(
    table: Table,
) -> Iterator[tuple[Sequence[Column[Any]], ColumnElement[bool] | None]]:
    """Columns that may not repeat: primary key, constraints, indexes (with their condition)."""
    yield list(table.primary_key.columns), None
    for constraint in sorted(table.constraints, key=lambda one: str(one.name)):
        if isinstance(constraint, UniqueConstraint):
            yield list(constraint.columns), None
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        if index.unique:
            yield list(index.columns), _condition(index)


def _condition(index: Index) -> ColumnElement[bool] | None:
    dialect = db.session.get_bind().dialect.name
    found: Any = index.dialect_options[dialect].get("where")
    return text(f"({found})") if found is not None else None  # type: ignore[return-value]
