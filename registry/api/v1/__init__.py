"""The first version of the API: its resources, each in a file of its own."""

from registry.api.operations import Operation
from registry.api.v1 import (
    cases,
    contacts,
    encounters,
    enrolments,
    listings,
    organizations,
    programs,
    reports,
    suggestions,
)

RESOURCES = (
    organizations.organizations,
    contacts.contacts,
    listings.listings,
    suggestions.suggestions,
    programs.programs,
    enrolments.enrolments,
    encounters.encounters,
    cases.cases,
    reports.reports,
)
"""In the order of the documentation."""


def operations() -> list[Operation]:
    """Every operation, in the order of the documentation."""
    return [operation for resource in RESOURCES for operation in resource.operations]
