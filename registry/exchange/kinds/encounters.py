"""The table of encounters (相談・訪問・派遣)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters import service
from registry.encounters.asking import encounter_filter
from registry.encounters.models import Encounter
from registry.encounters.queries import encounters
from registry.exchange.batch import Batch
from registry.exchange.columns import Context, Kind
from registry.exchange.kinds.encounter_columns import COLUMNS
from registry.exchange.references import (
    resolve_organizations,
    resolve_people,
    resolve_programs,
)
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Put the rows to the encounters room's service."""
    return run_rows(batch, context, RULES)


def _prepare(batch: Batch, context: Context) -> None:
    resolve_organizations(batch, context.viewer, "organizations", several=True)
    resolve_organizations(batch, context.viewer, "supporters", several=True)
    resolve_organizations(batch, context.viewer, "referred_by")
    resolve_programs(batch)
    resolve_people(batch)
    if batch.has("hours"):
        batch.values["hours"] = [
            value if value is None or isinstance(value, str) else _plain(value)
            for value in batch.values["hours"]
        ]


def _plain(value: Any) -> Any:
    try:
        return float(value)
    except TypeError:
        return value


def _find(batch: Batch, place: int, context: Context) -> Encounter | None:
    if public_id := batch.get("id", place):
        row = db.session.scalar(select(Encounter).where(Encounter.public_id == public_id))
        if row is not None:
            return row
    same = select(Encounter).where(
        Encounter.held_on == batch.get("held_on", place),
        Encounter.kind == batch.get("kind", place),
        Encounter.subject == batch.get("subject", place),
    )
    found = list(db.session.scalars(same.order_by(Encounter.id)))
    parties = batch.get("organizations", place)
    ids = {row.id for row in parties} if isinstance(parties, list) else set()
    at = batch.get("starts_at", place)
    return next(
        (
            row
            for row in found
            if {party.id for party in row.organizations} == ids and at in (None, row.starts_at)
        ),
        None,
    )


def stored(row: Encounter) -> dict[str, Any]:
    """What is stored of an encounter, by column."""
    return {
        "held_on": row.held_on,
        "starts_at": row.starts_at,
        "kind": row.kind,
        "organizations": list(row.organizations),
        "subject": row.subject,
        "result": row.result,
        "hours": float(row.hours) if row.hours is not None else None,
        "desk": row.desk,
        "channel": row.channel,
        "referred_by": row.referred_by,
        "supporters": list(row.supporters),
        "topics": list(row.topics),
        "expert": row.expert,
        "country": row.country,
        "step": row.step,
        "next_step": row.next_step,
        "next_due": row.next_due,
        "program": row.program,
        "coordinator": row.coordinator,
    }


def _command(values: Mapping[str, Any], row: Encounter | None = None) -> Any:
    """The room's command; what a file has no column for stays as it is stored."""
    known = service.RecordEncounter.__dataclass_fields__
    kept = {
        name: getattr(row, name)
        for name in known
        if row is not None and name not in COLUMN_KEYS and hasattr(row, name)
    }
    texts = ("result", "desk", "next_step", "expert", "country", "step")
    given = {
        name: value
        for name, value in values.items()
        if name in known and (value is not None or name not in texts)
    }
    for name in ("organizations", "supporters", "topics"):
        if name in kept or name in given:
            source = given if name in given else kept
            source[name] = tuple(source[name] or ())
    return service.RecordEncounter(**{**kept, **given})


def _create(values: Mapping[str, Any], context: Context) -> Encounter:
    return service.record_encounter(_command(values), today=context.today, viewer=context.viewer)


def _change(
    row: Encounter, wanted: Mapping[str, Any], changed: Mapping[str, Any], context: Context
) -> None:
    command = _command(wanted, row)
    service.edit_encounter(row, command, version=None, today=context.today, viewer=context.viewer)


def _identity(batch: Batch, place: int) -> Any:
    if public_id := batch.get("id", place):
        return public_id
    parties = batch.get("organizations", place)
    ids = tuple(row.id for row in parties) if isinstance(parties, list) else ()
    keys = ("held_on", "starts_at", "kind", "subject")
    return (*(batch.get(key, place) for key in keys), ids)


COLUMN_KEYS = frozenset(column.key for column in COLUMNS)
RULES = Rules(
    find=_find,
    stored=stored,
    create=_create,
    change=_change,
    label=lambda batch, place: f"{batch.text('held_on', place)} {batch.text('subject', place)}",
    prepare=_prepare,
    fields={"organization_names": "organizations", "supporter_names": "supporters"},
    relations=("organizations", "supporters"),
    empties={
        "starts_at": None,
        "hours": None,
        "next_due": None,
        "program": None,
        "coordinator": None,
        "organizations": [],
        "channel": None,
        "referred_by": None,
        "supporters": [],
        "topics": [],
    },
    identity=_identity,
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The encounters on screen, newest first."""
    return encounters(encounter_filter(asked), viewer).options(
        selectinload(Encounter.organizations),
        selectinload(Encounter.supporters),
        selectinload(Encounter.referred_by),
        selectinload(Encounter.program),
        selectinload(Encounter.coordinator),
    )


def values(found: Sequence[Encounter], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each; `rows` gives them to staff alone."""
    return [{"id": row.public_id, "number": row.number, **stored(row)} for row in found]


KIND = Kind(
    code="encounters",
    title=lambda: str(_l("相談・訪問")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("encounters", "encounter_parties", "encounter_supporters"),
    list_endpoint="encounters.index",
    page_endpoint="encounters.show",
    reads_permission="encounters.read",
)
