"""Stored values as JSON and back, by their columns: exact, the same on both databases. Pure."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Enum as EnumType

from registry.db import UtcDateTime


def as_json(value: Any) -> Any:
    """A stored value as JSON holds it; figures with decimals as text, so that none is rounded."""
    match value:
        case Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case _:
            return value


def from_json(kind: Any, value: Any) -> Any:
    """The value that a column of that type holds. Raises ValueError, TypeError or KeyError for
    what it cannot hold."""
    if value is None:
        return None
    if isinstance(kind, EnumType) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime):
        return _of(datetime.fromisoformat, value)
    wanted = kind.python_type
    if wanted is date:
        return _of(date.fromisoformat, value)
    if wanted is time:
        return _of(time.fromisoformat, value)
    if wanted in (Decimal, float):
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise TypeError(f"no number: {value!r}")
        return Decimal(str(value)) if wanted is Decimal else float(value)
    if wanted in (dict, list):
        return value
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise TypeError(f"no {wanted.__name__}: {value!r}")
    return value


def _of(parse: Any, value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return parse(value)
