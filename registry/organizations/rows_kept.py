"""Whole rows as JSON and back, by the types of their columns: what a merge keeps to be undone."""

import base64
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Table

Values = dict[str, Any]


def keep(values: Mapping[str, Any]) -> Values:
    """Values of a row as JSON can hold them."""
    return {name: _kept(value) for name, value in values.items()}


def bring_back(table: Table, kept: Mapping[str, Any]) -> Values:
    """The values again, each as its column wants it. Columns that are gone are left out."""
    return {name: _value(table.c[name], value) for name, value in kept.items() if name in table.c}


def _kept(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def _value(column: Column[Any], kept: Any) -> Any:
    if kept is None or isinstance(column.type, JSON):
        return kept
    wanted = getattr(column.type, "impl_instance", column.type).python_type
    if isinstance(kept, wanted) and not issubclass(wanted, Enum):
        return kept
    if issubclass(wanted, datetime):
        return datetime.fromisoformat(kept)
    if issubclass(wanted, date):
        return date.fromisoformat(kept)
    if issubclass(wanted, time):
        return time.fromisoformat(kept)
    if issubclass(wanted, bytes):
        return base64.b64decode(kept)
    return wanted(kept)
