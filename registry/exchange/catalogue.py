"""The kinds of table that go in and out, in the order in which a registry is filled."""

from collections.abc import Mapping

from registry.common.errors import NotFound
from registry.exchange.columns import Kind
from registry.exchange.kinds import (
    cases,
    encounters,
    enrolments,
    events,
    listings,
    organizations,
    places,
    programs,
    readings,
    tenancies,
)

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        organizations.KIND,
        listings.KIND,
        programs.KIND,
        enrolments.KIND,
        encounters.KIND,
        events.KIND,
        places.KIND,
        readings.KIND,
    )
}
EXPORTED: Mapping[str, Kind] = {
    **KINDS,
    **{kind.code: kind for kind in (cases.KIND, *tenancies.KINDS)},
}
"""Lists that go out; matches are made by people, ledgers kept under a lock: they do not come in."""


def get_kind(code: str) -> Kind:
    """The kind of that code. Raises NotFound."""
    if code not in KINDS:
        raise NotFound
    return KINDS[code]
