"""Rules for kinds whose records are what their row says: columns are attributes of one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect, select

from registry.audit.service import apply, record
from registry.db import db
from registry.exchange.batch import CLEAR, Batch
from registry.exchange.columns import Context
from registry.exchange.running import Rules, Values


@dataclass(frozen=True)
class Plain:
    """A table whose columns are attributes: the model, its word in the log, what a new record has
    besides, what is done before saving, and how a row is found again.

    `checks` raises DomainError; `numbered` gives new records the next running number.
    """

    model: type[Any]
    word: str
    columns: tuple[str, ...]
    finds: Callable[[Batch, int], Any | None]
    label: Callable[[Batch, int], str]
    prepare: Callable[[Batch, Context], None] = lambda _batch, _context: None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    checks: Callable[[Values, Context], None] = lambda _values, _context: None
    saves: Callable[[Any], None] = lambda _row: None
    complete: Callable[[dict[str, Any], Context], None] = lambda _values, _context: None
    identity: Callable[[Batch, int], Any] = lambda _batch, _place: None
    # Resolves what earlier rows of the same file may have made.
    ready: Callable[[Batch, int], None] = lambda _batch, _place: None

    def rules(self) -> Rules:
        """The rules for `run_rows`."""
        return Rules(
            find=self._find,
            stored=lambda row: {name: getattr(row, name) for name in self.columns},
            create=self._create,
            change=self._change,
            label=self.label,
            prepare=self.prepare,
            empties=self._empties(),
            identity=self._identity,
        )

    def _empties(self) -> dict[str, Any]:
        table = inspect(self.model).columns
        return {
            name: None
            if name not in table or table[name].nullable
            else ([] if table[name].type.python_type in (list, dict) else "")
            for name in self.columns
        }

    def _identity(self, batch: Batch, place: int) -> Any:
        public_id = batch.get("id", place)
        return public_id if isinstance(public_id, str) else self.identity(batch, place)

    def _find(self, batch: Batch, place: int, _context: Context) -> Any | None:
        self.ready(batch, place)
        public_id = batch.get("id", place)
        if isinstance(public_id, str):
            statement = select(self.model).where(self.model.public_id == public_id)
            if (row := db.session.scalar(statement)) is not None:
                return row
        return self.finds(batch, place)

    def _create(self, given: Values, context: Context) -> Any:
        values = {**self.defaults, **{k: v for k, v in given.items() if k in self.columns}}
        self.complete(values, context)
        self.checks(values, context)
        row = self.model(**values)
        db.session.add(row)
        self.saves(row)
        db.session.flush()
        told = {name: (None, _told(value)) for name, value in values.items() if value}
        self._log("created" if self.word != "reading" else "recorded", row, told, context)
        return row

    def _change(self, row: Any, wanted: Values, changed: Values, context: Context) -> None:
        values = {name: wanted[name] for name in changed if name in self.columns}
        self.checks(wanted, context)
        changes = apply(row, values)
        self.saves(row)
        db.session.flush()
        told = {name: (_told(before), _told(after)) for name, (before, after) in changes.items()}
        self._log("changed", row, told, context)

    def _log(self, verb: str, row: Any, changes: Mapping[str, Any], context: Context) -> None:
        record(
            actor=context.viewer,
            action=f"{self.word}.{verb}",
            subject=f"{self.word}:{row.public_id}",
            changes=changes,
        )


def _told(value: Any) -> Any:
    """A value for the log: related records by their public ids."""
    return getattr(value, "public_id", None) or getattr(value, "code", None) or value


def text_of(batch: Batch, key: str, place: int) -> str:
    """The value of a row as text, empty when blank or to be emptied."""
    value = batch.get(key, place)
    return value if isinstance(value, str) and value is not CLEAR else ""
