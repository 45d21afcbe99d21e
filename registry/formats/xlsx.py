"""Excel workbooks written: typed cells, totals, native charts, same bytes for same input."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from registry.common.calendar import to_tokyo
from registry.formats.palette import SERIES
from registry.formats.table import Cell

Kind = Literal["text", "number", "integer", "decimal", "percent", "yen", "date", "datetime"]

_NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    # Whole or not, as it is: 41, 11.3.
    "number": "General",
    "integer": "#,##0",
    "decimal": "#,##0.0##",
    "percent": "0.0%",
    "yen": "¥#,##0",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_FONT = "Yu Gothic"
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 32_767
# Any fixed moment will do; a workbook that says when it was made differs each time.
_EPOCH = datetime(2000, 1, 1)
_CHART_ROWS = 18


@dataclass(frozen=True)
class Column:
    """One column: its heading, what its cells are, its width in characters (measured if None)."""

    title: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Chart:
    """A native chart over a sheet's rows, without the totals. Columns are counted from 0."""

    kind: Literal["column", "bar", "line"]
    title: str
    categories: int
    series: tuple[int, ...]
    description: str = ""
    x_title: str = ""
    y_title: str = ""
    # Colours of the series in order; the office's palette by default.
    colors: tuple[str, ...] = SERIES


@dataclass(frozen=True)
class Sheet:
    """One worksheet: notes, a heading row, rows, a row of totals, charts below."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Cell] | None = None
    charts: tuple[Chart, ...] = ()
    # Lines above the table: title, period, how it was counted.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Styles:
    note: Format
    heading: Format
    body: dict[Kind, Format]
    total: dict[Kind, Format]


def write_workbook(
    sheets: Sequence[Sheet],
    *,
    title: str = "",
    author: str = "",
    created: datetime | None = None,
) -> bytes:
    """Return an .xlsx file. Text is never a formula or a link; None is an empty cell.

    Sheet names are cut to Excel's 31 characters and made unique. Times with a zone are written
    on Tokyo's clock, `created` as given.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    moment = to_tokyo(created).replace(tzinfo=None) if created else _EPOCH
    book.set_properties({"title": title, "author": author, "created": moment})
    book.formats[0].set_font_name(_FONT)
    styles = _styles(book)
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book, book.add_worksheet(sheet_name(sheet.name, taken)), sheet, styles)
    book.close()
    return buffer.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and no sheet has yet, and put it among the taken."""
    plain = _FORBIDDEN_IN_NAMES.sub("・", wanted).strip("' ")[:31] or "Sheet"
    name, count = plain, 1
    while name.lower() in taken or name.lower() == "history":
        count += 1
        name = f"{plain[: 31 - len(f' {count}')]} {count}"
    taken.add(name.lower())
    return name


def _styles(book: Workbook) -> _Styles:
    font = {"font_name": _FONT, "valign": "top"}
    total = {**font, "bold": True, "top": 1}
    numbers = _NUMBER_FORMATS.items()
    return _Styles(
        note=book.add_format(font),
        heading=book.add_format(
            {**font, "bold": True, "bottom": 1, "bg_color": "#E8F1FE", "text_wrap": True}
        ),
        body={kind: book.add_format({**font, "num_format": number}) for kind, number in numbers},
        total={kind: book.add_format({**total, "num_format": number}) for kind, number in numbers},
    )


def _write_sheet(book: Workbook, page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    for row, note in enumerate(sheet.notes):
        page.write_string(row, 0, _safe_text(note), styles.note)
    heading = len(sheet.notes) + bool(sheet.notes)
    for number, column in enumerate(sheet.columns):
        page.write_string(heading, number, column.title, styles.heading)
        page.set_column(number, number, column.width or _width(sheet, number))
    page.freeze_panes(heading + 1, 0)
    first = heading + 1
    for row, cells in enumerate(sheet.rows, start=first):
        _write_row(page, row, sheet.columns, cells, styles.body)
    below = first + len(sheet.rows)
    if sheet.totals is not None:
        _write_row(page, below, sheet.columns, sheet.totals, styles.total)
    if sheet.rows:
        page.autofilter(heading, 0, below - 1, len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(heading)
    for number, chart in enumerate(sheet.charts if sheet.rows else ()):
        row = below + 2 + number * _CHART_ROWS
        _insert_chart(book, page, chart, sheet, place=(row, first, below - 1))


def _write_row(
    page: Worksheet,
    row: int,
    columns: Sequence[Column],
    cells: Sequence[Cell],
    styles: dict[Kind, Format],
) -> None:
    for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        style = styles[column.kind]
        match cell:
            case None:
                page.write_blank(row, number, None, style)
            case bool():
                page.write_number(row, number, int(cell), style)
            case int() | float() | Decimal() if column.kind == "text":
                page.write_string(row, number, str(cell), style)
            case int() | float() | Decimal():
                page.write_number(row, number, float(cell), style)
            case datetime():
                local = to_tokyo(cell) if cell.tzinfo else cell
                page.write_datetime(row, number, local.replace(tzinfo=None), style)
            case date():
                page.write_datetime(row, number, cell, style)
            case str():
                # Words in a column of numbers ("目標なし") stay words.
                page.write_string(row, number, _safe_text(cell), style)


def _safe_text(text: str) -> str:
    """Return what Excel can hold: no control characters, 32,767 characters at most."""
    return _CONTROL.sub("", text)[:_LONGEST_CELL]


def _width(sheet: Sheet, number: int) -> float:
    """Return a width that shows most cells, between 8 and 60; a Japanese character counts two."""
    texts = [sheet.columns[number].title]
    texts += [str(row[number]) for row in sheet.rows[:200] if row[number] is not None]
    longest = max(sum(2 if ord(mark) > 0x2000 else 1 for mark in text) for text in texts)
    return float(min(60, max(8, longest + 2)))


def _insert_chart(
    book: Workbook, page: Worksheet, chart: Chart, sheet: Sheet, *, place: tuple[int, int, int]
) -> None:
    row, first, last = place
    drawing = book.add_chart({"type": chart.kind})
    font = {"name": _FONT, "size": 10}
    for number, column in enumerate(chart.series):
        color = chart.colors[number % len(chart.colors)]
        drawing.add_series(
            {
                "name": [page.get_name(), first - 1, column],
                "categories": [page.get_name(), first, chart.categories, last, chart.categories],
                "values": [page.get_name(), first, column, last, column],
                "fill": {"color": color},
                "border": {"color": color},
                "line": {"color": color, "width": 2.25},
                "marker": {"type": "automatic"} if chart.kind == "line" else {},
            }
        )
    drawing.set_title({"name": chart.title, "name_font": {**font, "size": 12}, "overlay": False})
    drawing.set_x_axis({"name": chart.x_title, "num_font": font, "name_font": font})
    drawing.set_y_axis({"name": chart.y_title, "num_font": font, "name_font": font})
    drawing.set_legend({"position": "bottom", "font": font, "none": len(chart.series) < 2})
    drawing.set_size({"width": 720, "height": 320})
    alt = chart.description or chart.title
    page.insert_chart(row, 0, drawing, {"description": alt, "object_position": 2})
