"""Registrations: within the capacity, then waiting; moved up, cancelled, marked; never too many."""

import threading
from datetime import date
from types import SimpleNamespace

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.events import registering
from registry.events.models import EditionState, Registration, RegistrationState
from registry.notifications.models import Message
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.events import TODAY, make_edition, make_registration
from tests.factories.organizations import make_member, make_organization

WAITING, REGISTERED = RegistrationState.WAITING, RegistrationState.REGISTERED


def test_a_member_registers_its_organization_and_gets_a_mail(app: Flask) -> None:
    edition = make_edition(capacity=10)
    firm = make_organization()
    client = Client(app).sign_in(make_member(firm, email="registers@test.example"))
    page = f"/editions/{edition.public_id}"

    shown = client.follow(client.post(f"{page}/register", {"people": "３人"}))

    row = db.session.scalars(select(Registration)).one()
    assert (row.people, row.state, row.organization_id) == (3, REGISTERED, firm.id)
    assert "わが社の申込：3 人" in shown.text
    mail = db.session.scalars(select(Message)).one()
    assert mail.to_address == "registers@test.example" and edition.title in mail.body
    assert edition.title not in mail.subject
    again = client.post(f"{page}/register", {"people": "1"}, status=200)
    assert "もう申し込んでいます" in again.text
    client.submit(
        shown.form(action="/registrations/"), address=f"/registrations/{row.public_id}/cancel"
    )
    db.session.refresh(row)
    assert row.state is RegistrationState.CANCELLED


def test_over_the_capacity_one_waits_and_moves_up_when_the_whole_group_fits(app: Flask) -> None:
    edition = make_edition(capacity=5)
    first = make_registration(edition, people=3)
    large = make_registration(edition, people=4)
    small_firm = make_organization()
    make_member(small_firm, email="moves@test.example")
    small = make_registration(edition, small_firm, people=3)
    assert [r.state for r in (first, large, small)] == [REGISTERED, WAITING, WAITING]

    with transaction():
        registering.cancel(first, today=TODAY, viewer=SYSTEM)

    states = [db.session.get(Registration, r.id).state for r in (large, small)]
    assert states == [REGISTERED, WAITING]
    with transaction():
        registering.cancel(large, today=TODAY, viewer=SYSTEM)
    assert db.session.get(Registration, small.id).state is REGISTERED
    kinds = db.session.scalars(select(Message.kind).order_by(Message.id)).all()
    assert kinds == ["registration.made", "registration.moved_up"]


def test_more_places_move_those_who_wait_up(app: Flask) -> None:
    edition = make_edition(capacity=1)
    make_registration(edition)
    waiting = make_registration(edition, people=2)
    client = Client(app).sign_in(make_user(Role.COORDINATOR))

    client.post(f"/editions/{edition.public_id}/edit", {"capacity": "3"})

    assert db.session.get(Registration, waiting.id).state is REGISTERED


def test_many_who_register_at_once_never_exceed_the_capacity(app: Flask) -> None:
    edition = make_edition(capacity=3)
    page = f"/editions/{edition.public_id}"
    emails = [make_member().email for _number in range(6)]
    together = threading.Barrier(len(emails), timeout=60)
    failed: list[object] = []

    def press(email: str) -> None:
        try:
            client = Client(app)
            client.sign_in(SimpleNamespace(email=email))  # type: ignore[arg-type]
            form = client.get(f"{page}/register").form("people")
            together.wait()
            client.submit(form, {"people": "1"}, address=f"{page}/register")
        except BaseException as error:
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=press, args=(email,)) for email in emails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    db.session.rollback()
    counts = dict(
        db.session.execute(
            select(Registration.state, func.sum(Registration.people)).group_by(Registration.state)
        ).all()
    )
    assert counts == {REGISTERED: 3, WAITING: 3}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    capacity=st.integers(1, 8),
    steps=st.lists(st.tuples(st.booleans(), st.integers(1, 6)), max_size=8),
)
def test_law_never_over_capacity_and_nobody_waits_who_would_fit(
    app: Flask, capacity: int, steps: list[tuple[bool, int]]
) -> None:
    edition = make_edition(capacity=capacity)
    made: list[Registration] = []
    for cancels, number in steps:
        if cancels and made:
            with transaction():
                try:
                    registering.cancel(made[number % len(made)], today=TODAY, viewer=SYSTEM)
                except DomainError:
                    continue
        else:
            made.append(make_registration(edition, people=number))
        free = capacity - registering.taken(edition)
        waiting = db.session.scalars(
            select(Registration.people).where(
                Registration.edition_id == edition.id, Registration.state == WAITING
            )
        ).all()
        assert free >= 0
        assert all(people > free for people in waiting)


def test_staff_mark_who_came_in_bulk_and_take_it_back(app: Flask) -> None:
    edition = make_edition(starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 25))
    rows = [make_registration(edition, people=2) for _number in range(3)]
    client = Client(app).sign_in(make_user(Role.COORDINATOR))
    address = f"/editions/{edition.public_id}/registrations"
    ids = [row.public_id for row in rows]

    def marked(state: str, chosen: list[str]) -> list[str]:
        page = client.get(address)
        form = page.form(action="/mark")
        client.submit(form, {"ids": chosen, "mark": state}, address=f"{address}/mark")
        return [db.session.get(Registration, row.id).state.value for row in rows]

    assert marked("attended", ids[:2]) == ["attended", "attended", "registered"]
    assert marked("absent", ids[2:]) == ["attended", "attended", "absent"]
    assert marked("registered", ids[:1]) == ["registered", "attended", "absent"]
    assert "記録する申込を選んで" in client.follow(
        client.submit(client.get(address).form(action="/mark"), {"mark": "absent"},
                      address=f"{address}/mark")).text  # fmt: skip
    future = make_edition()
    make_registration(future)
    page = client.get(f"/editions/{future.public_id}/registrations")
    refused = client.submit(
        page.form(action="/mark"),
        {"mark": "attended", "ids": ["x"]},
        address=f"/editions/{future.public_id}/registrations/mark",
    )
    assert "始まりの日からです" in client.follow(refused).text


def test_who_may_register_and_when(app: Flask) -> None:
    closed = make_edition(state=EditionState.CLOSED)
    over = make_edition(closes_on=date(2026, 11, 24))
    member = Client(app).sign_in(make_member())
    for edition in (closed, over):
        refused = member.post(f"/editions/{edition.public_id}/register", status=200)
        assert "申込は終わりました" in refused.text
    for typed, words in (({"people": "0"}, "1 から 200"), ({"people": "多数"}, "数として")):
        page = member.post(f"/editions/{make_edition().public_id}/register", typed, status=200)
        assert words in page.text
    other = make_registration(make_edition())
    form = member.get(f"/editions/{make_edition().public_id}/register").form("people")
    member.submit(form, address=f"/registrations/{other.public_id}/cancel", status=404)
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    make_organization(name="電話の会社")
    page = staff.follow(
        staff.post(
            f"/editions/{closed.public_id}/register",
            {"organization_name": "電話の会社", "people": "2"},
        )
    )
    assert "電話の会社" in page.text
    assert other.state is REGISTERED
