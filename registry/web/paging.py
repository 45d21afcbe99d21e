"""Lists in pages, honest at 100,000 rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select

from registry.db import db
from registry.web.addresses import this_page

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list. `number` counts from 1; `first` and `last` are positions, 0 when empty."""

    items: list[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0

    def url(self, number: int) -> str:
        """Address of another page of the same list, with its filters."""
        return this_page(page=number)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.items)


def paginate(statement: Select[Row], *, size: int = 50) -> Page[Row]:
    """The page that the request asks for by `?page=`; a page beyond the end is the last one."""
    total, number, window = _window(statement, size)
    return Page(list(db.session.scalars(window).unique()), number, size, total)


def paginate_rows(statement: Any, *, size: int = 50) -> Page[Any]:
    """The same for a statement of several columns: its items are rows."""
    total, number, window = _window(statement, size)
    return Page(list(db.session.execute(window).unique()), number, size, total)


def paginate_list(rows: list[Row], *, size: int = 50) -> Page[Row]:
    """The same for rows that are at hand."""
    last = max(1, -(-len(rows) // size))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))


def _window(statement: Any, size: int) -> tuple[int, int, Any]:
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    last = max(1, -(-total // size))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    return total, number, statement.limit(size).offset((number - 1) * size)
