"""The rows of a file by column, each cell read once: values, refusals and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.common.problem import ValueProblem
from registry.exchange.cells import Noted, yen
from registry.exchange.columns import Column, Kind
from registry.exchange.headers import Header
from registry.exchange.sentences import note, sentence
from registry.exchange.verdicts import Problem
from registry.formats.grids import Line
from registry.formats.guard import unguard_cell


class _Clear:
    """The value of a cell that says （空）: what is stored is emptied."""


CLEAR = _Clear()
CLEARED = frozenset({"（空）", "(空)", "（空欄にする）", "(clear)"})


@dataclass
class Batch:
    """A file's records by column code. A value is None where the cell is blank: then what is
    stored stays. `problems` and `notes` are by the row's place."""

    kind: Kind
    lines: list[int]
    values: dict[str, list[Any]]
    raw: dict[str, list[str]]
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    notes: dict[int, list[Problem]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def has(self, key: str) -> bool:
        """Whether the file has that column."""
        return key in self.values

    def get(self, key: str, place: int) -> Any:
        """The value of a row; None for a blank cell and a column that is not there."""
        column = self.values.get(key)
        return column[place] if column is not None else None

    def text(self, key: str, place: int) -> str:
        """What stands in the cell."""
        column = self.raw.get(key)
        return column[place] if column is not None else ""

    def row(self, place: int) -> dict[str, Any]:
        """The values of a row that are not blank."""
        return {
            key: column[place] for key, column in self.values.items() if column[place] is not None
        }

    def refuse(self, place: int, column: str, message: object) -> None:
        """Note what is wrong in a row."""
        problem = Problem(column, self.text(column, place)[:80], str(message))
        self.problems.setdefault(place, []).append(problem)

    def tell(self, place: int, column: str, message: object) -> None:
        """Note what is worth telling about a row that is right."""
        told = Problem(column, self.text(column, place)[:80], str(message))
        self.notes.setdefault(place, []).append(told)


def read_batch(
    kind: Kind,
    records: Sequence[Line],
    header: Header,
    mapping: Mapping[int, str],
    *,
    guarded: bool,
) -> Batch:
    """Read the mapped columns of the records. `guarded` takes the guard off text cells of a CSV.

    Raises DomainError when a required column is not mapped.
    """
    chosen = {key: position for position, key in mapping.items() if key}
    missing = [c.label for c in kind.columns if c.required and c.key not in chosen]
    if missing:
        raise DomainError(
            _(
                "必須の列がありません：%(columns)s。見出しとの対応を選んでください。",
                columns=_("、").join(missing),
            ),
            field="mapping",
        )
    batch = Batch(kind, [line for line, _cells in records], {}, {})
    for column in kind.columns:
        if column.key not in chosen or column.told_only:
            continue
        position = chosen[column.key]
        cells = [row[position].strip() if position < len(row) else "" for _line, row in records]
        if guarded:
            cells = [unguard_cell(c) if c.startswith("'") else c for c in cells]
        batch.raw[column.key] = cells
        unit = header.units[position] if position < len(header.units) else None
        batch.values[column.key] = _read_column(batch, column, cells, unit)
        if column.required:
            for place, cell in enumerate(cells):
                if not cell:
                    batch.refuse(
                        place, column.key, _("%(title)sを入力してください。", title=column.label)
                    )
    return batch


def _read_column(batch: Batch, column: Column, cells: list[str], unit: int | None) -> list[Any]:
    plain = column.reads_many and CLEARED.isdisjoint(cells)
    if plain and column.reads_many and (found := column.reads_many(cells)) is not None:
        return found
    reads = yen(unit) if column.money and unit else column.reads
    known: dict[str, Any] = {"": None, **dict.fromkeys(CLEARED, CLEAR)}
    values: list[Any] = []
    for place, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _read(reads, cell)
        value = known[cell]
        if isinstance(value, ValueProblem):
            batch.refuse(place, column.key, sentence(value))
            value = None
        elif isinstance(value, Noted):
            batch.tell(place, column.key, note(value, column.key))
            value = value.value
        values.append(value)
    return values


def _read(reads: Any, cell: str) -> Any:
    """The value, or the refusal as a value: equal cells are read once."""
    try:
        return reads(cell)
    except ValueProblem as problem:
        return problem
