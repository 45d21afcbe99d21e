"""Bookings: by the half hour, in Tokyo, within the hours, never more than there is."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask

from registry.common.calendar import to_tokyo
from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.organizations.models import Organization
from registry.places import bookings
from registry.places.bookings import BookingWish, moment_of
from registry.places.models import Booking, BookingState, Place
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.places import make_machine, make_place

MONDAY = date(2026, 11, 30)
NOW = moment_of(TODAY, 12 * 60)


def book(
    place: Place, firm: Organization, first: int, last: int, on: date = MONDAY, units: int = 1
):
    with transaction():
        wish = BookingWish(firm, on, first * 60, last * 60, units)
        return bookings.book(place, wish, today=TODAY, now=NOW, viewer=SYSTEM)


def day_parts(day: date) -> dict[str, str]:
    return {"on-y": str(day.year), "on-m": str(day.month), "on-d": str(day.day)}


def test_a_member_books_for_the_own_organization_and_gives_back(app: Flask) -> None:
    firm, machine = make_organization(name="予約工業"), make_machine()
    client = Client(app).sign_in(make_member(firm))
    address = f"/places/{machine.public_id}/bookings"

    page = client.get(f"{address}/new?on=2026-11-30&at=600")
    assert "organization_name" not in page.html
    client.post(f"{address}/new?on=2026-11-30&at=600", {"purpose": "試作品の観察"})
    row = db.session.query(Booking).one()
    assert (row.on, row.organization_id) == (MONDAY, firm.id)
    assert [f"{to_tokyo(at):%H:%M}" for at in (row.starts_at, row.ends_at)] == ["10:00", "11:00"]

    mine = client.get(f"{address}?on=2026-11-30").text
    assert "10:00–11:00" in mine and "予約工業" in mine and "11:00–17:00" in mine
    outside = Client(app).get(f"{address}?on=2026-11-30").text
    assert "予約済み" in outside and "予約工業" not in outside and "試作品" not in outside

    client.post(f"/bookings/{row.public_id}/cancel", {"reason": "延期"})
    assert row.state is BookingState.CANCELLED
    client.post(f"/bookings/{row.public_id}/restore", at="/bookings", action="/restore")
    assert row.state is BookingState.BOOKED
    other = Client(app).sign_in(make_member())
    other.get(f"/bookings/{row.public_id}/cancel", status=404)
    assert "予約工業" not in other.get("/bookings").text


def test_overlaps_are_refused_with_the_time_in_the_way(app: Flask) -> None:
    machine, firm = make_machine(), make_organization(name="先の工業")
    book(machine, firm, 10, 12)
    client = Client(app).sign_in(make_member())
    address = f"/places/{machine.public_id}/bookings/new?on=2026-11-30&at=660"

    page = client.post(address, {"purpose": "重なる"}, status=200)
    assert "10:00 から 12:00 までは予約があります" in page.text and "重なる" in page.html
    assert "先の工業" not in page.text
    staff = Client(app).sign_in(make_user())
    page = staff.post(address, {"organization_name": firm.name}, status=200)
    assert "（先の工業）" in page.text
    book(machine, firm, 12, 13)
    book(machine, firm, 9, 10)
    assert "13:00–17:00" in client.get(f"/places/{machine.public_id}/bookings?on=2026-11-30").text


def test_hours_days_and_units_are_kept(app: Flask) -> None:
    machine, firm = make_machine(capacity=2), make_organization()
    saturday = MONDAY - timedelta(days=2)
    for wish, field in (
        ((machine, firm, 8, 10), "starts"),
        ((machine, firm, 16, 18), "starts"),
        ((machine, firm, 10, 10), "ends"),
        ((machine, firm, 10, 11, saturday), "on"),
        ((machine, firm, 10, 11, MONDAY, 3), "units"),
        ((machine, firm, 10, 11, TODAY + timedelta(days=370)), "on"),
    ):
        with pytest.raises(DomainError) as refused:
            book(*wish)
        assert refused.value.field == field
    book(machine, firm, 10, 12, MONDAY, 1)
    book(machine, firm, 11, 13, MONDAY, 1)
    with pytest.raises(DomainError):
        book(machine, firm, 11, 12)
    book(machine, firm, 12, 14)
    open_all_day = make_machine(open_from=0, open_until=24, open_weekends=True)
    row = book(open_all_day, firm, 23, 24, saturday)
    assert row.on == saturday and bookings.clock_of(row.ends_at, row.on) == "24:00"
    with pytest.raises(DomainError):
        book(make_place(), firm, 10, 11)


def test_of_two_who_book_at_once_exactly_one_wins(app: Flask) -> None:
    machine, firms = make_machine().id, [make_organization().id for _n in range(2)]
    ready, outcomes = threading.Barrier(2), []
    db.session.rollback()

    def try_to_book(firm_id: int) -> None:
        with app.app_context():
            ready.wait(timeout=10)
            try:
                firm = db.session.get_one(Organization, firm_id)
                book(db.session.get_one(Place, machine), firm, 10, 12)
                outcomes.append("booked")
            except DomainError:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=try_to_book, args=(firm,)) for firm in firms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["booked", "refused"]
    assert db.session.query(Booking).count() == 1
