"""The places' pages: the list and its filters, a record, who sees whom."""

from datetime import date

from flask import Flask

from registry.common.roles import Role
from registry.db import db, transaction
from registry.organizations.models import OrganizationState
from registry.places.models import OccupancyState, Place, PlaceKind, PlaceState
from registry.policy.models import CountingRule, PeriodType
from registry.programs.models import ProgramOperator
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.places import (
    make_facility,
    make_machine,
    make_occupancy,
    make_place,
    make_program,
)
from tests.factories.policy import make_indicator, make_target


def operator_of(place: Place, app: Flask) -> Client:
    user = make_user(Role.OPERATOR)
    with transaction():
        db.session.add(ProgramOperator(program_id=place.program_id, user_id=user.id))
    return Client(app).sign_in(user)


def test_the_list_tells_what_is_free_today_and_narrows(client: Client) -> None:
    facility = make_facility(name="創造センター", municipality="14132")
    rooms = [make_place(name=f"居室 {n:02}", parent_id=facility.id) for n in range(1, 4)]
    make_occupancy(rooms[0])
    make_occupancy(rooms[1], starts_on=date(2025, 4, 1), ends_on=date(2026, 11, 24))
    make_occupancy(rooms[1], starts_on=date(2026, 12, 1))
    make_occupancy(rooms[2], state=OccupancyState.CANCELLED)
    office = make_facility(name="バンコク事務所", municipality="", country="TH")
    make_occupancy(make_place(name="机", parent_id=office.id, kind=PlaceKind.DESK, capacity=1))
    closed = make_facility(name="閉じた施設", state=PlaceState.CLOSED)

    page = client.get("/places")
    assert "全 2 件" in page.text or "2 件" in page.text
    assert "1／3" in page.text and "満室" in page.text
    assert closed.name not in page.text
    free = client.get("/places?free=y").text
    assert "創造センター" in free and "バンコク事務所" not in free
    assert "バンコク事務所" in client.get("/places?where=TH").text
    assert "バンコク事務所" not in client.get("/places?where=14130").text
    assert "創造センター" in client.get("/places?q=居室&kind=room").text
    assert "条件に合う施設はありません" in client.get("/places?q=存在しない").text
    assert client.get("/places?lang=en").reader.lang == "en"


def test_a_record_tells_its_occupancy_on_any_day_with_its_target(client: Client) -> None:
    program = make_program(key="kbic")
    indicator = make_indicator(
        measure="occupancies.rate",
        filters={"program": "kbic"},
        rule=CountingRule.STOCK,
        period_type=PeriodType.FISCAL_YEAR_END,
    )
    make_target(indicator, period="FY2026-end", value=80)
    facility = make_facility(name="創造センター", program_id=program.id)
    rooms = [
        make_place(name=f"居室 {n}", parent_id=facility.id, program_id=program.id) for n in range(4)
    ]
    for room in rooms[:3]:
        make_occupancy(room)

    now = client.get(f"/places/{facility.public_id}").text
    then = client.get(f"/places/{facility.public_id}?on=令和8年3月31日").text
    wrong = client.get(f"/places/{facility.public_id}?on=いつか")

    assert "75 %" in now and "80 %" in now and "3／4" in now
    assert "0／4" in then and "目標の設定なし" in then
    assert "日付として読めません" in wrong.text and "いつか" in wrong.html


def test_a_hidden_tenants_name_stands_nowhere(app: Flask) -> None:
    room = make_place()
    hidden = make_organization(
        name="ひみつ工業", state=OrganizationState.SUBMITTED, industry="24", employees=30
    )
    make_occupancy(room, hidden, note="庁内のメモ", end_reason="退去のわけ")
    seen = make_occupancy(make_place(), make_organization(name="見える工業"))

    for path in (f"/places/{room.public_id}", f"/places/{room.public_id}/ledger"):
        outside = Client(app).get(path).text
        assert "ひみつ工業" not in outside and "製造業" in outside
        assert "庁内のメモ" not in outside and "退去のわけ" not in outside
        inside = Client(app).sign_in(make_user()).get(path).text
        assert "ひみつ工業" in inside
    assert "見える工業" in Client(app).get(f"/places/{seen.place.public_id}").text


