"""The ledger over its service and pages: moving in and out, undoing, and two at the same time."""

import threading
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.common.errors import Conflict, DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.organizations.models import Organization, OrganizationState
from registry.places import tenancy
from registry.places.models import Occupancy, OccupancyState, Place
from registry.places.occupancy import fullness
from registry.places.tenancy import Tenancy
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.organizations import make_organization
from tests.factories.places import make_facility, make_machine, make_occupancy, make_place


def enter(place: Place, organization: Organization, first: date, last: date | None = None, **more):
    with transaction():
        wish = Tenancy(organization=organization, starts_on=first, ends_on=last, **more)
        return tenancy.move_in(place, wish, today=TODAY, viewer=SYSTEM)


def test_a_full_room_is_refused_with_the_day_and_who_is_in_it(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    room, firm = make_place(), make_organization(name="新しい工業")
    make_occupancy(room, make_organization(name="先の工業"), starts_on=date(2027, 1, 10))
    address = f"/places/{room.public_id}/move-in"

    page = client.post(address, {"organization_name": "新しい工業", "note": "南向き"}, status=200)
    assert "2027年1月10日" in page.text and "先の工業" in page.text and "南向き" in page.html
    client.post(
        address,
        {
            "organization_name": firm.name,
            "ends_on-y": "令和9",
            "ends_on-m": "1",
            "ends_on-d": "9",
        },
    )
    row = db.session.scalars(select(Occupancy).where(Occupancy.organization_id == firm.id)).one()
    assert (row.starts_on, row.ends_on) == (TODAY, date(2027, 1, 9))
    assert row.state is OccupancyState.ACTIVE


def test_an_operator_who_may_not_see_a_tenant_is_told_no_name(app: Flask) -> None:
    room = make_place()
    hidden = make_organization(name="ひみつ工業", state=OrganizationState.SUBMITTED, industry="24")
    make_occupancy(room, hidden)
    operator = make_user(Role.OPERATOR)
    viewer = viewer_of(operator)

    with pytest.raises(NotAllowed):
        tenancy.move_in(room, Tenancy(make_organization(), TODAY), today=TODAY, viewer=viewer)
    from dataclasses import replace

    from tests.factories.places import make_program

    program = make_program()
    with transaction():
        room.program_id = program.id
    keeper = replace(viewer, program_ids=frozenset({program.id}))
    with pytest.raises(DomainError) as refused, transaction():
        tenancy.move_in(room, Tenancy(make_organization(), TODAY), today=TODAY, viewer=keeper)
    assert "ひみつ工業" not in str(refused.value.message)
    assert "製造業" in str(refused.value.message)


def test_moving_out_extending_cancelling_and_undoing_each(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    room = make_place()
    row = make_occupancy(room, make_organization(name="出入り工業"))
    base, ledger = f"/occupancies/{row.public_id}", f"/places/{room.public_id}/ledger"

    client.post(f"{base}/move-out", {"reason": "自社ビルへ"})
    assert (row.ends_on, row.end_reason) == (TODAY, "自社ビルへ")
    client.post(f"{base}/extend", {"until-y": "", "until-m": "", "until-d": ""})
    assert row.ends_on is None and row.end_reason == ""
    client.post(f"{base}/cancel", {"reason": "二重の入力"})
    assert row.state is OccupancyState.CANCELLED
    assert "出入り工業" not in Client(app).get(ledger).text
    client.post(f"{base}/restore", at=ledger, action="/restore")
    assert row.state is OccupancyState.ACTIVE


def test_undoing_a_cancellation_needs_room_again(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    room = make_place()
    row = make_occupancy(room, state=OccupancyState.CANCELLED)
    make_occupancy(room, make_organization(name="後の工業"))

    ledger = f"/places/{room.public_id}/ledger"
    page = client.post(f"/occupancies/{row.public_id}/restore", at=ledger, action="/restore")
    assert "後の工業 が入居" in client.follow(page).text
    assert row.state is OccupancyState.CANCELLED


def test_days_lie_within_the_life_of_the_place(app: Flask) -> None:
    room = make_place(opened_on=date(2026, 4, 1), closed_on=date(2028, 4, 1))
    firm = make_organization()
    for first, last, field in (
        (date(2026, 3, 31), date(2027, 3, 31), "starts_on"),
        (date(2026, 4, 1), date(2028, 4, 1), "ends_on"),
        (date(2026, 4, 1), None, "ends_on"),
        (date(2026, 4, 2), date(2026, 4, 1), "ends_on"),
    ):
        with pytest.raises(DomainError) as refused:
            enter(room, firm, first, last)
        assert refused.value.field == field
    enter(room, firm, date(2026, 4, 1), date(2028, 3, 31))
    with pytest.raises(DomainError):
        enter(make_facility(), firm, TODAY)
    with pytest.raises(DomainError):
        enter(make_machine(), firm, TODAY)


def test_a_stale_version_is_a_conflict(app: Flask) -> None:
    row = make_occupancy(make_place())
    with transaction():
        row.note = "変わった"

    with pytest.raises(Conflict), transaction():
        tenancy.cancel(row, reason="", version=1, today=TODAY, viewer=SYSTEM)


WISHES = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "cancel"]),
        st.integers(0, 25),
        st.one_of(st.none(), st.integers(0, 10)),
        st.integers(1, 3),
    ),
    max_size=10,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(WISHES)
