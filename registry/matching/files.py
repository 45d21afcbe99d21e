"""The CSV files of `registry suggest`: read strictly, written as the contract says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from registry.matching.explain import Reason, Suggestion
from registry.matching.texts import Text

REQUIRED = ("id", "title", "description", "keywords")
CAPS = {"id": 100, "title": 500, "description": 20_000, "keywords": 2_000, "keyword": 200}
"""Most code points of a cell; `keyword` is one keyword."""
MOST_BYTES = 200_000_000
SEPARATORS = ";、，,；"
_CELL_LIMIT = 10_000_000

EMPTY = "ファイルが空です。見出し行と1件以上の行を入れてください。"
NO_ROWS = "見出し行だけで、データの行がありません。"
UNDECODABLE = (
    "文字コードを読み取れません（UTF-8 でも CP932 でもありません）。UTF-8 で保存し直してください。"
)
MISSING = "必要な列がありません: %(columns)s"
TWICE_COLUMN = "同じ名前の列が2つあります: %(columns)s"
NO_ID = "id が空です。"
TWICE_ID = "id「%(id)s」が%(first)s行目と重複しています。"
TOO_LONG = "%(count)s文字あります。%(cap)s文字以内にしてください。"
LONG_KEYWORD = "%(count)s文字のキーワードがあります。1つ%(cap)s文字以内にしてください。"
NO_TEXT = "title、description、keywords がすべて空です。"
BROKEN = "CSVとして読めません: %(detail)s"
TOO_LARGE = "ファイルが大きすぎます（上限 %(cap)sバイト）。"


class BadFile(ValueError):
    """A file that cannot be used, with its place.

    `message` is the Japanese sentence with its placeholders (a message id), `values` fill them;
    `row` is the row of the table (the heading is 1), `column` a name; both may be None.
    """

    def __init__(
        self,
        file: Path,
        message: str,
        values: dict[str, str | int] | None = None,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Remember what is wrong and where."""
        self.file, self.row, self.column = file, row, column
        self.message, self.values = message, values or {}
        super().__init__(f"{self.place}: {message % self.values}")

    @property
    def place(self) -> str:
        """File, row and column as one word, like `needs.csv:3:title`."""
        parts = [self.file.name, self.row, self.column]
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True)
class TextFile:
    """The texts of a file in its order, and the encoding it was read in."""

    texts: tuple[Text, ...]
    encoding: str


def read_texts(path: Path) -> TextFile:
    """Read needs or seeds. Raises BadFile for whatever cannot be used, OSError if unreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(path, TOO_LARGE, {"cap": MOST_BYTES})
    content, encoding = _decode(path)
    csv.field_size_limit(_CELL_LIMIT)
    rows = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        return TextFile(tuple(_texts(path, rows)), encoding)
    except csv.Error as error:
        raise BadFile(path, BROKEN, {"detail": str(error)}, row=rows.line_num) from error


def write_suggestions(rows: Iterable[tuple[str, list[Suggestion]]], out: TextIO) -> int:
    """Write need_id,seed_id,rank,score,reasons with a heading; how many lines were written."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["need_id", "seed_id", "rank", "score", "reasons"])
    count = 0
    for need_ref, suggestions in rows:
        for rank, found in enumerate(suggestions, start=1):
            reasons = json.dumps([_reason(r) for r in found.reasons], ensure_ascii=False)
            writer.writerow([need_ref, found.ref, rank, f"{found.score:.2f}", reasons])
            count += 1
    return count


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "need_term": reason.need_term,
        "seed_term": reason.seed_term,
        "link": reason.link,
        "share": round(reason.share, 4),
        "need": list(reason.need),
        "seed": list(reason.seed),
    }


def _decode(path: Path) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 with or without BOM, else CP932."""
    raw = path.read_bytes()
    if not raw.strip(b"\xef\xbb\xbf\r\n\t "):
        raise BadFile(path, EMPTY)
    encodings = ["utf-8-sig"] if raw.startswith(b"\xef\xbb\xbf") else ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            content = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in content:
            return content, encoding
    raise BadFile(path, UNDECODABLE)


def _texts(path: Path, rows: Iterator[list[str]]) -> Iterator[Text]:
    columns = _columns(path, next(rows, []))
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = {c: cells[place] if place < len(cells) else "" for c, place in columns.items()}
        text = _text(path, number, row)
        if text.ref in seen:
            values: dict[str, str | int] = {"id": text.ref, "first": seen[text.ref]}
            raise BadFile(path, TWICE_ID, values, row=number, column="id")
        seen[text.ref] = number
        yield text
    if not seen:
        raise BadFile(path, NO_ROWS)


def _columns(path: Path, heading: list[str]) -> dict[str, int]:
    """Where each known column stands. Other columns are ignored."""
    names = [name.strip().lower() for name in heading]
    twice = sorted({name for name in REQUIRED if names.count(name) > 1})
    if twice:
        raise BadFile(path, TWICE_COLUMN, {"columns": ", ".join(twice)}, row=1)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadFile(path, MISSING, {"columns": ", ".join(missing)}, row=1)
    return {name: names.index(name) for name in REQUIRED}


def _text(path: Path, number: int, row: dict[str, str]) -> Text:
    ref = row["id"].strip()
    if not ref:
        raise BadFile(path, NO_ID, row=number, column="id")
    for column in REQUIRED:
        _check_length(path, number, column, row[column], TOO_LONG, CAPS[column])
    for keyword in split_keywords(row["keywords"]):
        _check_length(path, number, "keywords", keyword, LONG_KEYWORD, CAPS["keyword"])
    if not any(row[name].strip() for name in ("title", "description", "keywords")):
        raise BadFile(path, NO_TEXT, row=number, column="title")
    return Text(ref, row["title"], row["description"], row["keywords"])


def _check_length(path: Path, number: int, column: str, cell: str, message: str, cap: int) -> None:
    if len(cell) > cap:
        values: dict[str, str | int] = {"count": len(cell), "cap": cap}
        raise BadFile(path, message, values, row=number, column=column)


def split_keywords(cell: str) -> tuple[str, ...]:
    """The keywords of a cell, split at ; 、 ， and , without blanks or empty ones."""
    for separator in SEPARATORS[1:]:
        cell = cell.replace(separator, SEPARATORS[0])
    return tuple(piece.strip() for piece in cell.split(SEPARATORS[0]) if piece.strip())
