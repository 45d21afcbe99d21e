"""The index folder: one writer at a time, notes that tie it to its database, its checking; and
what changed in the database beside it."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.db import db
from registry.listings.models import Listing
from registry.matching import discard, is_whole
from registry.organizations.models import Organization
from registry.suggestions.models import ListingTerms
from registry.suggestions.texts import TAGS

CHECKED_AT_ONCE = 64_000_000
"""Bytes of an index whose checksums are read before its first use; of a larger one just after."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process writes; others wait here."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def check_later(folder: Path, generation: str) -> None:
    """Read all checksums in the background; a damaged generation is taken out of force, so that
    the next suggestion builds a new one."""

    def check() -> None:
        if not is_whole(folder, generation):
            discard(folder, generation)

    threading.Thread(target=check, name="index check", daemon=True).start()


def notes(position: int, stored_at: datetime | None) -> dict[str, Any]:
    """What an index holds: all changes up to a position, known by the hash of its entry."""
    moment = stored_at.isoformat() if stored_at else None
    return {"position": position, "stored_at": moment, "hash": _hash_at(position), "tags": TAGS}


def noted(found: dict[str, Any]) -> tuple[int, datetime | None]:
    """Position and newest terms of an index."""
    moment = found["stored_at"]
    return int(found["position"]), datetime.fromisoformat(moment) if moment else None


def belongs(found: dict[str, Any], position: int) -> bool:
    """Whether an index was made of this very database, not of another or a later state, and with
    the tags that filters ask for now."""
    if found.get("tags") != TAGS:
        return False
    at = int(found["position"])
    own = _hash_at(at)
    return own is not None and at <= position and found["hash"] == own


def _hash_at(position: int) -> str | None:
    return db.session.scalar(select(AuditEntry.hash).where(AuditEntry.position == position))


def newest_terms() -> datetime | None:
    """When terms were stored last."""
    return db.session.scalar(select(func.max(ListingTerms.stored_at)))


def changed_listings(position: int, stored_at: datetime | None) -> list[Listing]:
    """Listings that the log or newly stored terms name, and those of changed organizations."""
    subjects = db.session.scalars(
        select(AuditEntry.subject).where(AuditEntry.position > position).distinct()
    ).all()
    listed = [s.removeprefix("listing:") for s in subjects if s.startswith("listing:")]
    owners = [s.removeprefix("organization:") for s in subjects if s.startswith("organization:")]
    newer = select(ListingTerms.listing_id)
    if stored_at is not None:
        newer = newer.where(ListingTerms.stored_at > stored_at)
    statement = select(Listing).where(
        Listing.public_id.in_(listed)
        | Listing.id.in_(newer)
        | Listing.organization.has(Organization.public_id.in_(owners))
    )
    return list(db.session.scalars(statement))