def test_operators_keep_the_places_of_their_program_and_no_others(app: Flask) -> None:
    mine = make_facility(program_id=make_program().id)
    other = make_facility(program_id=make_program().id)
    operator = operator_of(mine, app)

    operator.post(
        f"/places/{mine.public_id}/places/new",
        {
            "name": "居室 ＃",
            "name_en": "Room",
            "count": "１２",
            "capacity": "1",
            "area_m2": "36.5㎡",
        },
    )

    rooms = db.session.query(Place).filter_by(parent_id=mine.id).order_by(Place.number).all()
    assert [room.name for room in rooms][:2] == ["居室 01", "居室 02"] and len(rooms) == 12
    assert rooms[11].name_en == "Room 12" and rooms[0].area_m2 == 36.5
    assert {room.program_id for room in rooms} == {mine.program_id}
    for path in ("edit", "close", "places/new", "move-in"):
        operator.get(f"/places/{other.public_id}/{path}", status=403)


def test_a_refused_form_keeps_what_was_typed(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    make_facility(name="同じ名前")

    page = client.post(
        "/places/new", {"name": "同じ名前", "capacity": "零", "address": "川崎区の角"}, status=200
    )
    assert "1 以上の数字" in page.text and "川崎区の角" in page.html and "零" in page.html
    page = client.post("/places/new", {"name": "同じ名前", "description": "丘の上"}, status=200)
    assert "もうあります" in page.text and "丘の上" in page.text
    client.post("/places/new", {"name": "新しい施設", "country": "VN", "municipality": "14132"})
    made = db.session.query(Place).filter_by(name="新しい施設").one()
    assert (made.country, made.municipality) == ("VN", "")


def test_editing_an_old_version_shows_both_texts(app: Flask) -> None:
    client, place = Client(app).sign_in(make_user()), make_facility(name="元の名前")
    form = client.get(f"/places/{place.public_id}/edit").form("name")
    with transaction():
        place.name = "ほかの人の名前"

    page = client.submit(
        form, {"name": "わたしの名前"}, address=f"/places/{place.public_id}/edit", status=409
    )
    assert "ほかの人の名前" in page.text and "わたしの名前" in page.text


def test_closing_waits_for_tenants_and_can_be_undone(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    facility = make_facility()
    room = make_place(parent_id=facility.id, name="居室 1")
    row = make_occupancy(room, make_organization(name="残る工業"))
    address = f"/places/{facility.public_id}"

    refused = client.post(f"{address}/close", {"reason": "建て替え"}, status=200)
    assert "居室 1" in refused.text and "残る工業" in refused.text and "建て替え" in refused.html
    with transaction():
        row.ends_on = date(2026, 11, 24)
    client.post(f"{address}/close", {"reason": "建て替え"})
    assert {facility.state, room.state} == {PlaceState.CLOSED}
    assert facility.closed_on == date(2026, 11, 25)
    Client(app).get(f"/places/{room.public_id}", status=404)
    client.post(f"{address}/reopen", at=address, action="/reopen")
    assert {facility.state, room.state} == {PlaceState.OPEN} and room.closed_on is None
    client.post(f"{address}/stop", at=address, action="/stop")
    assert facility.state is PlaceState.CLOSED_TO_NEW


def test_the_capacity_never_falls_below_what_is_let(app: Flask) -> None:
    client = Client(app).sign_in(make_user())
    office = make_place(capacity=4)
    for firm in ("一番", "二番", "三番"):
        make_occupancy(office, make_organization(name=firm), starts_on=date(2027, 1, 1))

    page = client.post(f"/places/{office.public_id}/edit", {"capacity": "2"}, status=200)
    assert "2027年1月1日" in page.text and "三番" in page.text
    client.post(f"/places/{office.public_id}/edit", {"capacity": "3"})
    assert office.capacity == 3
    page = client.post(f"/places/{office.public_id}/edit", {"use": "booking"}, status=200)
    assert "使い方は変えられません" in page.text


def test_machines_show_in_their_facility_with_a_way_to_their_times(client: Client) -> None:
    facility = make_facility(name="ナノ")
    machine = make_machine(parent_id=facility.id, name="顕微鏡")

    page = client.get(f"/places/{facility.public_id}")

    assert f"/places/{machine.public_id}/bookings" in page.link("空き時間を見る")


def test_members_see_no_way_to_keep_a_place(app: Flask) -> None:
    place = make_place()
    page = Client(app).sign_in(make_member()).get(f"/places/{place.public_id}")

    assert not page.has_link("変更する") and not page.has_link("入居を記録する")
    assert page.has_link("空きを待つ列に入る")
