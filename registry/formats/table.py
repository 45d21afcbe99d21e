"""A table read from an uploaded file, whatever its format, and the limits it must keep."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from registry.common.problem import ValueProblem

Cell = str | int | float | Decimal | bool | date | datetime | None


class FileProblem(ValueProblem):
    """A file that cannot be read as a table; `values` say where. Lines count from 1."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read before it is refused."""

    # Bytes of the file as uploaded.
    size: int = 20_000_000
    # Bytes after unpacking a workbook.
    unpacked: int = 100_000_000
    # Files inside a workbook.
    entries: int = 2_000
    rows: int = 100_000
    columns: int = 500
    # Cells of the rectangle around all that a sheet holds.
    area: int = 10_000_000
    # Characters of one cell; Excel's own limit is 32,767.
    cell: int = 100_000


LIMITS = Limits()


@dataclass(frozen=True)
class TableRow:
    """One row with the line of the file (or the row of the sheet) it stands on."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and rows of text, with the encoding the file turned out to have."""

    source: Literal["csv", "xlsx"]
    encoding: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield line and cells by header; short rows end in empty cells, longer ones are cut."""
        for row in self.rows:
            padded = (*row.cells, *[""] * (len(self.header) - len(row.cells)))
            yield row.line, dict(zip(self.header, padded, strict=False))


def build_table(
    source: Literal["csv", "xlsx"],
    encoding: str,
    lines: Iterable[tuple[int, Sequence[str]]],
    limits: Limits,
) -> Table:
    """Return a table from numbered lines; the first that is not blank is the header.

    Blank lines are left out, header cells trimmed. Raises FileProblem: empty, too_many_rows,
    too_many_columns(line), cell_too_long(line).
    """
    header: tuple[str, ...] | None = None
    rows: list[TableRow] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > limits.columns:
            raise FileProblem("too_many_columns", line=line, limit=limits.columns)
        if any(len(cell) > limits.cell for cell in cells):
            raise FileProblem("cell_too_long", line=line, limit=limits.cell)
        if header is None:
            header = tuple(cell.strip() for cell in cells)
            continue
        rows.append(TableRow(line, tuple(cells)))
        if len(rows) > limits.rows:
            raise FileProblem("too_many_rows", limit=limits.rows)
    if header is None:
        raise FileProblem("empty")
    return Table(source, encoding, header, tuple(rows))


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse an empty file and one above the limit."""
    if not data:
        raise FileProblem("empty")
    if len(data) > limits.size:
        raise FileProblem("too_large", size=len(data), limit=limits.size)
