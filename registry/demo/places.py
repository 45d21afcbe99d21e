"""Loading places and who holds them: the plan's facilities, with invented rooms and tenants."""

from datetime import date, timedelta
from itertools import count as numbers

from sqlalchemy import func, select

from registry.db import db
from registry.demo.crowd import pool
from registry.demo.files import is_yes, rows, whole
from registry.demo.lets import load_lets
from registry.demo.world import World
from registry.places.models import Occupancy, OccupancyState, Place, PlaceKind, PlaceState, PlaceUse


def load_places(world: World) -> None:
    """Facilities before the places in them; `count` equal places are numbered."""
    number = numbers(1)
    known: dict[str, list[Place]] = {}
    for row in rows("places"):
        copies = int(row["count"])
        known[row["key"]] = []
        for place in range(1, copies + 1):
            found = Place(
                public_id=world.ids.of(f"place:{row['key']}:{place}"),
                number=next(number),
                parent=known[row["parent"]][0] if row["parent"] else None,
                program=world.programs[row["program"]] if row["program"] else None,
                kind=PlaceKind(row["kind"]),
                use=PlaceUse(row["use"]),
                name=row["name"] if copies == 1 else f"{row['name']} {place:02}",
                name_en=row["name_en"] if copies == 1 else f"{row['name_en']} {place:02}",
                municipality=row["municipality"],
                country=row["country"],
                capacity=whole(row["capacity"]) or 1,
                state=PlaceState.OPEN,
                opened_on=world.day(row["opened"]),
                illustrative=is_yes(row["illustrative"]),
                source=row["source"],
            )
            known[row["key"]].append(found)
            db.session.add(found)
    db.session.flush()
    for places in known.values():
        for made in places:
            world.log("place.created", f"place:{made.public_id}", name=made.name)
    _load_details(known, world)
    _load_tenants(known, world)
    load_lets(known, world)


def _load_details(known: dict[str, list[Place]], world: World) -> None:
    """What is invented about places: owners, areas, fees, hours, words."""
    for row in rows("place_details"):
        for place in known[row["place"]]:
            place.organization = world.organizations[row["owner"]] if row["owner"] else None
            place.area_m2 = float(row["area_m2"]) if row["area_m2"] else None
            place.fee, place.monthly_yen = row["fee"], whole(row["monthly_yen"])
            place.open_from, place.open_until = int(row["open_from"]), int(row["open_until"])
            place.open_weekends = is_yes(row["open_weekends"])
            place.description = row["description"]
            place.description_en = row["description_en"]


def _load_tenants(known: dict[str, list[Place]], world: World) -> None:
    """So many places of a kind are held, by firms in turn, from days spread over a time. Those who
    hold one today are firms that the registry knows today."""
    for row in rows("tenancies"):
        units, ends = int(row["units"]), world.day(row["ends"])
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        firms = pool("fair", world)
        if ends is None:
            firms = [firm for firm in firms if firm.archived_on is None]
        offers = [place for place in known[row["place"]] for _unit in range(place.capacity)]
        begin = _taken(offers, ends)
        for place in range(units):
            days = (last - first).days * place // max(1, units - 1)
            occupancy = Occupancy(
                public_id=world.ids.of(f"occupancy:{row['key']}:{place + 1}"),
                place=offers[begin + place],
                organization=firms[(begin + place) % len(firms)],
                starts_on=first + timedelta(days=days),
                ends_on=ends,
                state=OccupancyState.ENDED if ends else OccupancyState.ACTIVE,
                illustrative=True,
            )
            db.session.add(occupancy)
        db.session.flush()
        world.log("occupancies.loaded", f"place:{offers[0].public_id}", count=units)


def _taken(offers: list[Place], ends: date | None) -> int:
    """How many of the places are held until the same day already."""
    held = select(func.count(Occupancy.id)).where(
        Occupancy.place_id.in_({place.id for place in offers}),
        Occupancy.ends_on == ends if ends else Occupancy.ends_on.is_(None),
    )
    return db.session.scalar(held) or 0
