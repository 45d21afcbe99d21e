"""The domain's state as sorted JSON Lines: the same on both databases, whatever the row numbers."""

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Table, select

from registry.db import db

TECHNICAL_TABLES = frozenset(
    {
        "audit_head",
        "audit_entries",
        "audit_values",
        "web_sessions",
        "messages",
        "digest_copies",
        "newsletter_copies",
        "party_links",
        "rate_counts",
        "finished_submits",
        "listing_terms",
        "imports",
        "import_files",
        "header_mappings",
        "identity_keys",
        "identity_checks",
        "duplicate_pairs",
        "merges",
        "alembic_version",
    }
)
TECHNICAL_COLUMNS = frozenset(
    {"version", "created_at", "updated_at", "last_seen_at", "last_used_at"}
)
NATURAL_KEYS = {
    "plan_periods": ("key",),
    "policy_codes": ("plan", "code"),
    "cross_tags": ("plan", "kind", "number"),
}
"""What names a row of a table that has no public id."""
SECRETS = frozenset(
    {
        "users.password",
        "users.fs_uniquifier",
        "users.tf_primary_method",
        "users.tf_totp_secret",
        "users.tf_last_counter",
        "users.mf_recovery_codes",
        "invitations.token_hash",
        "parties.token_hash",
        "check_ins.token_hash",
        "check_ins.reminder_hash",
        "enquiries.token_hash",
        "survey_copies.token_hash",
        "api_tokens.token_hash",
        "party_links.token_hash",
        "mail_preferences.token",
        "messages.body",
        "messages.unsubscribe_url",
        "web_sessions.key",
        "web_sessions.data",
    }
)
"""What no dump shows, whatever it is asked for: hashes, keys, and mails, in which links stand."""


def dump_lines(*, everything: bool = False) -> Iterator[str]:
    """One JSON object a row: its table and its columns, references as the public id of the row they
    point to; sorted by table and content. `everything` adds technical tables and columns, but never
    the secrets."""
    tables = sorted(db.metadata.sorted_tables, key=lambda table: table.name)
    names = _public_names(tables)
    for table in tables:
        if table.name in TECHNICAL_TABLES and not everything:
            continue
        yield from sorted(_rows(table, names, everything=everything))


def public_names() -> dict[tuple[str, Any], str]:
    """(table, row number) → the name by which other tables' rows are told, for all tables."""
    return _public_names(list(db.metadata.sorted_tables))


def _public_names(tables: list[Table]) -> dict[tuple[str, Any], str]:
    """(table, row number) → public id, for tables that have one; else a natural key."""
    return {
        (table.name, number): name
        for table in tables
        if "public_id" in table.c
        for number, name in db.session.execute(select(table.c.id, table.c.public_id))
    } | {
        (table.name, row[0]): "/".join(str(_plain(part)) for part in row[1:])
        for table in tables
        if table.name in NATURAL_KEYS
        for row in db.session.execute(
            select(table.c.id, *(table.c[column] for column in NATURAL_KEYS[table.name]))
        )
    }


def _rows(table: Table, names: dict[tuple[str, Any], str], *, everything: bool) -> Iterator[str]:
    columns = [
        column
        for column in table.c
        if f"{table.name}.{column.name}" not in SECRETS
        and (everything or (column.name not in TECHNICAL_COLUMNS and column.name != "id"))
    ]
    for row in db.session.execute(select(*columns)):
        record: dict[str, Any] = {"table": table.name}
        for column, value in zip(columns, row, strict=True):
            target = next((key.column for key in column.foreign_keys), None)
            if target is not None and value is not None:
                value = names.get((target.table.name, value), value)
            record[column.name] = _plain(value)
        yield json.dumps(record, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case Decimal() | float():
            # One spelling of a number, whatever type an engine gives: 2 and not 2.0.
            return int(value) if value == int(value) else float(value)
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case bool():
            return value
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value
