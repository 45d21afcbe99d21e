"""The office's settings: typed, with their defaults."""

from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select

from registry.audit.service import record
from registry.common.viewer import Viewer
from registry.db import db
from registry.office.models import Setting


@dataclass(frozen=True)
class Office:
    """Who the office is and how it works."""

    # Name of the city, and of the section that runs the registry.
    name: str = "みなと市"
    section: str = "産業振興課"
    phone: str = ""
    hours: str = ""
    # From whom mails come.
    sender_name: str = "結び"
    sender_address: str = "musubi@localhost"
    # A case without movement for so many days is stale.
    stale_days: int = 30
    # Months after an agreement at which the parties are asked for the outcome.
    check_in_months: tuple[int, ...] = (3, 6, 12, 24)
    # How long an introduction waits for an answer, in days.
    answer_days: int = 14
    # A silent party is reminded after so many working days, and called a last time so many working
    # days before its last day; 0: not at all.
    remind_days: int = 5
    warn_days: int = 2
    # For how long a listing is shown when its author says nothing, in days.
    listing_days: int = 365
    # A suggestion counts as strong from this score on.
    strong_score: int = 70
    # From this day of the month on the worker closes the month before; 0: people close it.
    close_day: int = 0


def office() -> Office:
    """The settings in force."""
    stored = {row.name: row.value for row in db.session.scalars(select(Setting))}
    known = {field.name for field in fields(Office)}
    values = {name: value for name, value in stored.items() if name in known}
    if "check_in_months" in values:
        values["check_in_months"] = tuple(values["check_in_months"])  # type: ignore[arg-type]
    return replace(Office(), **values)  # type: ignore[arg-type]


def change(new: Office, *, viewer: Viewer) -> None:
    """Store the settings and log what changed."""
    before, after = asdict(office()), asdict(new)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    for name, (_was, value) in changes.items():
        stored = list(value) if isinstance(value, tuple) else value
        db.session.merge(Setting(name=name, value=stored))
    if changes:
        record(actor=viewer, action="office.changed", subject="office", changes=changes)
