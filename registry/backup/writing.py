"""Writing a backup: every table and file as of one moment, in one portable file."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import Table, select

from registry.audit.models import AuditHead
from registry.backup.archive import BLOCK, ArchiveWriter
from registry.backup.columns import kinds_of, pack, plain_table
from registry.canonical import dump_lines
from registry.config import DEMO_ACCOUNTS, Config
from registry.db import db, now

FORMAT = 1
FILES = "files"
"""The folder in MUSUBI_DATA that holds what people attached."""
SETTINGS = ("secret-key", DEMO_ACCOUNTS)
"""Files beside the database without which a demo would be no demo; others keep their key apart."""
LEFT_OUT = frozenset({"web_sessions", "rate_counts"})
"""Sessions and limits: nobody stays signed in through a restore."""
Progress = Callable[[str], None]


def write_backup(path: Path, *, progress: Progress = lambda _text: None) -> dict[str, Any]:
    """Write all tables and files to a new file, mode 0600; return its manifest.

    All tables are read in one snapshot while people go on working: SQLite in one read transaction,
    PostgreSQL in one of REPEATABLE READ. Raises FileExistsError when the file is there.
    """
    config: Config = current_app.extensions["musubi_config"]
    with ArchiveWriter(path) as archive:
        _open_snapshot(config)
        try:
            tables = {}
            for table in db.metadata.sorted_tables:
                if table.name not in LEFT_OUT:
                    progress(table.name)
                    tables[table.name] = _add_table(archive, table)
            _add_files(archive, config.data)
            manifest = _manifest(config, tables) | {"members": archive.digests}
        finally:
            db.session.rollback()
        archive.finish(manifest)
    return manifest


def canonical_digest() -> str:
    """SHA-256 of `dump --canonical`: the domain's state in one word."""
    digest = hashlib.sha256()
    for line in dump_lines():
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def key_mark(config: Config) -> str:
    """Tells whether two installations have the same secret key, and nothing of the key itself."""
    return hashlib.sha256(b"musubi backup " + config.secret_key.encode()).hexdigest()[:16]


def schema_revision() -> str | None:
    """The migration that the database stands at."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _open_snapshot(config: Config) -> None:
    db.session.rollback()
    if not config.is_sqlite:
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    db.session.execute(select(AuditHead.position))


def _add_table(archive: ArchiveWriter, table: Table) -> dict[str, Any]:
    kinds = kinds_of(table)
    plain = plain_table(table.name, kinds)
    keys = [plain.c[column.name] for column in table.primary_key]
    rows = db.session.execute(select(plain).order_by(*keys), execution_options={"yield_per": 1000})
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in rows:
            count += 1
            record = {name: pack(kind, row[n]) for n, (name, kind) in enumerate(kinds.items())}
            yield json.dumps(record, ensure_ascii=False).encode() + b"\n"

    archive.add(f"tables/{table.name}.jsonl", lines())
    return {"rows": count, "columns": kinds}


def _add_files(archive: ArchiveWriter, data: Path) -> None:
    for name in SETTINGS:
        if (data / name).is_file():
            archive.add(f"settings/{name}", _pieces(data / name))
    folder = data / FILES
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            archive.add(f"files/{path.relative_to(folder).as_posix()}", _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(BLOCK):
            yield piece


def _manifest(config: Config, tables: dict[str, Any]) -> dict[str, Any]:
    head = db.session.execute(select(AuditHead.position, AuditHead.hash)).one_or_none()
    return {
        "format": FORMAT,
        "made_at": now().isoformat(timespec="seconds"),
        "schema": schema_revision(),
        "engine": "sqlite" if config.is_sqlite else "postgresql",
        "tables": tables,
        "audit": {"position": head.position if head else 0, "hash": head.hash if head else ""},
        "canonical": canonical_digest(),
        "key_mark": key_mark(config),
        "demo": config.demo,
    }
