"""Events and editions written in the browser, moved through their life, copied to the next year."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db
from registry.events.models import Edition, EditionState, Event
from registry.notifications.models import Message
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.events import (
    make_edition,
    make_event,
    make_program,
    make_registration,
    operator_of,
)
from tests.factories.organizations import make_member, make_organization


def days(name: str, day: date | None) -> dict[str, str]:
    """The three parts of a date in a form."""
    if day is None:
        return {f"{name}-{part}": "" for part in "ymd"}
    return {f"{name}-y": str(day.year), f"{name}-m": str(day.month), f"{name}-d": str(day.day)}


def test_an_event_and_its_first_edition_are_made_in_the_browser(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    host = make_organization(name="産業振興の財団")

    step = client.follow(
        client.post(
            "/events/new",
            {"title": "環境の展示会", "kind": "exhibition", "organizer_name": "産業振興の財団"},
        )
    )
    address = client.submit(
        step.form("title"),
        {"title": "環境の展示会2027", **days("starts_on", date(2027, 2, 4)),
         **days("ends_on", date(2027, 2, 5)), "capacity": "１，２００人", "venue": "アリーナ"},
        address=f"/events/{db.session.scalars(select(Event)).one().public_id}/editions/new",
    )  # fmt: skip
    page = client.follow(address)

    edition = db.session.scalars(select(Edition)).one()
    assert (edition.capacity, edition.state) == (1200, EditionState.PLANNED)
    assert edition.event.organizer_id == host.id
    assert "2027年2月4日～5日" in page.text and "準備中" in page.text


def test_an_edition_without_days_is_told_by_month_or_fiscal_year(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/events/{make_event().public_id}/editions/new"

    for typed, period, first, last in (
        ("2027年2月", "2027-02", date(2027, 2, 1), date(2027, 2, 28)),
        ("令和9年度", "FY2027", date(2027, 4, 1), date(2028, 3, 31)),
        ("2027年", "2027", date(2027, 1, 1), date(2027, 12, 31)),
    ):
        client.post(address, {"title": typed, **days("starts_on", None), "period": typed})
        row = db.session.scalars(select(Edition).where(Edition.title == typed)).one()
        assert (row.period, row.starts_on, row.ends_on, row.days_known) == (
            period, first, last, False)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "回の名前を入力してください"),
        ({"title": "長" * 161}, "160 文字まで"),
        ({"capacity": "たくさん"}, "数として読めません"),
        ({"capacity": "0"}, "1 から 100,000"),
        (days("ends_on", date(2027, 2, 1)), "始まりの日かそれより後"),
        ({"starts_on-d": "31"}, "28 までで入力"),
        (days("starts_on", None), "時期を書いてください"),
        ({**days("starts_on", None), "period": "そのうち"}, "時期として読めません"),
        ({**days("opens_on", date(2027, 1, 9)), **days("closes_on", date(2027, 1, 8))}, "申込の始まりかそれより後"),
        (days("closes_on", date(2027, 3, 1)), "開催の最後の日かそれより前"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    client: Client, typed: dict[str, str], words: str
) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    sound = {"title": "催し", **days("starts_on", date(2027, 2, 4)), "venue": "打ちこんだ会場"}

    page = client.post(
        f"/events/{make_event().public_id}/editions/new", {**sound, **typed}, status=200
    )

    assert words in page.text
    assert "打ちこんだ会場" in page.html
    assert db.session.scalars(select(Edition)).all() == []


def test_the_life_of_an_edition_goes_forth_and_back(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    edition = make_edition(
        starts_on=date(2026, 11, 25), state=EditionState.PLANNED, announced=False
    )
    address = f"/editions/{edition.public_id}/state"
    public = Client(client.app)

    public.get(f"/editions/{edition.public_id}", status=404)
    for to, seen in (("open", 200), ("closed", 200), ("open", 200), ("held", 200), ("closed", 200),
                     ("planned", 404)):  # fmt: skip
        client.post(address, {"to": to})
        db.session.refresh(edition)
        assert edition.state.value == to
        public.get(f"/editions/{edition.public_id}", status=seen)
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"edition:{edition.public_id}")
    ).all()
    assert actions[-1] == "edition.planned"


def test_cancelling_asks_for_a_reason_and_tells_those_who_registered(client: Client) -> None:
    edition = make_edition()
    firm = make_organization()
    make_member(firm, email="tells@test.example")
    make_registration(edition, firm, 2)
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/editions/{edition.public_id}/state"

    assert "中止の理由を入力" in client.post(address, {"to": "cancelled"}, status=200).text
    client.post(address, {"to": "cancelled", "reason": "台風のため"})

    mail = db.session.scalars(select(Message).where(Message.kind == "edition.cancelled")).one()
    assert mail.to_address == "tells@test.example" and "台風のため" in mail.body
    page = Client(client.app).get(f"/editions/{edition.public_id}")
    assert "理由：台風のため" in page.text
    client.post(address, {"to": "planned"})
    Client(client.app).get(f"/editions/{edition.public_id}", status=404)


def test_steps_that_cannot_be_are_refused_in_words(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    future = make_edition()
    past = make_edition(starts_on=date(2026, 5, 1), state=EditionState.PLANNED)

    for edition, to, words in (
        (future, "held", "始まりの日からです"),
        (past, "open", "終わった開催回の申込は始められません"),
    ):
        page = client.post(f"/editions/{edition.public_id}/state", {"to": to}, status=200)
        assert words in page.text
    page = client.post(f"/editions/{future.public_id}/state", {"to": "open"}, status=200)
    assert "Not a valid choice" not in page.text


def test_two_who_change_the_same_edition_see_each_others_words(app: Flask) -> None:
    edition = make_edition(venue="はじめの会場")
    address = f"/editions/{edition.public_id}/edit"
    one = Client(app).sign_in(make_user(Role.COORDINATOR))
    other = Client(app).sign_in(make_user(Role.COORDINATOR))
    form = one.get(address).form("venue")

    other.post(address, {"venue": "ほかの人の会場"})
    page = one.submit(form, {"venue": "わたしの会場"}, address=address, status=409)

    assert "ほかの人の会場" in page.text and "わたしの会場" in page.text
    event = f"/events/{edition.event.public_id}/edit"
    form = one.get(event).form("title")
    other.post(event, {"title": "別の名前"})
    assert "別の名前" in one.submit(form, {"title": "この名前"}, address=event, status=409).text
    state = f"/editions/{edition.public_id}/state"
    form = one.get(state).form("to")
    other.post(state, {"to": "closed"})
    one.submit(form, {"to": "closed"}, address=state, status=409)


def test_a_copy_is_a_year_later_on_the_same_weekday(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    edition = make_edition(
        title="技術展2027", capacity=80, venue="アリーナ", starts_on=date(2027, 2, 4),
        ends_on=date(2027, 2, 5), closes_on=date(2027, 1, 22))  # fmt: skip

    client.post(f"/editions/{edition.public_id}/copy")

    copy = db.session.scalars(select(Edition).where(Edition.id != edition.id)).one()
    assert (copy.title, copy.starts_on, copy.ends_on) == (
        "技術展2028", date(2028, 2, 3), date(2028, 2, 4))  # fmt: skip
    assert copy.starts_on.weekday() == edition.starts_on.weekday()
    assert (copy.capacity, copy.venue, copy.state) == (80, "アリーナ", EditionState.PLANNED)


def test_an_operator_writes_the_events_of_its_own_programs_alone(app: Flask) -> None:
    own, other = make_program(), make_program(title="よその制度")
    operator = operator_of(own)
    client = Client(app).sign_in(operator)

    assert "よその制度" not in client.get("/events/new").text
    client.post("/events/new", {"title": "うちの催し", "kind": "seminar", "program": own.public_id})
    strange = make_edition(make_event(program_id=other.id))
    for path in ("edit", "state", "copy", "exhibitors/new", "figures/new", "meetings/new"):
        client.get(f"/editions/{strange.public_id}/{path}", status=403)
    event = db.session.scalars(select(Event).where(Event.title == "うちの催し")).one()
    client.get(f"/events/{event.public_id}/edit")
    assert "うちの催し" in client.get("/events").text
