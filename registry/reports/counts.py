"""All that indicators can count, gathered from the rooms."""

from collections.abc import Mapping
from typing import Any

from registry.cases.counts import COUNTS as CASES
from registry.common.errors import DomainError
from registry.encounters.counts import COUNTS as ENCOUNTERS
from registry.events.counts import COUNTS as EVENTS
from registry.places.counts import COUNTS as PLACES
from registry.policy.counting import Count
from registry.programs.counts import COUNTS as ENROLMENTS

COUNTS: Mapping[str, Count] = {
    count.name: count for count in (*CASES, *ENCOUNTERS, *ENROLMENTS, *PLACES, *EVENTS)
}
"""Name → what is counted, as an indicator's `measure` names it."""


def count_of(measure: str) -> Count:
    """The count of that name. Raises DomainError at field `measure`."""
    if measure not in COUNTS:
        raise DomainError(f"unknown measure {measure!r}", field="measure")
    return COUNTS[measure]


def unknown_filters(measure: str, filters: Mapping[str, Any]) -> list[str]:
    """The filters that a measure does not know, in their order."""
    return sorted(filters.keys() - count_of(measure).keys - {"as_of"})
