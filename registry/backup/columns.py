"""Values of rows as JSON and back: the same file for SQLite and PostgreSQL, nothing lost."""

import base64
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.sql.expression import TableClause

from registry.db import UtcDateTime

KINDS: dict[str, Any] = {
    "text": sa.String(),
    "bool": sa.Boolean(),
    "integer": sa.BigInteger(),
    "float": sa.Float(),
    "decimal": sa.Numeric(),
    "json": sa.JSON(),
    # An empty cell stays empty and does not become the JSON word null.
    "json_or_nothing": sa.JSON(none_as_null=True),
    "bytes": sa.LargeBinary(),
    "date": sa.Date(),
    "time": sa.Time(),
    "moment": UtcDateTime(),
}
"""The kinds of columns that a backup knows, with the type by which they are read and written."""


def kinds_of(table: Table) -> dict[str, str]:
    """Column name → kind, in the table's order."""
    return {column.name: _kind(column) for column in table.columns}


def plain_table(name: str, kinds: dict[str, str]) -> TableClause:
    """A table to read and write by, which knows no enumerations and no defaults."""
    return sa.table(name, *(sa.column(column, KINDS[kind]) for column, kind in kinds.items()))


def pack(kind: str, value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None:
        return None
    match kind:
        case "bytes":
            return base64.b64encode(value).decode("ascii")
        case "date" | "time" | "moment":
            return value.isoformat()
        case "decimal":
            return str(value)
        case _:
            return value


def unpack(kind: str, value: Any) -> Any:
    """The value again. Raises ValueError when it cannot be one of that kind."""
    if value is None:
        return None
    match kind:
        case "bytes":
            return base64.b64decode(value, validate=True)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case "moment":
            return datetime.fromisoformat(value)
        case "decimal":
            return Decimal(value)
        case _:
            return value


def _kind(column: sa.Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return "json_or_nothing" if column.nullable else "json"
    if isinstance(kind, sa.Float) or (isinstance(kind, sa.Numeric) and not kind.asdecimal):
        return "float"
    for known, name in (
        (UtcDateTime, "moment"),
        (sa.Boolean, "bool"),
        (sa.Numeric, "decimal"),
        (sa.Integer, "integer"),
        (sa.LargeBinary, "bytes"),
        (sa.Date, "date"),
        (sa.Time, "time"),
        (sa.String, "text"),
    ):
        if isinstance(kind, known):
            return name
    raise TypeError(f"a backup cannot hold the column {column}: {kind!r}")
