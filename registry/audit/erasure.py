"""Erasing personal values from the log without breaking its chain."""

from collections.abc import Collection

from sqlalchemy import select

from registry.audit.models import ERASED, AuditEntry, AuditValue
from registry.audit.service import record
from registry.common.viewer import Viewer
from registry.db import db


def erase_values(subject: str, fields: Collection[str] | None = None, *, viewer: Viewer) -> int:
    """Empty what the log keeps of these fields of a record (of all when None is given), before and
    after; return how many values went. Digests and hashes stay, so that the chain still holds, and
    an entry tells of the erasing."""
    statement = (
        select(AuditValue)
        .join(AuditEntry, AuditEntry.position == AuditValue.position)
        .where(AuditEntry.subject == subject, AuditValue.erased.is_(False))
    )
    if fields is not None:
        statement = statement.where(AuditValue.field.in_(fields))
    rows = list(db.session.scalars(statement))
    for row in rows:
        row.before, row.after, row.salt, row.erased = None, None, "", True
    if rows:
        record(actor=viewer, action=ERASED, subject=subject)
    return len(rows)


def erased_fields(entry: AuditEntry) -> set[str]:
    """The fields of an entry whose values were erased."""
    return {value.field for value in entry.values if value.erased}
