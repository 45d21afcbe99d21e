"""A list as a file: the rows on screen in their order, as CSV or Excel, or whole as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.columns import Column, Kind
from registry.exchange.machine import export_json
from registry.formats.csv import unencodable_cells, write_csv
from registry.formats.guard import guard_cell
from registry.formats.table import Cell
from registry.formats.xlsx import Column as SheetColumn
from registry.formats.xlsx import Sheet, write_workbook

MIME = {
    "csv": "text/csv; charset=utf-8",
    "sjis": "text/csv; charset=Shift_JIS",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""The formats: CSV in UTF-8 with a mark, CSV in CP932, Excel, the lossless JSON."""


@dataclass(frozen=True)
class Exported:
    """A list as cells under their headers."""

    title: str
    columns: tuple[Column, ...]
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Lost:
    """A cell that CP932 cannot hold: its column, row (as in the file), text, and characters."""

    column: str
    row: int
    text: str
    characters: str


def export(kind: Kind, viewer: Viewer, asked: Mapping[str, str], *, locale: str = "ja") -> Exported:
    """The rows that the list of these filters shows the viewer, all of them, in its order.

    Headers are Japanese, in English the stable codes; both are read back by an import.
    """
    columns = tuple(c for c in kind.columns if viewer.is_staff or not c.staff_only)
    found = db.session.scalars(kind.rows(viewer, asked)).unique().all()
    rows = [
        tuple(_cell(column, values.get(column.key)) for column in columns)
        for values in kind.values(found, viewer)
    ]
    header = tuple(column.key if locale == "en" else column.title for column in columns)
    return Exported(kind.title(), columns, header, rows)


def _cell(column: Column, value: Any) -> Cell:
    written = column.writes(value) if column.writes else value
    if isinstance(written, (list, tuple)):
        return "、".join(map(str, written))
    return written


def to_file(
    kind: Kind, viewer: Viewer, asked: Mapping[str, str], form: str, *, locale: str = "ja"
) -> bytes:
    """The list in one of the formats. Raises FileProblem unencodable for CP932."""
    if form == "json":
        return export_json(kind, viewer, asked)
    table = export(kind, viewer, asked, locale=locale)
    if form == "xlsx":
        return to_xlsx(table)
    return write_csv(table.header, table.rows, encoding="cp932" if form == "sjis" else "utf-8-sig")


def to_xlsx(table: Exported) -> bytes:
    """The list as a workbook: numbers and days as such, codes and long numbers as text."""
    sheet = Sheet(
        name=table.title,
        columns=tuple(
            SheetColumn(title, column.cell)
            for title, column in zip(table.header, table.columns, strict=True)
        ),
        rows=table.rows,
    )
    return write_workbook([sheet], title=table.title)


def to_replaced_csv(table: Exported) -> bytes:
    """CP932 in which 〓 stands for each character that it cannot hold, as old printers did."""
    rows: list[Sequence[Cell]] = [
        [_replaced(cell) if isinstance(cell, str) else cell for cell in row]
        for row in (table.header, *table.rows)
    ]
    return write_csv([str(cell) for cell in rows[0]], rows[1:], encoding="cp932")


def _replaced(text: str) -> str:
    kept = []
    for mark in text:
        try:
            mark.encode("cp932")
        except UnicodeEncodeError:
            mark = "〓"
        kept.append(mark)
    return "".join(kept)


def lost_in_cp932(table: Exported) -> list[Lost]:
    """The cells that CP932 cannot hold, in order."""
    texts = [
        [guard_cell(cell) if isinstance(cell, str) else "" for cell in row]
        for row in (table.header, *table.rows)
    ]
    return [
        Lost(
            column=table.header[column],
            row=row + 1,
            text=texts[row][column][:60],
            characters="".join(dict.fromkeys(characters)),
        )
        for row, column, characters in unencodable_cells(texts)
    ]


def file_name(kind: Kind, form: str, day: str) -> str:
    """The name under which a browser stores it: organizations-2026-11-25.csv."""
    extension = "csv" if form == "sjis" else form
    return f"{kind.code}-{day}{'-sjis' if form == 'sjis' else ''}.{extension}"


def format_label(form: str) -> str:
    """What a format is called."""
    return {
        "csv": _("CSV（UTF-8）"),
        "sjis": _("CSV（Shift_JIS）"),
        "xlsx": _("Excel"),
        "json": _("JSON（完全な写し）"),
    }[form]
