"""What Alembic's comparison leaves out of a new migration: CHECKs, and old rows' values."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, MetaData, Table, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import conv


def checks_of(table: Table, connection: Connection) -> dict[str, str]:
    """Name → condition of a model's CHECKs, written as this database writes them."""
    found = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and check.name:
            compiled = str(
                check.sqltext.compile(
                    dialect=connection.dialect,
                    compile_kwargs={"literal_binds": True, "include_table": False},
                )
            )
            name = connection.dialect.identifier_preparer.format_constraint(check)
            found[str(name).strip('"')] = compiled
    return found


def changed_checks(
    metadata: MetaData, connection: Connection
) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """Per table: (name, condition in the database or None, condition of the model or None).

    Only SQLite keeps a CHECK's words as they were written; migrations are written there.
    """
    there = inspect(connection)
    tables = set(there.get_table_names())
    found: dict[str, list[tuple[str, str | None, str | None]]] = defaultdict(list)
    for table in metadata.sorted_tables:
        if table.name not in tables:
            continue
        old = {str(c["name"]): c["sqltext"] for c in there.get_check_constraints(table.name)}
        new = checks_of(table, connection)
        for name in sorted(old.keys() | new.keys()):
            before, after = old.get(name), new.get(name)
            if _plain(before) != _plain(after):
                found[table.name].append((name, before, after))
    return found


def complete(context: Any, _revision: Any, directives: list[Any]) -> None:
    """Alembic's `process_revision_directives`: adds changed CHECKs and values for old rows."""
    if not directives:
        return
    script = directives[0]
    metadata = context.opts["target_metadata"]
    for table, changes in changed_checks(metadata, context.connection).items():
        for name, before, after in changes:
            _add(script.upgrade_ops, table, name, before, after)
            _add(script.downgrade_ops, table, name, after, before)
    for container in (script.upgrade_ops, script.downgrade_ops):
        for operation in _all(container.ops):
            if isinstance(operation, ops.AddColumnOp):
                _give_old_rows_a_value(operation.column)
                _leave_its_check_to_us(operation.column)


def _plain(condition: str | None) -> str | None:
    return None if condition is None else " ".join(condition.split()).replace('"', "")


def _all(operations: Iterable[Any]) -> Iterable[Any]:
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps):
            yield from _all(operation.ops)
        else:
            yield operation


def _add(container: Any, table: str, name: str, old: str | None, new: str | None) -> None:
    """The steps that replace a CHECK, in one batch of its table: before other steps, since a
    dropped column's CHECK must go first; the new one last."""
    first: list[Any] = []
    last: list[Any] = []
    if old is not None:
        first.append(ops.DropConstraintOp(conv(name), table, type_="check"))
    if new is not None:
        last.append(ops.CreateCheckConstraintOp(conv(name), table, sa.text(new)))
    for step in container.ops:
        if isinstance(step, ops.ModifyTableOps) and step.table_name == table:
            step.ops[:0] = first
            step.ops.extend(last)
            return
    container.ops.append(ops.ModifyTableOps(table, [*first, *last]))


def _give_old_rows_a_value(column: Column[Any]) -> None:
    """A column that may not be empty needs a value for the rows that are there already."""
    if column.nullable or column.server_default is not None:
        return
    default = column.default
    scalar = default is not None and default.is_scalar
    value = getattr(default, "arg", None) if scalar else _empty(column)
    if value is not None:
        column.server_default = sa.DefaultClause(_literal(getattr(value, "value", value)))


def _leave_its_check_to_us(column: Column[Any]) -> None:
    """PostgreSQL makes a word's CHECK with its column, SQLite does not; `_add` makes it on both."""
    old = column.type
    if isinstance(old, sa.Enum):
        column.type = sa.Enum(*old.enums, name=old.name, native_enum=False, length=old.length)


def _empty(column: Column[Any]) -> Any:
    if isinstance(column.type, sa.JSON):
        return "{}" if "dict" in repr(getattr(column.default, "arg", None)) else "[]"
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    for kind, value in ((sa.Boolean, False), (sa.Integer, 0), (sa.Numeric, 0), (sa.String, "")):
        if isinstance(column.type, kind):
            return value
    return None


def _literal(value: Any) -> Any:
    if isinstance(value, bool):
        return sa.text("true" if value else "false")
    return str(value)
