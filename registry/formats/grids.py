"""Any uploaded table as numbered lines of cells: what a file holds before its header is found."""

import io
from dataclasses import dataclass
from typing import Literal

from python_calamine import CalamineError, CalamineWorkbook

from registry.formats import csv, xlsx_reading
from registry.formats.table import LIMITS, FileProblem, Limits, check_size

_HTML = (b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version:", b"<meta", b"<body")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = b"xl/vbaProject.bin"

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Grid:
    """The lines of a file that hold something, each with its number; all cells are text.

    `sheets` are the worksheets of a workbook, `sheet` the one that was read. `delimiter` and
    `encoding` tell how a CSV was read.
    """

    source: Literal["csv", "xlsx"]
    encoding: str
    lines: list[Line]
    delimiter: str = ","
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_grid(data: bytes, *, sheet: str | None = None, limits: Limits = LIMITS) -> Grid:
    """Return the lines of a workbook (by its signature) or of a CSV file; blank ones are left out.

    Without `sheet` the first worksheet that holds something is read. Raises FileProblem: empty,
    html, password, old_excel, macros, and those of `read_csv` and `read_xlsx`.
    """
    check_size(data, limits)
    if data.startswith(_OLD_EXCEL):
        raise FileProblem("password" if _ENCRYPTED in data else "old_excel")
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_HTML):
        raise FileProblem("html")
    if data.startswith(xlsx_reading.ZIP_SIGNATURE):
        if _MACROS in data:
            raise FileProblem("macros")
        return _workbook(data, sheet, limits)
    return _csv(data, limits)


def _csv(data: bytes, limits: Limits) -> Grid:
    text, encoding = csv.readable_text(data)
    lines = _bounded(csv.lines_of(text), limits)
    return Grid("csv", encoding, lines, delimiter=csv.delimiter_of(text))


def _workbook(data: bytes, sheet: str | None, limits: Limits) -> Grid:
    archive = xlsx_reading.safe_archive(data, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(archive))
        names = tuple(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise FileProblem("no_sheet", name=sheet)
        for name in (sheet,) if sheet is not None else names:
            rows = book.get_sheet_by_name(name).iter_rows()
            lines = _bounded(xlsx_reading.lines_of(rows), limits)
            if lines or sheet is not None:
                return Grid("xlsx", "xlsx", lines, sheet=name, sheets=names)
    except CalamineError as broken:
        raise FileProblem("not_xlsx") from broken
    raise FileProblem("empty")


def _bounded(lines: object, limits: Limits) -> list[Line]:
    """The lines that hold something, within the limits. Raises FileProblem."""
    found: list[Line] = []
    for line, cells in lines:  # type: ignore[attr-defined]
        joined = "".join(cells)
        if not joined or joined.isspace():
            continue
        if len(cells) > limits.columns:
            raise FileProblem("too_many_columns", line=line, limit=limits.columns)
        if len(joined) > limits.cell and any(len(cell) > limits.cell for cell in cells):
            raise FileProblem("cell_too_long", line=line, limit=limits.cell)
        found.append((line, cells))
        if len(found) > limits.rows:
            raise FileProblem("too_many_rows", limit=limits.rows)
    if not found:
        raise FileProblem("empty")
    return found
