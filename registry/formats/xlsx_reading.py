"""Excel workbooks read as tables of text, behind guards against bombs."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from registry.formats.csv import plain_number
from registry.formats.table import LIMITS, FileProblem, Limits, Table, build_table, check_size

ZIP_SIGNATURE = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Sheets of repeated cells pack 50:1; bombs a thousand.
_MAX_RATIO = 200
_RATIO_FROM = 1_000_000
_CELL_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


def read_xlsx(data: bytes, *, sheet: str | None = None, limits: Limits = LIMITS) -> Table:
    """Return one sheet as text, the first by default; whole numbers without a decimal point.

    Days read 2026-11-25, times 09:30, so that every cell looks like its CSV twin; `line` is the
    row of the sheet. Raises FileProblem: empty, too_large, old_excel (also for a file with a
    password), not_xlsx, too_many_entries, too_large_unpacked, no_sheet(name), and those of
    `build_table`.
    """
    check_size(data, limits)
    archive = safe_archive(data, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(archive))
        names = workbook.sheet_names
        name = names[0] if sheet is None and names else sheet
        if name is None or name not in names:
            raise FileProblem("no_sheet", name=name or "")
        page = workbook.get_sheet_by_name(name)
        return build_table("xlsx", "xlsx", lines_of(page.iter_rows()), limits)
    except CalamineError as broken:
        raise FileProblem("not_xlsx") from broken


def safe_archive(data: bytes, limits: Limits) -> bytes:
    """Return the workbook's XML parts in a new, unpacked archive whose sizes are true.

    The reader then sees nothing that was not measured here. Raises FileProblem: old_excel,
    not_xlsx, too_many_entries, too_large_unpacked.
    """
    if data.startswith(_OLD_EXCEL):
        raise FileProblem("old_excel")
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copy, "w") as safe:
            for entry in _measured(archive.infolist(), limits):
                part = archive.read(entry)
                if entry.filename.startswith("xl/worksheets/"):
                    _check_extent(part, limits)
                safe.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError) as bad:
        if isinstance(bad, FileProblem):
            raise
        raise FileProblem("not_xlsx") from None
    return copy.getvalue()


def _measured(entries: list[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    """Return the XML parts, after their number, sizes and density were found bearable."""
    if len(entries) > limits.entries:
        raise FileProblem("too_many_entries", limit=limits.entries)
    by_name = {entry.filename: entry for entry in entries}
    if "xl/workbook.xml" not in by_name:
        raise FileProblem("not_xlsx")
    parts = [entry for name, entry in by_name.items() if name.endswith((".xml", ".rels"))]
    too_dense = any(
        entry.file_size > _RATIO_FROM and entry.file_size > entry.compress_size * _MAX_RATIO
        for entry in parts
    )
    if too_dense or sum(entry.file_size for entry in parts) > limits.unpacked:
        raise FileProblem("too_large_unpacked", limit=limits.unpacked)
    return parts


def _check_extent(part: bytes, limits: Limits) -> None:
    """Refuse a sheet whose far corner would make the reader fill millions of empty cells."""
    places = {found.groups() for found in _CELL_PLACE.finditer(part)}
    height = max((int(row) for _, row in places), default=0)
    width = max((_column_number(letters) for letters, _ in places), default=0)
    if height * width > limits.area:
        raise FileProblem("too_large_unpacked", limit=limits.unpacked)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


CellValue = int | float | str | bool | time | date | datetime | timedelta


def lines_of(rows: Iterator[list[CellValue]]) -> Iterator[tuple[int, list[str]]]:
    """Yield texts with the row of the sheet; empty rows at the top are counted."""
    for number, cells in enumerate(rows, start=1):
        yield number, [cell_text(cell) for cell in cells]


def cell_text(cell: CellValue) -> str:
    """Return a cell as its CSV twin would say it; 4000012090001.0 is 4000012090001."""
    match cell:
        case bool():
            return str(int(cell))
        case str():
            return cell
        case int():
            return str(cell)
        case float():
            return plain_number(cell)
        case datetime():
            midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case time():
            return f"{cell.hour:02}:{cell.minute:02}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
