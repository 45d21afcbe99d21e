"""CSV in and out: the encodings that Japanese offices use, lines numbered, formulas guarded."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from registry.formats.guard import guard_cell
from registry.formats.table import LIMITS, Cell, FileProblem, Limits, Table, build_table, check_size

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What CP932 makes of bytes that mean nothing in it: a file in another encoding.
_NOT_CP932 = re.compile("[\x80\x85\xa0\uf8f0-\uf8f3]")
_HALF_KATAKANA = re.compile("[\uff61-\uff9f]")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ISO_2022_JP = re.compile(rb"\x1b[$(][@BJI]")
_SPREADSHEET_TEXT = re.compile(r'="(\d+)"')


def decode(data: bytes) -> tuple[str, str]:
    """Return text and encoding: utf-8-sig, utf-16 (by their marks), utf-8, else cp932.

    Raises FileProblem: encoding(line, byte) with the byte's offset from 1, where the better
    of the two readings stops; encoding_name(name) for EUC-JP and ISO-2022-JP.
    """
    if data.startswith(_UTF8_BOM):
        return _strict(data, "utf-8").removeprefix("\ufeff"), "utf-8-sig"
    if data.startswith(_UTF16_BOMS):
        return _strict(data, "utf-16"), "utf-16"
    if _ISO_2022_JP.search(data):
        raise FileProblem("encoding_name", name="ISO-2022-JP")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as refused:
        return _cp932(data, refused.start), "cp932"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as refused:
        raise _encoding_problem(data, refused.start, encoding) from None


def _cp932(data: bytes, utf8_stop: int) -> str:
    """Return the text of CP932 bytes that are not UTF-8 from `utf8_stop` on."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as refused:
        if _is_euc_jp(data):
            raise FileProblem("encoding_name", name="EUC-JP") from None
        raise _encoding_problem(data, max(refused.start, utf8_stop)) from None
    if len(_HALF_KATAKANA.findall(text)) * 3 > len(text) and _is_euc_jp(data):
        raise FileProblem("encoding_name", name="EUC-JP")
    if stray := _NOT_CP932.search(text):
        raise _encoding_problem(data, len(text[: stray.start()].encode("cp932")))
    return text


def _is_euc_jp(data: bytes) -> bool:
    try:
        text = data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return not _HALF_KATAKANA.search(text)


def _encoding_problem(data: bytes, offset: int, encoding: str = "ascii") -> FileProblem:
    """Return the refusal of the byte at an offset; line ends are told by the encoding."""
    line = data[:offset].decode(encoding, errors="ignore").count("\n") + 1
    return FileProblem("encoding", line=line, byte=offset + 1)


def read_csv(data: bytes, *, limits: Limits = LIMITS) -> Table:
    """Return the table of a CSV file; tab or semicolon separate where no comma is in the header.

    Line ends may be CRLF, LF or CR. Quoted numbers that spreadsheets are given as ="0123" are
    read as their digits. Raises FileProblem: empty, too_large, old_excel, not_csv, encoding,
    encoding_name, nul(line), quote(line), and those of `build_table`.
    """
    check_size(data, limits)
    text, encoding = readable_text(data)
    return build_table("csv", encoding, lines_of(text, limits), limits)


def readable_text(data: bytes) -> tuple[str, str]:
    """Return text and encoding of a file that may be CSV. Raises FileProblem as `read_csv` does."""
    if data.startswith(_OLD_EXCEL):
        raise FileProblem("old_excel")
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff")):
        raise FileProblem("not_csv")
    text, encoding = decode(data)
    if (at := text.find("\0")) >= 0:
        raise FileProblem("nul", line=text.count("\n", 0, at) + 1)
    return text, encoding


def lines_of(text: str, limits: Limits = LIMITS) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with the line it begins on. Raises FileProblem: quote(line),
    cell_too_long(line)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    quoted = '="' in text
    begun = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as refused:
            code = "cell_too_long" if "field limit" in str(refused) else "quote"
            known = {"limit": limits.cell} if code == "cell_too_long" else {}
            raise FileProblem(code, line=begun, **known) from None
        yield begun, [_SPREADSHEET_TEXT.sub(r"\1", cell) for cell in cells] if quoted else cells
        begun = reader.line_num + 1


def delimiter_of(text: str) -> str:
    """Return the separator of the first line that has something in it."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in ",\t;" if mark in header), ",")


def write_csv(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    encoding: str = "utf-8-sig",
    guard: bool = True,
) -> bytes:
    """Return CSV with CRLF; UTF-8 with a mark by default, so that Excel reads it rightly.

    Text cells are guarded against formulas unless the reader is a program (`guard=False`).
    Numbers stand plain, without separators; days as 2026-11-25; True as 1. Raises FileProblem
    unencodable(line, column, character) when the encoding lacks a character.
    """
    lines = [[_text(cell, guard=guard) for cell in row] for row in (header, *rows)]
    if lost := unencodable_cells(lines, encoding):
        row, column, characters = lost[0]
        raise FileProblem("unencodable", line=row + 1, column=column + 1, character=characters[0])
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue().encode(encoding)


def unencodable_cells(
    rows: Iterable[Sequence[str]], encoding: str = "cp932"
) -> list[tuple[int, int, str]]:
    """Return (row, column, characters) of cells that an encoding cannot hold, from 0, in order."""
    lost = []
    for row_number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if not _holds(encoding, cell):
                characters = "".join(mark for mark in cell if not _holds(encoding, mark))
                lost.append((row_number, column, characters))
    return lost


def _holds(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _text(cell: Cell, *, guard: bool) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(int(cell))
        case str():
            return guard_cell(cell) if guard else cell
        case int():
            return str(cell)
        case float() | Decimal():
            return plain_number(cell)
        case datetime() | date():
            return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def plain_number(number: float | Decimal) -> str:
    """Return a number without exponent, separators, and needless zeros: 42, 0.5, -1.25."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
