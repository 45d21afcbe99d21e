"""Reading the audit log and checking its chain."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.audit.chain import FIRST, digest_value, entry_hash
from registry.audit.models import AuditEntry, AuditHead
from registry.db import db


@dataclass(frozen=True)
class Verdict:
    """Outcome of checking the chain: entries read, and the first bad position with its reason."""

    entries: int
    bad_position: int | None = None
    reason: str = ""


def position() -> int:
    """The position of the newest entry; 0 when there is none."""
    return db.session.scalar(select(AuditHead.position)) or 0


def entries_of(subject: str) -> list[AuditEntry]:
    """All changes of one record, newest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == subject)
            .options(selectinload(AuditEntry.values))
            .order_by(AuditEntry.position.desc())
        )
    )


def entries(*, action: str = "", subject: str = "", actor: str = "") -> Select[tuple[AuditEntry]]:
    """Statement of the entries that match every filter given, newest first, for paging."""
    statement = select(AuditEntry).order_by(AuditEntry.position.desc())
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        statement = statement.where(AuditEntry.subject.contains(subject, autoescape=True))
    if actor:
        statement = statement.where(AuditEntry.actor == actor)
    return statement


def verify() -> Verdict:
    """Walk the chain from its first entry and recompute every digest and hash."""
    previous, count = FIRST, 0
    statement = (
        select(AuditEntry)
        .options(selectinload(AuditEntry.values))
        .order_by(AuditEntry.position)
        .execution_options(yield_per=1000)
    )
    for entry in db.session.scalars(statement):
        count += 1
        if reason := _fault(entry, previous=previous, expected=count):
            return Verdict(count, count, reason)
        previous = entry.hash
    head = db.session.get(AuditHead, 1)
    if (head.position if head else 0) != count or (head.hash if head else FIRST) != previous:
        return Verdict(count, count + 1, "the log ends before its recorded head")
    return Verdict(count)


def _fault(entry: AuditEntry, *, previous: str, expected: int) -> str:
    if entry.position != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "does not follow the entry before it"
    if {value.field for value in entry.values} != set(entry.digests):
        return "fields were added or removed"
    for value in entry.values:
        found = digest_value(value.before, value.after, value.salt)
        if not value.erased and found != entry.digests[value.field]:
            return f"the value of {value.field} was changed"
    computed = entry_hash(
        previous=entry.previous,
        position=entry.position,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        digests=entry.digests,
    )
    return "" if computed == entry.hash else "the entry was changed"
