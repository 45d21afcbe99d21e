"""Reading places: who sees which, what is free in them, and the choices that pages offer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from registry.common import calendar, codelists
from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.viewer import Viewer
from registry.db import db
from registry.places.models import (
    Occupancy,
    OccupancyState,
    Place,
    PlaceKind,
    PlaceState,
    PlaceUse,
)
from registry.programs.models import Program
from registry.programs.queries import is_public

MOST_TERMS = 10
ROOT = func.coalesce(Place.parent_id, Place.id)
"""The facility a place is in; its own row number when it stands alone."""


@dataclass(frozen=True)
class PlaceFilter:
    """What a list of places is narrowed to; empty means all.

    `program` is a public id; `where` a municipality's code (a city takes its wards in) or the two
    letters of a country; `free` keeps those with room today.
    """

    text: str = ""
    kind: PlaceKind | None = None
    program: str = ""
    where: str = ""
    free: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.kind or self.program or self.where or self.free)


def visible_to(viewer: Viewer) -> Select[Place]:
    """Statement of the places that the viewer may see, by number: where they are is public.

    Closed ones, and those of a program that is not published, are seen by staff and by the
    program's operators only. A place in a facility is seen with it.
    """
    statement = select(Place).options(joinedload(Place.program), joinedload(Place.parent))
    statement = statement.order_by(Place.number)
    if viewer.is_staff:
        return statement
    above = aliased(Place)
    closed_above = select(above.id).where(above.state == PlaceState.CLOSED)
    published = select(Program.id).where(is_public(calendar.today()))
    shown = and_(
        Place.state != PlaceState.CLOSED,
        or_(Place.parent_id.is_(None), Place.parent_id.not_in(closed_above)),
        or_(Place.program_id.is_(None), Place.program_id.in_(published)),
    )
    return statement.where(or_(shown, Place.program_id.in_(viewer.program_ids)))


def get_place(public_id: str, viewer: Viewer) -> Place:
    """The place of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(Place.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def places(wanted: PlaceFilter, viewer: Viewer) -> Select[Any]:
    """Statement of what stands by itself: (place, capacity, held, bookable) today, by number.

    Capacity and held are units for tenants in it that are open; `bookable` how many machines and
    halls are in it.
    """
    day = calendar.today()
    room, held = _capacity(day), _held(day)
    statement = (
        visible_to(viewer)
        .where(Place.parent_id.is_(None), *_conditions(wanted))
        .outerjoin(room, room.c.root == Place.id)
        .outerjoin(held, held.c.root == Place.id)
        .add_columns(
            func.coalesce(room.c.capacity, 0).label("capacity"),
            func.coalesce(held.c.units, 0).label("held"),
            func.coalesce(room.c.bookable, 0).label("bookable"),
        )
    )
    if wanted.free:
        statement = statement.where(
            func.coalesce(room.c.capacity, 0) > func.coalesce(held.c.units, 0)
        )
    return statement


def found_places(wanted: PlaceFilter, viewer: Viewer, *, parent: str = "") -> Select[Place]:
    """Statement of single places that fit themselves, facilities and what is in them, by number;
    of one facility when `parent` names it by its public id."""
    statement = visible_to(viewer)
    for term in search_terms(wanted.text[:200])[:MOST_TERMS]:
        statement = statement.where(Place.search_text.contains(term, autoescape=True))
    if wanted.kind:
        statement = statement.where(Place.kind == wanted.kind)
    if wanted.program:
        named = select(Program.id).where(Program.public_id == wanted.program)
        statement = statement.where(Place.program_id.in_(named))
    if parent:
        above = aliased(Place)
        there = select(above.id).where(above.public_id == parent)
        statement = statement.where(Place.parent_id.in_(there))
    return statement


def _conditions(wanted: PlaceFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Place.id.in_(_roots(Place.search_text.contains(term, autoescape=True)))
        for term in search_terms(wanted.text[:200])[:MOST_TERMS]
    ]
    if wanted.kind:
        found.append(Place.id.in_(_roots(Place.kind == wanted.kind)))
    if wanted.program:
        named = select(Program.id).where(Program.public_id == wanted.program)
        found.append(Place.id.in_(_roots(Place.program_id.in_(named))))
    if len(wanted.where) == 2 and wanted.where != "JP":
        found.append(Place.country == wanted.where.upper())
    elif wanted.where:
        codes = [wanted.where, *(ward.code for ward in codelists.wards(wanted.where))]
        found.append(Place.municipality.in_(codes))
    return found


def _roots(condition: ColumnElement[bool]) -> Select[Any]:
    """Row numbers of what stands by itself, itself or a place in it fitting the condition."""
    return select(ROOT).where(condition).correlate(None)


def is_held(day: date) -> ColumnElement[bool]:
    """Condition: the occupancy stands on a day."""
    return and_(
        Occupancy.state != OccupancyState.CANCELLED,
        Occupancy.starts_on <= day,
        or_(Occupancy.ends_on.is_(None), Occupancy.ends_on >= day),
    )


def stands(day: date) -> ColumnElement[bool]:
    """Condition: the place is there on a day."""
    return and_(
        or_(Place.opened_on.is_(None), Place.opened_on <= day),
        or_(Place.closed_on.is_(None), Place.closed_on > day),
    )


def _is_let(day: date) -> ColumnElement[bool]:
    return and_(Place.use == PlaceUse.TENANCY, Place.state == PlaceState.OPEN, stands(day))


def _capacity(day: date) -> Any:
    """For each facility: units for tenants that are open today, and what is booked in it."""
    units = func.sum(Place.capacity).filter(_is_let(day))
    booked = func.count(Place.id).filter(Place.use == PlaceUse.BOOKING)
    statement = select(ROOT.label("root"), units.label("capacity"), booked.label("bookable")).where(
        Place.state != PlaceState.CLOSED
    )
    return statement.group_by(ROOT).subquery()


def _held(day: date) -> Any:
    """For each facility: units held today in places that are open."""
    statement = select(ROOT.label("root"), func.sum(Occupancy.units).label("units"))
    statement = statement.select_from(Occupancy).join(Place, Occupancy.place_id == Place.id)
    return statement.where(_is_let(day), is_held(day)).group_by(ROOT).subquery()


def family(place: Place) -> ColumnElement[bool]:
    """Condition: the place itself or one in it."""
    return or_(Place.id == place.id, Place.parent_id == place.id)


def within(place: Place, viewer: Viewer) -> Select[Any]:
    """Statement of the places in a facility with the units held of each today: (place, held)."""
    day = calendar.today()
    held = (
        select(Occupancy.place_id, func.sum(Occupancy.units).label("units"))
        .where(is_held(day))
        .group_by(Occupancy.place_id)
        .subquery()
    )
    return (
        visible_to(viewer)
        .where(Place.parent_id == place.id)
        .outerjoin(held, held.c.place_id == Place.id)
        .add_columns(func.coalesce(held.c.units, 0).label("held"))
    )


def free_units(place: Place, day: date) -> int:
    """The units that a tenant could have on a day, in the place and those in it."""
    let = and_(family(place), _is_let(day))
    capacity = db.session.scalar(select(func.sum(Place.capacity)).where(let)) or 0
    held = db.session.scalar(select(func.sum(Occupancy.units)).join(Place).where(let, is_held(day)))
    return max(0, capacity - (held or 0))


def free_places(place: Place, day: date, *, limit: int = 100) -> list[tuple[Place, int]]:
    """The place itself or those in it that have room for a tenant on a day, with the free units."""
    held = (
        select(func.coalesce(func.sum(Occupancy.units), 0))
        .where(Occupancy.place_id == Place.id, is_held(day))
        .correlate(Place)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Place, Place.capacity - held)
        .where(family(place), _is_let(day), Place.capacity > held)
        .order_by(Place.number)
        .limit(limit)
    )
    return [(row, free) for row, free in rows]


def operates(place: Place, viewer: Viewer) -> bool:
    """Whether the viewer keeps this place: staff, and the operators of its program."""
    return viewer.is_staff or (
        viewer.may("places.operate") and place.program_id in viewer.program_ids
    )


def operated(viewer: Viewer) -> ColumnElement[bool]:
    """Condition: the viewer keeps the place."""
    return true() if viewer.is_staff else Place.program_id.in_(viewer.program_ids)


def where_choices(viewer: Viewer) -> tuple[list[str], list[str]]:
    """(municipalities, countries) in which the viewer sees places, by code."""
    seen = visible_to(viewer).where(Place.parent_id.is_(None)).order_by(None)
    home = seen.with_only_columns(Place.municipality).where(Place.municipality != "").distinct()
    abroad = seen.with_only_columns(Place.country).where(Place.country != "JP").distinct()
    return sorted(db.session.scalars(home)), sorted(db.session.scalars(abroad))


def programs_with_places(viewer: Viewer) -> list[Program]:
    """The programs whose places the viewer sees, by title."""
    seen = visible_to(viewer).order_by(None).with_only_columns(Place.program_id)
    statement = select(Program).where(Program.id.in_(seen)).order_by(Program.title, Program.id)
    return list(db.session.scalars(statement))
