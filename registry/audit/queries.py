"""Reading the audit log and checking its chain."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.audit.chain import FIRST, digest_value, entry_hash
from registry.audit.models import ERASED, AuditEntry, AuditHead
from registry.common.errors import NotFound
from registry.db import db

NamesOf = Callable[[Iterable[str]], dict[str, str]]
"""Names of actors by public id; given by the room that knows people, which stands above this one."""


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


def entries(*, action: str = "", subject: str = "", actor: str = "") -> Select[AuditEntry]:
    """Statement of the entries that match every filter given, newest first, for paging."""
    statement = select(AuditEntry).order_by(AuditEntry.position.desc())
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        statement = statement.where(AuditEntry.subject.contains(subject, autoescape=True))
    if actor:
        statement = statement.where(AuditEntry.actor == actor)
    return statement


def get_entry(position: int) -> AuditEntry:
    """The entry at that position. Raises NotFound."""
    entry = db.session.get(AuditEntry, position)
    if entry is None:
        raise NotFound
    return entry


def actions() -> list[str]:
    """Every action in the log, by name."""
    return list(
        db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    )


def register_names(app: Flask, names_of: NamesOf) -> None:
    """Tell how names of actors are found."""
    app.extensions["musubi_names"] = names_of


def names_of(entries_shown: Iterable[AuditEntry]) -> dict[str, str]:
    """Names of the actors of these entries, by public id."""
    ask: NamesOf | None = current_app.extensions.get("musubi_names")
    return ask({entry.actor for entry in entries_shown}) if ask else {}


def verify() -> Verdict:
    """Walk the chain from its first entry and recompute every digest and hash.

    Values that were erased must be empty, and their erasing must itself stand in the log.
    """
    previous, count = FIRST, 0
    unexplained: dict[str, int] = {}
    statement = (
        select(AuditEntry)
        .options(selectinload(AuditEntry.values))
        .order_by(AuditEntry.position)
        .execution_options(yield_per=1000)
    )
    with closing(db.session.scalars(statement)) as rows:
        for entry in rows:
            count += 1
            if reason := _fault(entry, previous=previous, expected=count):
                return Verdict(count, count, reason)
            if entry.action == ERASED:
                unexplained.pop(entry.subject, None)
            if any(value.erased for value in entry.values):
                unexplained.setdefault(entry.subject, count)
            previous = entry.hash
    head = db.session.get(AuditHead, 1)
    if (head.position if head else 0) != count or (head.hash if head else FIRST) != previous:
        return Verdict(count, count + 1, "the log ends before its recorded head")
    if unexplained:
        return Verdict(count, min(unexplained.values()), "values were erased without an entry")
    return Verdict(count)


def _fault(entry: AuditEntry, *, previous: str, expected: int) -> str:
    if entry.position != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "does not follow the entry before it"
    if sorted(value.field for value in entry.values) != sorted(entry.digests):
        return "fields were added or removed"
    for value in entry.values:
        if value.erased and (value.before, value.after, value.salt) == (None, None, ""):
            continue
        found = digest_value(value.before, value.after, value.salt)
        if value.erased or found != entry.digests[value.field]:
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
