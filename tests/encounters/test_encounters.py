"""Writing an encounter down in ten seconds, finding it, correcting it, deleting it."""

from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEntry, AuditValue
from registry.common.calendar import Month
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.encounters import service
from registry.encounters.models import Encounter, EncounterKind
from registry.encounters.queries import (
    EncounterFilter,
    encounters,
    encounters_of,
    open_steps,
    totals,
)
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import make_case, make_encounter
from tests.factories.organizations import make_member, make_organization

NEW = "/encounters/new"


def test_three_answers_make_a_record_of_today(client: Client) -> None:
    staff = make_user(Role.COORDINATOR)
    organization = make_organization(name="株式会社 潮見精密めっき")
    client.sign_in(staff)

    client.post(NEW, {"kind": "visit", "subject": "めっき液", "organization_names": "ｼｵﾐ、潮見精密"}, status=200)  # fmt: skip
    page = client.follow(
        client.post(NEW, {"kind": "visit", "subject": "めっき液", "organization_names": "潮見精密"})
    )

    one = db.session.scalars(select(Encounter)).one()
    assert (one.held_on, one.coordinator_id, one.organizations) == (TODAY, staff.id, [organization])
    assert page.reader.h1 == ["めっき液"]


def test_a_name_that_fits_several_offers_them_and_keeps_what_was_typed(client: Client) -> None:
    first, second = make_organization(name="青葉製作所"), make_organization(name="青葉工業")
    client.sign_in(make_user(Role.COORDINATOR))
    typed = {"kind": "call", "subject": "納期の相談", "organization_names": "青葉"}

    page = client.post(NEW, typed, status=200)

    assert "複数あります" in page.text
    assert "青葉製作所" in page.text
    assert "納期の相談" in page.html
    client.submit(page.form("subject"), {**typed, "organizations": [second.public_id]}, address=NEW)
    assert db.session.scalars(select(Encounter)).one().organizations == [second]
    client.post(NEW, {**typed, "organization_names": "青葉製作所"})
    assert db.session.scalars(encounters_of(first, SYSTEM)).one().subject == "納期の相談"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": ""}, "種類を選んでください"),
        ({"subject": ""}, "用件を入力してください"),
        ({"subject": "長" * 201}, "200 文字まで"),
        ({"hours": "たくさん"}, "1.5 のような数"),
        ({"hours": "-1"}, "0 から 99"),
        ({"held_on-d": "31"}, "30 までで入力"),
        ({"held_on-y": "2027"}, "今日かそれより前"),
        ({"next_due-y": "2026", "next_due-m": "12", "next_due-d": "1"}, "何をするか"),
        ({"kind": "dispatch", "organization_names": ""}, "相手の企業・団体が必要"),
        ({"starts_at": "25時"}, "時刻"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    client: Client, typed: dict[str, str], words: str
) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(NEW, {"kind": "visit", "subject": "残る言葉", **typed}, status=200)

    assert words in page.text
    assert "直すところが 1 つあります" in page.text
    assert db.session.scalars(select(Encounter)).all() == []


