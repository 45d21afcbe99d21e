"""Finding the header of a table under its titles, and which column each header means. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from registry.exchange.cells import YEN_UNITS
from registry.exchange.columns import Column
from registry.formats.grids import Grid, Line

LOOKED_AT = 40
"""So many lines are searched for the header."""

_NOISE = re.compile(r"[\s*※★●■◆・･_\-‐－ー:：.。、]+")
_BRACKETS = re.compile(r"[(\[【〔<《「『](.*?)[)\]】〕>》」』]")
_MARKED = re.compile(r"必須|任意")
_TOTAL = re.compile(r"(?:総?合?計|小計|総計|計|total|合計(?:件数|金額|社数|数)?)[:：]?", re.I)
_REMARK = re.compile(r"[※＊*注]|以上$|備考[:：]")


@dataclass(frozen=True)
class Header:
    """The header's place among the grid's lines, its cells, and the unit that each says."""

    index: int
    line: int
    cells: tuple[str, ...]
    units: tuple[int | None, ...]


@dataclass(frozen=True)
class Skipped:
    """A line that is no record: title, total or remark, with the text that shows it."""

    line: int
    why: str
    text: str


def plain_header(text: str) -> str:
    """A header for comparing: half width, small letters, without spaces, brackets and marks."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    return _NOISE.sub("", _MARKED.sub("", re.sub(r"[()\[\]【】〔〕<>《》「」『』]", "", narrow)))


def _bare_header(text: str) -> str:
    """The same without what stands in brackets: 資本金（万円） → 資本金."""
    return plain_header(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


def unit_of(text: str) -> int | None:
    """The unit of money that a header names, in yen; None when it names none."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    for unit in sorted(YEN_UNITS, key=len, reverse=True):
        if re.search(rf"[(\[【:：/_・]?(?:単位[:：]?)?{unit}[)\]】]?$", narrow):
            return YEN_UNITS[unit]
    return None


def known_headers(columns: Sequence[Column]) -> dict[str, str]:
    """Plain header → column code, of titles, aliases and codes."""
    return {
        plain_header(name): column.key
        for column in reversed(columns)
        for name in (*column.aliases, column.key, column.title)
    }


def find_header(grid: Grid, columns: Sequence[Column], remembered: frozenset[str]) -> Header:
    """The line that most headers stand in; without a known one the first of the widest lines.

    `remembered` are plain headers that the office has mapped before.
    """
    known = known_headers(columns).keys() | remembered
    best, score = 0, -1.0
    widest = max(_filled(cells) for _line, cells in grid.lines[:LOOKED_AT])
    for index, (_line, cells) in enumerate(grid.lines[:LOOKED_AT]):
        hits = sum(
            plain_header(cell) in known or _bare_header(cell) in known
            for cell in cells
            if cell.strip() and len(cell) <= 60
        )
        value = float(hits) if hits > 1 else (0.5 if hits and _filled(cells) <= 2 else 0.0)
        if not value and _filled(cells) == widest:
            value = 0.25
        if value > score:
            best, score = index, value
    line, cells = grid.lines[best]
    return Header(best, line, tuple(" ".join(c.split()) for c in cells), tuple(map(unit_of, cells)))


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def propose(
    header: Header, columns: Sequence[Column], remembered: Mapping[str, str]
) -> dict[int, str]:
    """Position of a header → column code; each column once, the office's own mapping first.

    A remembered "" means that the office left the column out.
    """
    known, found = known_headers(columns), {}
    taken: set[str] = set()
    for exact in (True, False):
        for position, cell in enumerate(header.cells):
            if position in found or not cell:
                continue
            plain = plain_header(cell)
            if exact and plain in remembered:
                key: str | None = remembered[plain]
            else:
                key = known.get(plain if exact else _bare_header(cell))
            if key is not None and (not key or key not in taken):
                found[position] = key
                taken.add(key)
    return found


def signature(header: Header) -> str:
    """The key under which a mapping for this set of headers is remembered."""
    return sha256("\n".join(sorted(map(plain_header, header.cells))).encode()).hexdigest()[:40]


def records(grid: Grid, header: Header) -> tuple[list[Line], list[Skipped]]:
    """The lines that are records, and those that are not: titles above, totals, remarks, and the
    header repeated on further pages."""
    skipped = [Skipped(line, "title", _text(cells)) for line, cells in grid.lines[: header.index]]
    found: list[Line] = []
    wide = sum(bool(cell) for cell in header.cells) > 1
    for line, cells in grid.lines[header.index + 1 :]:
        filled = next((cell for cell in cells if cell and not cell.isspace()), "")
        why = ""
        if len(filled) <= 60:
            first = "".join(filled.split())
            if _TOTAL.fullmatch(first):
                why = "total"
            elif first == "".join(header.cells[0].split()) and _repeats(cells, header):
                why = "header"
        if not why and wide and _REMARK.match(filled.strip()) and _filled(cells) == 1:
            why = "remark"
        if why:
            skipped.append(Skipped(line, why, _text(cells)))
        else:
            found.append((line, cells))
    return found, skipped


def _repeats(cells: Sequence[str], header: Header) -> bool:
    return tuple(" ".join(cell.split()) for cell in cells) == header.cells


def _text(cells: Sequence[str]) -> str:
    return "　".join(cell.strip() for cell in cells if cell.strip())[:120]
