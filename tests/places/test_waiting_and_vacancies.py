"""Who waits comes in turn; a vacancy is a listing as long as there is one."""

from datetime import date, timedelta

from flask import Flask

from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.listings.models import Category, Listing, ListingState
from registry.places import tenancy, vacancies
from registry.places.models import PlaceKind, Waiting, WaitingState
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.places import make_facility, make_occupancy, make_place


def test_a_member_waits_is_offered_a_place_and_takes_it(app: Flask) -> None:
    firm = make_organization(name="待つ工業")
    facility = make_facility(name="センター")
    room = make_place(parent_id=facility.id, name="居室 1")
    tenant = make_occupancy(room)
    member, staff = Client(app).sign_in(make_member(firm)), Client(app).sign_in(make_user())
    address = f"/places/{facility.public_id}/waiting/new"

    member.post(address, {"wish": "20 m² くらい"})
    row = db.session.query(Waiting).one()
    assert (row.since, row.state) == (TODAY, WaitingState.WAITING)
    page = member.post(address, status=200)
    assert "もうここの空きを待っています" in page.text
    assert "待つ工業" not in Client(app).get(f"/places/{facility.public_id}").text
    assert "入居へ" not in staff.get("/places/waiting").text

    staff.post(f"/occupancies/{tenant.public_id}/move-out", {
        "on-y": "2026", "on-m": "11", "on-d": "24"})  # fmt: skip
    told = staff.get("/places/waiting")
    assert "待っている企業・団体がある施設が 1" in told.text
    assert "1 件が待っています" in staff.get(f"/places/{facility.public_id}").text
    staff.post(f"/waiting/{row.public_id}/offer", at="/places/waiting", action="/offer")
    assert row.state is WaitingState.OFFERED
    staff.post(f"/waiting/{row.public_id}/put-back", at="/places/waiting", action="/put-back")
    assert row.state is WaitingState.WAITING

    chosen = staff.get(f"/waiting/{row.public_id}/take").link("ここに入居する")
    assert "待つ工業" in staff.get(chosen).html
    staff.post(chosen)
    assert row.state is WaitingState.TAKEN
    assert "待つ工業" in Client(app).get(f"/places/{facility.public_id}").text


def test_those_who_wait_are_in_the_order_of_their_days(app: Flask) -> None:
    room, staff = make_place(), Client(app).sign_in(make_user())
    for name, day in (("後の工業", 20), ("先の工業", 10), ("中の工業", 15)):
        make_organization(name=name)
        staff.post(
            f"/places/{room.public_id}/waiting/new",
            {"organization_name": name, "since-y": "2026", "since-m": "11", "since-d": str(day)},
        )

    text = staff.get("/places/waiting").text
    assert text.index("先の工業") < text.index("中の工業") < text.index("後の工業")
    other = Client(app).sign_in(make_member()).get("/places/waiting").text
    assert "工業" not in other.replace("工業用地", "")


def test_withdrawing_needs_no_operator_and_strangers_see_nothing(app: Flask) -> None:
    firm, room = make_organization(), make_place()
    member = Client(app).sign_in(make_member(firm))
    member.post(f"/places/{room.public_id}/waiting/new")
    row = db.session.query(Waiting).one()

    Client(app).sign_in(make_member()).get(f"/waiting/{row.public_id}/withdraw", status=404)
    member.post(f"/waiting/{row.public_id}/withdraw", {"reason": "別の場所に決めた"})
    assert (row.state, row.state_reason) == (WaitingState.WITHDRAWN, "別の場所に決めた")


def test_a_vacancy_is_a_listing_as_long_as_there_is_one(app: Flask) -> None:
    owner = make_organization(name="センターの運営")
    facility = make_facility(name="創造センター", organization_id=owner.id)
    rooms = [make_place(parent_id=facility.id, area_m2=20.0 + n) for n in range(2)]
    staff, address = Client(app).sign_in(make_user()), f"/places/{facility.public_id}"

    staff.post(f"{address}/announce", at=address, action="/announce")
    listing = db.session.get_one(Listing, facility.listing_id)
    assert (listing.state, listing.category) == (ListingState.PUBLISHED, Category.FACILITY)
    assert listing.title == "創造センター の空き（2 区画）" and listing.fields == {"area_m2": 21}
    assert listing.organization_id == owner.id and listing.source == vacancies.SOURCE
    assert "空きから自動で" in Client(app).get(f"/listings/{listing.public_id}").text

    first, second = (make_organization() for _n in range(2))
    with transaction():
        wish = tenancy.Tenancy(first, TODAY)
        tenancy.move_in(rooms[0], wish, today=TODAY, viewer=SYSTEM)
    assert "（1 区画）" in listing.title
    with transaction():
        row = tenancy.move_in(rooms[1], tenancy.Tenancy(second, TODAY), today=TODAY, viewer=SYSTEM)
    assert listing.state is ListingState.CLOSED
    with transaction():
        tenancy.move_out(row, on=TODAY, reason="", version=None, today=TODAY, viewer=SYSTEM)
    assert vacancies.refresh_all(TODAY) == 0
    assert vacancies.refresh_all(TODAY + timedelta(days=1)) == 1
    again = db.session.get_one(Listing, facility.listing_id)
    assert again.id != listing.id and again.state is ListingState.PUBLISHED

    staff.post(f"{address}/silence", at=address, action="/silence")
    assert again.state is ListingState.CLOSED and facility.listing_id is None


def test_a_listing_that_nears_its_end_is_prolonged_while_the_vacancy_lasts(app: Flask) -> None:
    land = make_place(kind=PlaceKind.LAND, organization_id=make_organization().id)
    with transaction():
        vacancies.announce(land, viewer=SYSTEM)
    listing = db.session.get_one(Listing, land.listing_id)
    assert listing.category is Category.LAND
    day = listing.valid_until - timedelta(days=10)

    assert vacancies.refresh_all(day) == 1
    assert listing.valid_until == day + vacancies.VALID
    assert vacancies.refresh_all(day) == 0


def test_without_an_owner_nothing_is_announced(app: Flask) -> None:
    facility = make_facility(opened_on=date(2020, 4, 1))
    make_place(parent_id=facility.id)
    page = Client(app).sign_in(make_user()).get(f"/places/{facility.public_id}")

    assert "/announce" not in page.html and "登録すると" in page.text
