"""What indicators count of encounters."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import selectinload

from registry.db import db
from registry.encounters.models import Encounter, EncounterKind, EncounterParty
from registry.policy.counting import Count, CountedRow, Filters, fact, fiscal_year_of, month_period
from registry.programs.counts import of_program


def _wanted(filters: Filters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [of_program(Encounter.program_id, filters)]
    if kinds := filters.get("kinds"):
        conditions.append(Encounter.kind.in_([EncounterKind(kind) for kind in kinds]))
    if desks := filters.get("desks"):
        conditions.append(Encounter.desk.in_(desks))
    if countries := filters.get("countries"):
        conditions.append(Encounter.country.in_(countries))
    if filters.get("with_supporters"):
        conditions.append(Encounter.supporters.any())
    return and_(true(), *conditions)


def _facts(filters: Filters) -> Select[Any]:
    return select(
        *fact(
            fiscal_year_of(Encounter.held_on), Encounter.id, period=month_period(Encounter.held_on)
        )
    ).where(_wanted(filters))


def _party_facts(filters: Filters) -> Select[Any]:
    return (
        select(
            *fact(
                fiscal_year_of(Encounter.held_on),
                Encounter.id,
                period=month_period(Encounter.held_on),
                party=EncounterParty.organization_id,
            )
        )
        .join(EncounterParty, EncounterParty.encounter_id == Encounter.id)
        .where(_wanted(filters))
    )


def _rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.scalars(
        select(Encounter)
        .where(Encounter.id.in_(numbers))
        .options(selectinload(Encounter.organizations))
        .order_by(Encounter.held_on, Encounter.number)
    )
    return [_row(encounter) for encounter in found]


def _row(encounter: Encounter) -> CountedRow:
    on: date = encounter.held_on
    return CountedRow(
        on=on.isoformat(),
        title=encounter.subject,
        parties=tuple(organization.name for organization in encounter.organizations),
        endpoint="encounters.show",
        public_id=encounter.public_id,
        illustrative=encounter.illustrative,
        source=encounter.source,
    )


COUNTS = (
    Count(
        name="encounters.rows",
        label=_l("相談・訪問・派遣"),
        keys=frozenset({"program", "kinds", "desks", "countries", "with_supporters"}),
        facts=_facts,
        party_facts=_party_facts,
        rows=_rows,
        model=Encounter,
    ),
)
