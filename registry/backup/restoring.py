"""Restoring a backup into an empty installation, on either database."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, inspect, select

from registry.audit.queries import verify
from registry.backup.archive import ArchiveReader, DamagedArchive
from registry.backup.columns import KINDS, plain_table, unpack
from registry.backup.writing import (
    FILES,
    FORMAT,
    SETTINGS,
    Progress,
    canonical_digest,
    schema_revision,
)
from registry.config import Config
from registry.db import db, transaction

AT_ONCE = 500
"""So many rows go to the database in one statement."""


class NotEmpty(Exception):
    """There is something where the backup should go. The message says what."""


class RestoreFailed(Exception):
    """What stands in the database afterwards is not what was saved. The message says where."""


def restore_backup(path: Path, *, progress: Progress = lambda _text: None) -> dict[str, Any]:
    """Fill an empty database and an empty folder of files from a backup; return its manifest.

    The file is checked as a whole first. An older schema is restored as it was and then brought to
    the newest migration. All rows go in by one transaction.

    Raises DamagedArchive (nothing was changed), NotEmpty (nothing was changed), RestoreFailed.
    """
    config: Config = current_app.extensions["musubi_config"]
    archive = ArchiveReader(path)
    _refuse_unknown(archive.manifest)
    archive.check_members()
    _refuse_names(archive.manifest)
    _refuse_full(config)
    flask_migrate.upgrade(revision=archive.manifest["schema"])
    with transaction():
        _load_all(archive, progress)
    flask_migrate.upgrade()
    _copy_files(archive, config)
    _check(archive.manifest)
    return archive.manifest


def _refuse_unknown(manifest: dict[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise DamagedArchive(f"the format {manifest.get('format')!r} is not known here")
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    known = {script.revision for script in scripts.walk_revisions()}
    if manifest.get("schema") not in known:
        raise DamagedArchive(
            f"its schema {manifest.get('schema')!r} is newer than this program: update it first"
        )


def _refuse_names(manifest: dict[str, Any]) -> None:
    """Members never lead out of their folder, and columns are of known kinds."""
    for name in manifest["members"]:
        parts = name.split("/")
        if ".." in parts or "" in parts or "\\" in name or name.startswith("/"):
            raise DamagedArchive(f"the member {name!r} leads out of its folder")
        if parts[0] == "settings" and parts[1:] not in ([each] for each in SETTINGS):
            raise DamagedArchive(f"the member {name!r} is not known here")
    for table, told in manifest["tables"].items():
        if unknown := set(told["columns"].values()) - set(KINDS):
            raise DamagedArchive(f"{table} has columns of unknown kinds: {sorted(unknown)}")


def _refuse_full(config: Config) -> None:
    for name in inspect(db.engine).get_table_names():
        if name == "alembic_version":
            continue
        table = sa.table(name)
        with db.engine.connect() as connection:
            if connection.scalar(select(func.count()).select_from(table)):
                raise NotEmpty(f"the database is not empty: {name} has rows")
    folder = config.data / FILES
    if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")):
        raise NotEmpty(f"the folder {folder} is not empty")
    for name in SETTINGS:
        if (config.data / name).exists() and not config.demo:
            raise NotEmpty(f"there is a file {config.data / name}")


def _load_all(archive: ArchiveReader, progress: Progress) -> None:
    """Parents before children. A reference to a row that comes later is set when all are there."""
    there = sa.MetaData()
    there.reflect(bind=db.session.connection())
    told: dict[str, Any] = archive.manifest["tables"]
    if missing := set(told) - set(there.tables):
        raise DamagedArchive(f"this schema has no tables {sorted(missing)}")
    order = {table.name: n for n, table in enumerate(there.sorted_tables)}
    for table in sorted((there.tables[name] for name in told), key=lambda t: order[t.name]):
        progress(table.name)
        _load(archive, table, told[table.name], order)
    for table in there.tables.values():
        _go_on_counting(table)


def _load(
    archive: ArchiveReader, table: sa.Table, told: dict[str, Any], order: dict[str, int]
) -> None:
    kinds: dict[str, str] = told["columns"]
    plain = plain_table(table.name, kinds)
    later = {
        column.name
        for column in table.columns
        for key in column.foreign_keys
        if order[key.column.table.name] >= order[table.name] and column.name in kinds
    }
    links: list[dict[str, Any]] = []
    count = 0
    for rows in _in_lots(_rows(archive, table.name, kinds)):
        count += len(rows)
        for row in rows:
            if any(row[name] is not None for name in later):
                links.append({f"_{name}": row[name] for name in later} | {"_id": row["id"]})
                row.update(dict.fromkeys(later))
        db.session.execute(sa.insert(plain), rows)
    if links:
        setting: dict[str, Any] = {name: sa.bindparam(f"_{name}") for name in later}
        statement = sa.update(plain).where(plain.c.id == sa.bindparam("_id")).values(setting)
        db.session.connection().execute(statement, links)
    if count != told["rows"]:
        raise DamagedArchive(f"{table.name} has {count} rows instead of {told['rows']}")


def _rows(archive: ArchiveReader, name: str, kinds: dict[str, str]) -> Iterator[dict[str, Any]]:
    for line in archive.lines(f"tables/{name}.jsonl"):
        record = json.loads(line)
        yield {column: unpack(kind, record[column]) for column, kind in kinds.items()}


def _in_lots(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while lot := list(itertools.islice(rows, AT_ONCE)):
        yield lot


def _go_on_counting(table: sa.Table) -> None:
    """PostgreSQL's counters go on after the highest number; SQLite's do so by themselves."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    quoted = f'"{table.name}"'
    sequence = connection.scalar(select(func.pg_get_serial_sequence(quoted, "id")))
    highest = connection.scalar(select(func.max(table.c.id)))
    if sequence and highest:
        connection.execute(select(func.setval(sequence, highest)))


def _copy_files(archive: ArchiveReader, config: Config) -> None:
    for name in archive.manifest["members"]:
        top, _slash, rest = name.partition("/")
        if top == "files":
            archive.copy(name, config.data / FILES / rest)
        elif top == "settings":
            # A demo makes its key at its first command; the accounts that come need their own.
            (config.data / rest).unlink(missing_ok=True)
            archive.copy(name, config.data / rest)


def _check(manifest: dict[str, Any]) -> None:
    """The chain holds, ends where it ended, and the domain's state is the one that was saved."""
    db.session.rollback()
    verdict = verify()
    if verdict.bad_position is not None:
        raise RestoreFailed(f"audit entry {verdict.bad_position}: {verdict.reason}")
    if verdict.entries != manifest["audit"]["position"]:
        raise RestoreFailed(f"the audit log has {verdict.entries} entries")
    if schema_revision() == manifest["schema"] and canonical_digest() != manifest["canonical"]:
        raise RestoreFailed("the canonical dump is not the one that was saved")
    db.session.rollback()
