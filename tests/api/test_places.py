"""Places over the API: what is free, moving in and booking by the same rules as on the pages."""

from flask import Flask

from registry.common.roles import Role
from registry.db import db
from registry.organizations.models import OrganizationState
from registry.places.models import Booking, Occupancy
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.places import make_facility, make_machine, make_occupancy, make_place
from tests.factories.tokens import Program


def test_places_tell_what_is_free_and_hide_owners_that_are_hidden(app: Flask) -> None:
    hidden = make_organization(name="ひみつの持ち主", state=OrganizationState.SUBMITTED)
    facility = make_facility(name="センター", organization_id=hidden.id)
    room = make_place(parent_id=facility.id)
    make_place(parent_id=facility.id)
    make_occupancy(room)

    found = Program(app).get("/places", query_string={"q": "センター"}).get_json()
    assert [row["free"] for row in found["items"]] == [1]
    assert found["items"][0]["owner"] is None
    inner = Program(app).get("/places", query_string={"parent": facility.public_id}).get_json()
    assert inner["total"] == 2
    assert Program(app).get(f"/places/{room.public_id}").get_json()["free"] == 0


def test_the_ledgers_rules_hold_over_the_api(app: Flask) -> None:
    staff, firm = Program(app, make_user()), make_organization()
    room, machine = make_place(), make_machine()
    wish = {"organization": firm.public_id, "starts_on": "2026-12-01"}

    assert staff.send("POST", f"/places/{room.public_id}/move-in", json=wish).status_code == 200
    refused = staff.send("POST", f"/places/{room.public_id}/move-in", json=wish)
    assert refused.status_code in (409, 422) and db.session.query(Occupancy).count() == 1
    member = Program(app, make_member(firm))
    assert member.send("POST", f"/places/{room.public_id}/move-in", json=wish).status_code == 403
    booking = {
        "organization": firm.public_id,
        "on": "2026-11-30",
        "starts": "10:00",
        "ends": "12:00",
    }
    path = f"/places/{machine.public_id}/book"
    assert member.send("POST", path, json=booking).status_code == 200
    other = Program(app, make_member())
    assert other.send("POST", path, json=booking).status_code == 403
    assert member.send("POST", path, json=booking).status_code in (409, 422)
    assert db.session.query(Booking).count() == 1
    partner = Program(app, make_user(Role.PARTNER))
    assert partner.send("POST", path, json=booking).status_code == 403
