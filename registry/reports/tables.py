"""Tables of a report: the one shape from which screen, CSV and workbook are made."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry.reports.measures import Measure, label, unit

Value = int | float | None
"""None: there is no such figure (no step before), or it is withheld."""


@dataclass(frozen=True)
class Figure:
    """One column of figures: stable code, words, unit; `decimal` for shares, medians and hours;
    `plain` where each row has its own unit."""

    code: str
    label: str
    unit: str = ""
    decimal: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Line:
    """One row: stable code, name, its figures; `extra` is the text of the second column, `unit`
    what its figures are counted in where the rows differ, `ref` the public id of a record, `level`
    how deep it stands below the row above it."""

    code: str
    name: str
    values: tuple[Value, ...]
    extra: str = ""
    unit: str = ""
    ref: str = ""
    level: int = 0


@dataclass(frozen=True)
class ReportTable:
    """A section of the report.

    `by_measure`: the rows are what is counted and the columns the periods, instead of rows being
    groups and columns what is counted. `blank` is what stands where a figure is None.
    """

    code: str
    title: str
    name: str
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    extra: str = ""
    note: str = ""
    blank: str = "―"
    by_measure: bool = False

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """The rows with the totals last."""
        return (*self.lines, self.total) if self.total else self.lines

    @property
    def greatest(self) -> float:
        """The greatest figure of the first column, for bars."""
        return max((line.values[0] or 0 for line in self.lines), default=0)


@dataclass(frozen=True)
class ReportRow:
    """One figure as files carry it: stable codes beside words."""

    section: str
    group: str
    measure: str
    label: str
    unit: str
    value: Value


def rows_of(tables: Iterable[ReportTable]) -> Iterator[ReportRow]:
    """Every figure of the tables, in the order in which the screen shows them."""
    for table in tables:
        for line in table.all_lines:
            for figure, value in zip(table.figures, line.values, strict=True):
                group, measure = line.code, figure.code
                if table.by_measure:
                    group, measure = measure, group
                label = f"{line.name} {figure.label}" if line.name != figure.label else line.name
                yield ReportRow(table.code, group, measure, label, line.unit or figure.unit, value)


def columns_of(measures: Sequence[Measure]) -> tuple[Figure, ...]:
    """A column for each measure."""
    return tuple(Figure(m.value, label(m), unit(m)) for m in measures)


def total_of(name: str, lines: Sequence[Line]) -> Line:
    """The row of totals of rows that have a figure everywhere or count as 0."""
    columns: list[tuple[Value, ...]] = list(zip(*(line.values for line in lines), strict=True))
    return Line("total", name, tuple(sum(value or 0 for value in column) for column in columns))