def test_a_retried_submit_makes_one_record(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    form = client.get(NEW).form("subject")

    places = [
        client.submit(form, {"kind": "mail", "subject": "一度だけ"}, address=NEW).location
        for _ in range(2)
    ]

    assert places[0] == places[1] == f"/encounters/{db.session.scalars(select(Encounter)).one().public_id}"  # fmt: skip


def test_a_correction_of_a_changed_record_shows_both_texts(client: Client) -> None:
    encounter = make_encounter(make_organization(), hours=1.5)
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/encounters/{encounter.public_id}/edit"
    form = client.get(address).form("subject")
    assert {"name": "hours", "value": "1.5"} in form["fields"]
    client.post(address, {"result": "先に書いた結果"})

    page = client.submit(form, {"result": "後から書いた結果"}, address=address, status=409)

    assert "先に書いた結果" in page.text
    assert "後から書いた結果" in page.text
    client.submit(page.form("result"), address=address)
    db.session.refresh(encounter)
    assert (encounter.result, encounter.hours) == ("後から書いた結果", 1.5)
    assert len(encounter.organizations) == 1


def test_a_deleted_record_leaves_its_words_in_the_log(client: Client) -> None:
    encounter = make_encounter(make_organization(), subject="間違えた訪問")
    client.sign_in(make_user(Role.COORDINATOR))
    page = f"/encounters/{encounter.public_id}"
    address = f"{page}/delete"

    assert "消す理由" in client.post(address, {"reason": " "}, status=200).text
    client.post(address, {"reason": "二重に記録した"})

    client.get(page, status=404)
    kept = db.session.execute(
        select(AuditValue.field, AuditValue.before, AuditValue.after)
        .join(AuditEntry)
        .where(AuditEntry.action == "encounter.deleted")
    )
    values = {field: (before, after) for field, before, after in kept}
    assert values["subject"] == ("間違えた訪問", None)
    assert values["reason"] == (None, "二重に記録した")


def test_a_deletion_can_be_taken_back_right_after(client: Client) -> None:
    firm = make_organization()
    encounter = make_encounter(
        firm, subject="消してしまった訪問", hours=1.5, starts_at=time(13, 30),
        next_step="見積もり", next_due=date(2026, 12, 1),
    )  # fmt: skip
    case = make_case()
    with transaction():
        case.encounters.append(encounter)
    page, number = f"/encounters/{encounter.public_id}", encounter.number
    client.sign_in(make_user(Role.COORDINATOR))

    shown = client.follow(client.post(f"{page}/delete", {"reason": "間違えて押した"}))
    client.get(page, status=404)
    button = shown.form(action="/restore")
    back = client.follow(client.submit(button, address=button["action"]))

    assert back.reader.h1 == ["消してしまった訪問"]
    again = db.session.scalars(select(Encounter)).one()
    assert (again.number, again.kind, again.held_on) == (
        number,
        EncounterKind.VISIT,
        date(2026, 11, 10),
    )
    assert (again.hours, again.starts_at, again.next_due) == (1.5, time(13, 30), date(2026, 12, 1))
    assert again.organizations == [firm] and again.cases == [case]
    assert "restore" not in client.get("/encounters").html


def test_a_next_step_is_done_once_and_leaves_the_list_of_steps(client: Client) -> None:
    encounter = make_encounter(next_step="見積もりを受け取る", next_due=date(2026, 11, 20))
    staff = make_user(Role.COORDINATOR)
    client.sign_in(staff)
    assert "期限過ぎ" in client.get("/encounters").text

    client.post(f"/encounters/{encounter.public_id}", action="step-done")

    assert db.session.scalars(open_steps(viewer_of(staff), until=TODAY)).all() == []
    assert "済み" in client.get(f"/encounters/{encounter.public_id}").text


def test_the_list_narrows_and_its_totals_count_all_pages(client: Client) -> None:
    firm = make_organization(name="㈱金型工房")
    for day in range(1, 3):
        make_encounter(firm, kind=EncounterKind.DISPATCH, held_on=date(2026, 10, day), hours=1.5)
    make_encounter(held_on=date(2026, 11, 1), hours=2, subject="窓口の相談")
    client.sign_in(make_user(Role.COORDINATOR))

    october = totals(encounters(EncounterFilter(month=Month(2026, 10)), SYSTEM))
    assert (october.encounters, october.dispatches, october.hours) == (2, 2, 3.0)
    assert "窓口の相談" not in client.get("/encounters?month=令和8年10月").text
    assert "窓口の相談" not in client.get("/encounters?q=金型").text
    assert "窓口の相談" in client.get("/encounters?kind=visit&month=よめない").text
    assert "条件に合う記録はありません" in client.get("/encounters?kind=mail").text


def test_members_do_not_read_the_records(client: Client) -> None:
    encounter = make_encounter()
    client.sign_in(make_member())

    for address in ("/encounters", NEW, f"/encounters/{encounter.public_id}"):
        client.get(address, status=403)


def test_a_step_that_is_not_there_cannot_be_done(app: Flask) -> None:
    encounter = make_encounter()

    with pytest.raises(DomainError), transaction():
        service.finish_step(encounter, viewer=SYSTEM)
