"""Places and who holds them, for tests."""

from datetime import date
from itertools import count

from registry.db import db, transaction
from registry.organizations.models import Organization
from registry.places.models import (
    Occupancy,
    OccupancyState,
    Place,
    PlaceKind,
    PlaceState,
    PlaceUse,
)
from registry.programs.models import Program, ProgramState, Shape
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_place(**fields: object) -> Place:
    """An open room for one tenant."""
    number = next(_numbers)
    values: dict[str, object] = {
        "number": number,
        "kind": PlaceKind.ROOM,
        "use": PlaceUse.TENANCY,
        "name": f"試験の部屋{number}",
        "municipality": "14132",
        "state": PlaceState.OPEN,
    }
    place = Place(**{**values, **fields})
    with transaction():
        db.session.add(place)
    return place


def make_program(**fields: object) -> Program:
    """A program that lets places."""
    number = next(_numbers)
    values = {"key": f"places-{number}", "title": f"試験の施設事業{number}"}
    values |= {"shape": Shape.OCCUPANCY, "state": ProgramState.ACTIVE, **fields}
    program = Program(**values)
    with transaction():
        db.session.add(program)
    return program


def make_facility(**fields: object) -> Place:
    """A building that is not let by itself."""
    return make_place(**{"kind": PlaceKind.FACILITY, "use": PlaceUse.NONE, **fields})


def make_machine(**fields: object) -> Place:
    """A machine that is booked from 9 to 17 on weekdays."""
    return make_place(**{"kind": PlaceKind.MACHINE, "use": PlaceUse.BOOKING, **fields})


def make_occupancy(
    place: Place, organization: Organization | None = None, **fields: object
) -> Occupancy:
    """A tenant since April."""
    values: dict[str, object] = {
        "place_id": place.id,
        "organization_id": (organization or make_organization()).id,
        "starts_on": date(2026, 4, 1),
        "state": OccupancyState.ACTIVE,
    }
    row = Occupancy(**{**values, **fields})
    with transaction():
        db.session.add(row)
    return row