def test_occupancy_on_any_date_equals_the_ledger(app: Flask, wishes) -> None:
    """Whatever is asked for, the page's figure is the brute-force sum, never above capacity."""
    facility = make_facility()
    room = make_place(parent_id=facility.id, capacity=3)
    firm = make_organization()
    start = TODAY
    for verb, first, length, units in wishes:
        begins = date.fromordinal(start.toordinal() + first)
        until = None if length is None else date.fromordinal(begins.toordinal() + length)
        rows = list(db.session.scalars(select(Occupancy).where(Occupancy.place_id == room.id)))
        try:
            if verb == "in" or not rows:
                enter(room, firm, begins, until, units=units)
                continue
            with transaction():
                row = rows[first % len(rows)]
                if verb == "out":
                    tenancy.move_out(
                        row, on=begins, reason="", version=None, today=TODAY, viewer=SYSTEM
                    )
                else:
                    tenancy.cancel(row, reason="", version=None, today=TODAY, viewer=SYSTEM)
        except DomainError:
            db.session.rollback()
    days = [date.fromordinal(start.toordinal() + n) for n in range(-1, 40)]
    rows = db.session.scalars(select(Occupancy).where(Occupancy.place_id == room.id)).all()
    for point in fullness(facility, days):
        held = 0
        for row in rows:
            counts = row.state is not OccupancyState.CANCELLED
            if counts and row.starts_on <= point.on <= (row.ends_on or date.max):
                held += row.units
        assert point.held == held <= point.capacity == 3


@pytest.mark.parametrize("apart", [False, True])
def test_of_two_who_move_in_at_once_exactly_one_wins(app: Flask, apart: bool) -> None:
    """Real connections in threads: both read a free room, one is let in, the other is refused."""
    facility = make_facility()
    room = make_place(parent_id=facility.id)
    rooms = [room.id, make_place(parent_id=facility.id).id if apart else room.id]
    firms = [make_organization().id for _n in range(2)]
    ready, outcomes = threading.Barrier(2), []
    db.session.rollback()

    def move(place_id: int, firm_id: int) -> None:
        with app.app_context():
            ready.wait(timeout=10)
            try:
                with transaction():
                    place = db.session.get_one(Place, place_id)
                    firm = db.session.get_one(Organization, firm_id)
                    tenancy.move_in(place, Tenancy(firm, TODAY), today=TODAY, viewer=SYSTEM)
                outcomes.append("in")
            except DomainError:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=move, args=pair) for pair in zip(rooms, firms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == (["in", "in"] if apart else ["in", "refused"])
    held = db.session.query(Occupancy).filter(Occupancy.place_id == room.id).count()
    assert held == 1
