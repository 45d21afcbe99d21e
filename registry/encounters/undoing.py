"""Taking a deletion back: what stood in a record, kept as plain values, and the record made of it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import RelationshipProperty

from registry.audit.service import record
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db, next_number
from registry.encounters.models import Channel, Encounter, EncounterKind

Kept = dict[str, Any]
"""A record's plain values by column, and the row numbers of what it is tied to by relationship."""

LEFT = {"id", "version", "updated_at", "search_text"}
READERS = {
    "kind": EncounterKind,
    "channel": Channel,
    "held_on": date.fromisoformat,
    "starts_at": time.fromisoformat,
    "next_due": date.fromisoformat,
    "next_done_at": datetime.fromisoformat,
    "created_at": datetime.fromisoformat,
}


def kept_of(encounter: Encounter) -> Kept:
    """Everything that makes a record, as values that a session can hold."""
    columns = [key for key in inspect(Encounter).columns.keys() if key not in LEFT]  # noqa: SIM118
    return {key: _plain(getattr(encounter, key)) for key in columns} | {
        tie.key: [row.id for row in getattr(encounter, tie.key)] for tie in _ties()
    }


def restore_encounter(kept: Mapping[str, Any], *, viewer: Viewer) -> Encounter:
    """Make a deleted record again, with its address, and with its number where that is still free.

    What it was tied to and is gone by now stays away. Raises NotFound when the record is there.
    """
    if db.session.scalar(select(Encounter.id).where(Encounter.public_id == kept["public_id"])):
        raise NotFound
    ties = {tie.key: tie.mapper.class_ for tie in _ties()}
    values = {key: _read(key, value) for key, value in kept.items() if key not in ties}
    if db.session.scalar(select(Encounter.id).where(Encounter.number == values["number"])):
        values["number"] = next_number(Encounter.number)
    encounter = Encounter(**values)
    for key, row_class in ties.items():
        rows = (db.session.get(row_class, number) for number in kept.get(key, []))
        setattr(encounter, key, [row for row in rows if row is not None])
    db.session.add(encounter)
    db.session.flush()
    subject = f"encounter:{encounter.public_id}"
    changes = {"subject": (None, encounter.subject), "held_on": (None, encounter.held_on)}
    record(actor=viewer, action="encounter.restored", subject=subject, changes=changes)
    return encounter


def _ties() -> list[RelationshipProperty[Any]]:
    """Relationships of many to many: organizations, and whatever rooms above tie to a record."""
    return [tie for tie in inspect(Encounter).relationships if tie.secondary is not None]


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def _read(key: str, value: Any) -> Any:
    return READERS[key](value) if key in READERS and value is not None else value
