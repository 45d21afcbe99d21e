"""How far a long import is, seen from outside its transaction.

On PostgreSQL it stands in the import's own row; SQLite has one writer, so there it stands in a
file beside the database: web and worker share one machine then.
"""

import time
from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import update

from registry.config import Config
from registry.db import db, own_transaction
from registry.exchange.models import ImportRun

EVERY = 1.0
"""Seconds between two notes."""


def noting(run: ImportRun) -> Callable[[int, int], None]:
    """A function (done, total) that notes how far an import is, now and then."""
    number, public_id, last = run.id, run.public_id, 0.0

    def note(done: int, _total: int) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY:
            return
        last = time.monotonic()
        if db.engine.dialect.name == "sqlite":
            path = _path(public_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(done), encoding="ascii")
            return
        with own_transaction() as session:
            session.execute(update(ImportRun).where(ImportRun.id == number).values(progress=done))

    return note


def done_of(run: ImportRun) -> int:
    """How many rows of an import are done."""
    path = _path(run.public_id)
    if run.is_waiting and path.is_file():
        text = path.read_text(encoding="ascii").strip()
        return min(run.rows, int(text)) if text.isdigit() else run.progress
    return run.progress


def forget(run: ImportRun) -> None:
    """Remove the note of an import that is not under way any more."""
    _path(run.public_id).unlink(missing_ok=True)


def _path(public_id: str) -> Path:
    config: Config = current_app.extensions["musubi_config"]
    return config.data / "imports" / public_id
