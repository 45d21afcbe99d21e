"""A file opened: its lines, its header, what the columns mean by the office's own memory."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select

from registry.common.errors import DomainError
from registry.db import db
from registry.exchange.batch import Batch, read_batch
from registry.exchange.columns import Kind
from registry.exchange.headers import (
    Header,
    Skipped,
    find_header,
    plain_header,
    propose,
    records,
    signature,
)
from registry.exchange.models import HeaderMapping
from registry.exchange.sentences import file_sentence
from registry.formats.grids import Grid, Line, read_grid
from registry.formats.table import FileProblem, Limits

LIMITS = Limits(size=60_000_000, unpacked=300_000_000, rows=200_000, columns=300, area=40_000_000)


@dataclass(frozen=True)
class Opened:
    """A file as it was read: its lines, its header, what the columns mean, what is no record."""

    kind: Kind
    grid: Grid
    header: Header
    mapping: dict[int, str]
    rows: list[Line]
    skipped: list[Skipped]

    def batch(self) -> Batch:
        """The records, read by column. Raises DomainError when a required column is missing."""
        return read_batch(
            self.kind,
            self.rows,
            self.header,
            self.mapping,
            guarded=self.grid.source == "csv",
        )


def open_file(
    kind: Kind, data: bytes, *, sheet: str = "", mapping: Mapping[str, str] | None = None
) -> Opened:
    """Read a file and find its header; `mapping` (position → column) or what the office chose for
    these headers before, else what the headers say. Raises DomainError that says what to do."""
    try:
        grid = read_grid(data, sheet=sheet or None, limits=LIMITS)
    except FileProblem as problem:
        raise DomainError(file_sentence(problem), field="file") from problem
    header = find_header(grid, kind.columns, _remembered_headers(kind))
    rows, skipped = records(grid, header)
    if not rows:
        raise DomainError(
            _("見出しの下に行がありません。表の入ったシートかファイルを選んでください。"),
            field="file",
        )
    if mapping:
        chosen = {int(position): key for position, key in mapping.items() if key}
    else:
        chosen = propose(header, kind.columns, remembered_mapping(kind, header))
        chosen = {position: key for position, key in chosen.items() if key}
    return Opened(kind, grid, header, chosen, rows, skipped)


def remembered_mapping(kind: Kind, header: Header) -> dict[str, str]:
    """What the office chose for these headers the last time: plain header → column."""
    found = db.session.scalar(
        select(HeaderMapping.mapping).where(
            HeaderMapping.kind == kind.code, HeaderMapping.signature == signature(header)
        )
    )
    return dict(found or {})


def _remembered_headers(kind: Kind) -> frozenset[str]:
    rows = db.session.scalars(
        select(HeaderMapping.mapping).where(HeaderMapping.kind == kind.code).limit(200)
    )
    return frozenset(header for mapping in rows for header in mapping)


def remember(opened: Opened) -> None:
    """Keep the mapping for these headers; headers without a name are not remembered."""
    chosen = {
        plain_header(cell): opened.mapping.get(position, "")
        for position, cell in enumerate(opened.header.cells)
        if plain_header(cell)
    }
    key = signature(opened.header)
    db.session.execute(
        delete(HeaderMapping).where(
            HeaderMapping.kind == opened.kind.code, HeaderMapping.signature == key
        )
    )
    db.session.add(HeaderMapping(kind=opened.kind.code, signature=key, mapping=chosen))
