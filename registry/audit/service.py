"""Writing the audit log, in the transaction of the change itself."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from registry.audit.chain import FIRST, digest_value, entry_hash
from registry.audit.models import AuditEntry, AuditHead, AuditValue
from registry.common.viewer import Viewer
from registry.db import db, now

Change = tuple[object, object]
"""What a field was and became."""


def record(
    *,
    actor: Viewer,
    action: str,
    subject: str,
    changes: Mapping[str, Change] | None = None,
) -> AuditEntry:
    """Append one entry; call it in the transaction of the change.

    `action` like "listing.published", `subject` like "listing:<public id>". Fields that did not
    change are left out of `changes`.
    """
    head = _locked_head()
    entry = AuditEntry(
        position=head.position + 1,
        at=now(),
        actor=actor.public_id,
        action=action,
        subject=subject,
        digests={},
        previous=head.hash,
    )
    for field, (before, after) in (changes or {}).items():
        was, became = as_text(before), as_text(after)
        if was != became:
            salt = secrets.token_hex(8)
            entry.values.append(AuditValue(field=field, before=was, after=became, salt=salt))
            entry.digests[field] = digest_value(was, became, salt)
    entry.hash = entry_hash(
        previous=entry.previous,
        position=entry.position,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        digests=entry.digests,
    )
    db.session.add(entry)
    head.position, head.hash = entry.position, entry.hash
    db.session.flush()
    return entry


def record_many(entries: Sequence[tuple[str, str, Mapping[str, Change]]], *, actor: Viewer) -> None:
    """Append many entries (action, subject, changes) at once, chained like single ones, in order.

    Call it in the transaction of the changes, as `record`.
    """
    head, at = _locked_head(), now()
    rows: list[dict[str, object]] = []
    values: list[dict[str, object]] = []
    for action, subject, changes in entries:
        position, previous, digests = head.position + 1, head.hash, {}
        for field, (before, after) in changes.items():
            was, became = as_text(before), as_text(after)
            if was != became:
                salt = secrets.token_hex(8)
                digests[field] = digest_value(was, became, salt)
                values.append(
                    {
                        "position": position,
                        "field": field,
                        "before": was,
                        "after": became,
                        "salt": salt,
                        "erased": False,
                    }
                )
        told = {
            "position": position,
            "at": at,
            "actor": actor.public_id,
            "action": action,
            "subject": subject,
            "digests": digests,
            "previous": previous,
        }
        head.position, head.hash = position, entry_hash(**told)  # type: ignore[arg-type]
        rows.append({**told, "hash": head.hash})
    if rows:
        db.session.flush()
        db.session.execute(insert(AuditEntry), rows)
    if values:
        db.session.execute(insert(AuditValue), values)


def changed(row: object, values: Mapping[str, object]) -> dict[str, Change]:
    """The changes that setting `values` on a row would make, by field."""
    return {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }


def apply(row: object, values: Mapping[str, object]) -> dict[str, Change]:
    """Set the values on the row and return what changed, for `record`."""
    changes = changed(row, values)
    for name, (_before, after) in changes.items():
        setattr(row, name, after)
    return changes


def as_text(value: object) -> str | None:
    """How a value stands in the log."""
    match value:
        case None:
            return None
        case Enum():
            return str(value.value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return "; ".join(str(item) for item in value)
        case _:
            return str(value)


def _locked_head() -> AuditHead:
    """The end of the chain, locked. Two who write the very first entry at once meet the unique key:
    the second waits, and takes the head of the first."""
    statement = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = db.session.scalar(statement)
    if head is None:
        try:
            with db.session.begin_nested():
                db.session.add(AuditHead(id=1, position=0, hash=FIRST))
        except IntegrityError:
            pass
        head = db.session.scalars(statement).one()
    return head
