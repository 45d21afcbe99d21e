"""Examining an installation: findings with stable ids."""

import os
import shutil
import stat
from dataclasses import dataclass

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import text

from registry.audit.queries import verify
from registry.config import Config
from registry.db import db

FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing examined: a stable id, whether it is well, and what to do if not."""

    id: str
    ok: bool
    text: str


def examine(app: Flask, *, deploy: bool = False) -> list[Finding]:
    """Database, schema, audit chain, space and packages; with `deploy` also what the public needs."""
    config: Config = app.extensions["musubi_config"]
    findings = [*_database(config), _schema(), _chain(), _space(config)]
    return findings + (_deployment(config) if deploy else [])


def _database(config: Config) -> list[Finding]:
    with db.engine.connect() as connection:
        if config.is_sqlite:
            level = connection.execute(text("PRAGMA synchronous")).scalar()
            keys = connection.execute(text("PRAGMA foreign_keys")).scalar()
            mode = connection.execute(text("PRAGMA journal_mode")).scalar()
            return [
                Finding("D001", level == 2, "SQLite: synchronous is FULL"),
                Finding("D002", keys == 1, "SQLite: foreign keys are on"),
                Finding("D003", mode == "wal", "SQLite: journal mode is WAL"),
            ]
        settings = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        }
        return [
            Finding(f"D01{number}", value == "on", f"PostgreSQL: {name} is {value}, must be on")
            for number, (name, value) in enumerate(settings.items(), 1)
        ]


def _schema() -> Finding:
    head = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return Finding("D020", current == head, f"schema is at {current}, newest is {head}")


def _chain() -> Finding:
    verdict = verify()
    bad = verdict.bad_position
    return Finding(
        "D030",
        bad is None,
        f"audit log: {verdict.entries} entries"
        + (f", entry {bad}: {verdict.reason}" if bad else ""),
    )


def _space(config: Config) -> Finding:
    free = shutil.disk_usage(config.data).free
    return Finding("D040", free > FREE_BYTES, f"free space: {free // 1024 // 1024} MiB")


def _deployment(config: Config) -> list[Finding]:
    mode = stat.S_IMODE(os.stat(config.data).st_mode)
    return [
        Finding("P001", not config.demo, "demo mode is off (MUSUBI_DEMO)"),
        Finding("P002", config.is_https, "MUSUBI_BASE_URL starts with https://"),
        Finding("P003", config.smtp_url is not None, "MUSUBI_SMTP_URL names a mail server"),
        Finding("P004", not config.is_sqlite, "DATABASE_URL names PostgreSQL"),
        Finding("P005", mode & 0o007 == 0, "the data folder is closed to other users"),
        Finding("P006", config.today is None, "MUSUBI_TODAY is not set"),
    ]
