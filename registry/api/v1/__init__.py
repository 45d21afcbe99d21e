"""The first version of the API: its resources, each in a file of its own."""

from registry.api.operations import Operation
from registry.api.v1 import (
    calls,
    cases,
    contacts,
    editions,
    encounters,
    enrolments,
    listings,
    occupancies,
    organizations,
    places,
    policy,
    programs,
    readings,
    reports,
    suggestions,
)

RESOURCES = (
    organizations.organizations,
    contacts.contacts,
    listings.listings,
    suggestions.suggestions,
    programs.programs,
    calls.calls,
    enrolments.enrolments,
    places.places,
    occupancies.occupancies,
    editions.edition_records,
    encounters.encounters,
    cases.cases,
    reports.reports,
    policy.policy_codes,
    policy.indicator_list,
    policy.indicators,
    policy.yearly,
    readings.readings,
)
"""In the order of the documentation."""


def operations() -> list[Operation]:
    """Every operation, in the order of the documentation."""
    return [operation for resource in RESOURCES for operation in resource.operations]
