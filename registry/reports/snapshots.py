"""What a closed month was counted from: codes and public ids, no names."""

from typing import Any

from sqlalchemy import select

from registry.cases.models import Case
from registry.common.calendar import Month
from registry.db import db
from registry.encounters.models import Encounter
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.reports.facts import Fact, Record, facts_between, record_of

TABLES: dict[Record, Any] = {
    Record.ORGANIZATION: Organization,
    Record.LISTING: Listing,
    Record.CASE: Case,
    Record.ENCOUNTER: Encounter,
}
"""Candidates are left out: there are many, and what they count never changes."""


def snapshot(month: Month) -> list[list[Any]]:
    """The month's facts in order, each [measure, day, public id of the record, program, policy
    code, industry, ward, coordinator]."""
    facts = [
        fact for fact in facts_between(month.start, month.end) if record_of(fact.measure) in TABLES
    ]
    names = _public_ids(facts)
    return sorted(
        [
            fact.measure.value,
            fact.on.isoformat(),
            names[record_of(fact.measure), fact.record],
            fact.dimensions.program,
            fact.dimensions.policy,
            fact.dimensions.industry,
            fact.dimensions.ward,
            fact.dimensions.coordinator,
        ]
        for fact in facts
    )


def _public_ids(facts: list[Fact]) -> dict[tuple[Record, int], str]:
    found = {}
    for record, model in TABLES.items():
        wanted = {fact.record for fact in facts if record_of(fact.measure) is record}
        if wanted:
            for number, name in db.session.execute(select(model.id, model.public_id)):
                if number in wanted:
                    found[record, number] = name
    return found
