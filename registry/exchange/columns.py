"""What a kind of table is made of: its columns, and the rules that its rows are put to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select

from registry.common.viewer import Viewer
from registry.formats.table import Cell
from registry.formats.xlsx import Kind as CellKind
from registry.web.i18n import locale

if TYPE_CHECKING:
    from registry.exchange.batch import Batch
    from registry.exchange.verdicts import Verdict


@dataclass(frozen=True)
class Column:
    """One column: its code, Japanese header, further headers that mean it, and how it is read.

    `money` columns are read in the unit of their header (万円). `reads` is given the cell's text,
    never an empty one. `writes` gives the exported cell of a stored value, itself by default.
    """

    key: str
    title: str
    reads: Callable[[str], Any] | None = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    money: bool = False
    writes: Callable[[Any], Cell] | None = None
    cell: CellKind = "text"
    # Shown only to those who may see what stands in it.
    staff_only: bool = False
    # Exported for people to read; what stands in it on import is not looked at.
    told_only: bool = False
    # Reads many cells at once where all are of the plain sort; None where they are not.
    reads_many: Callable[[list[str]], list[Any] | None] | None = None

    @property
    def label(self) -> str:
        """What a page calls it: the Japanese header, in English its code in words."""
        return self.key.replace("_", " ").capitalize() if locale() == "en" else self.title


@dataclass(frozen=True)
class Effect:
    """One record that an import made (`was` is None) or changed (`was` = stored values before).

    `version` is the record's version afterwards: while it stands nobody touched it.
    """

    table: str
    public_id: str
    version: int
    was: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Context:
    """Who imports, on what day, whether it is a dry run, and what was decided on doubtful rows.

    `decisions` maps a line to "new", "skip" or the public id of the record that is meant; `rest`
    is the decision on all other doubtful rows, empty while nobody has decided.
    """

    viewer: Viewer
    today: date
    dry: bool = True
    decisions: Mapping[int, str] = field(default_factory=dict)
    rest: str = ""
    progress: Callable[[int, int], None] = lambda _done, _total: None
    # What was done to which record, for undoing; filled while it is carried out.
    effects: list[Effect] = field(default_factory=list)

    def decision(self, line: int) -> str:
        """What was decided on a doubtful row; empty for nothing."""
        return self.decisions.get(line) or self.rest


Runner = Callable[["Batch", Context], "list[Verdict]"]


@dataclass(frozen=True)
class Kind:
    """A kind of table (企業・団体, 案件 …).

    `runs` puts a batch to the rooms' rules inside a transaction and returns a verdict a row;
    whoever calls it commits or rolls back. `rows` are the records to export, in their order, that
    a viewer may see; `values` the stored values of one by column.
    """

    code: str
    title: Callable[[], str]
    columns: tuple[Column, ...]
    runs: Runner
    rows: Callable[[Viewer, Mapping[str, str]], Select[Any]]
    values: Callable[[Sequence[Any], Viewer], list[dict[str, Any]]]
    # The table of the records, and those whose rows belong to them, for the lossless transfer.
    tables: tuple[str, ...]
    # The page of the list that the export is made from, and of one record.
    list_endpoint: str
    page_endpoint: str
    reads_permission: str
    # The stored row's columns that are computed from others; `derive` computes them anew.
    derived: tuple[str, ...] = ()
    derive: Callable[[Any], None] | None = None

    def column(self, key: str) -> Column:
        """The column of that code."""
        return next(column for column in self.columns if column.key == key)
