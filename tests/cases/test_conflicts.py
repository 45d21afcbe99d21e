"""Two who change one case at the same time: each form shows both texts, no button acts on what its
presser has not read."""

from datetime import timedelta
from typing import Any

from registry.cases import service
from registry.cases.models import Answer, Case, Side
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.organizations.models import ConsentWay
from tests.client import Client, Page
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_introduced_case, party


def staff(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR, name="佐伯 由香"))


def fields(page: Page, name: str) -> dict[str, Any]:
    return {field["name"]: field["value"] for field in page.form(name)["fields"]}


def test_the_edit_form_shows_texts_and_choices_and_lets_the_texts_be_joined(
    client: Client,
) -> None:
    case, other = make_case(), make_user(Role.COORDINATOR, name="堀内 真")
    staff(client)
    address = f"/cases/{case.public_id}/edit"
    mine = client.get(address).form("title")

    client.post(
        address,
        {
            "title": "先の人の件名",
            "blind_summary_need": "先の人の紹介文",
            "coordinator": other.public_id,
        },
        containing="title",
    )
    page = client.submit(
        mine,
        {"title": "あとの人の件名", "blind_summary_need": "一行目\n二行目", "coordinator": ""},
        address=address,
        status=409,
    )

    shown = page.html
    for words in ("先の人の件名", "先の人の紹介文", "堀内 真", "あとの人の件名", "一行目\n二行目"):
        assert words in shown, words
    kept = fields(page, "title")
    assert kept["title"] == "あとの人の件名"
    client.submit(page.form("title"), {"title": "先とあとの件名"}, address=address)
    db.session.refresh(case)
    assert case.title == "先とあとの件名" and case.coordinator_id is None
    assert case.blind_summary_need.splitlines() == ["一行目", "二行目"]


def test_the_next_step_shows_both_steps_and_both_days(client: Client) -> None:
    case = make_case()
    staff(client)
    address = f"/cases/{case.public_id}/next-step"
    mine = client.get(address).form("next_step")
    day = {"next_due-y": "2026", "next_due-m": "12"}

    client.post(
        address, {"next_step": "先の一手", **day, "next_due-d": "4"}, containing="next_step"
    )
    wish = {"next_step": "あとの一手", **day, "next_due-d": "18"}
    page = client.submit(mine, wish, address=address, status=409)

    for words in ("先の一手", "あとの一手", "12月4日", "12月18日"):
        assert words in page.html, words
    client.submit(page.form("next_step"), {}, address=address)
    db.session.refresh(case)
    assert (case.next_step, str(case.next_due)) == ("あとの一手", "2026-12-18")


def test_the_role_of_a_party_shows_both(client: Client) -> None:
    case = make_case()
    staff(client)
    address = f"/cases/{case.public_id}/parties/{case.parties[0].public_id}/role"
    mine = client.get(address).form("role")

    client.post(address, {"role": "設計"}, containing="role")
    page = client.submit(mine, {"role": "試作"}, address=address, status=409)

    assert "設計" in page.text and fields(page, "role")["role"] == "試作"


def test_an_answer_that_came_meanwhile_is_not_written_over(client: Client) -> None:
    case = make_case()
    one = party(case, Side.NEED)
    token = ask(one, today=TODAY - timedelta(days=2))
    staff(client)
    address = f"/cases/{case.public_id}/parties/{one.public_id}/record-answer"
    mine = client.get(address).form("evidence")
    own = {"answer": "no", "answered_by": "三好 直", "reason": "time", "words": "人手が足りない"}
    visitor = Client(client.app)
    choice = visitor.get(f"/introductions/{token}")
    reasons = [i["value"] for i in choice.reader.inputs if i.get("name") == "reason"]
    visitor.post(f"/introductions/{token}", {**own, "reason": reasons[0]}, containing="answered_by")

    wish = {"answer": "no", "way": ConsentWay.TELEPHONE.value, "answered_by": "大野", "evidence": "電話の記録簿",
            "reason": "聞いた言葉"}  # fmt: skip
    page = client.submit(mine, wish, address=address, status=409)

    for words in ("人手が足りない", "三好 直", "聞いた言葉", "電話の記録簿"):
        assert words in page.html, words
    db.session.refresh(one)
    assert one.answer is Answer.NO and "人手が足りない" in one.reason


def test_asking_again_does_not_wipe_out_an_answer_that_nobody_read(client: Client) -> None:
    case = make_case()
    one = party(case, Side.NEED)
    ask(one)
    staff(client)
    page = client.get(f"/cases/{case.public_id}")
    form = page.form(action=f"/parties/{one.public_id}/ask")
    with transaction():
        one.answer, one.reason = Answer.NO, "時期が合わない"

    shown = client.follow(client.submit(form, address=form["action"]))

    assert "開いてからの間に返事がありました" in shown.text
    db.session.refresh(one)
    assert (one.answer, one.reason) == (Answer.NO, "時期が合わない")


def step(case: Case, text: str) -> None:
    with transaction():
        service.set_next_step(case, text=text, due=None, viewer=SYSTEM)


def test_a_step_that_was_written_anew_is_not_ticked_off_unread(client: Client) -> None:
    case = make_introduced_case()
    step(case, "はじめの一手")
    staff(client)
    form = client.get(f"/cases/{case.public_id}").form(action="/next-step/done")
    step(case, "書き直した一手")

    shown = client.follow(client.submit(form, address=form["action"]))

    assert "「書き直した一手」に書き直されました" in shown.text
    db.session.refresh(case)
    assert case.next_step == "書き直した一手"


def test_a_step_that_gives_way_stays_in_the_timeline(client: Client) -> None:
    case = make_introduced_case()
    step(case, "先の人の一手")
    staff(client)
    address = f"/cases/{case.public_id}"

    encounter = {"kind": "call", "subject": "電話", "next_step": "あとの人の一手"}
    page = client.follow(client.post(f"{address}/encounters/new", encounter, containing="subject"))
    assert "その前の次の一手：先の人の一手" in page.text and "あとの人の一手" in page.text

    page = client.follow(client.post(f"{address}/close", {"reason": "timing"}))
    assert "その前の次の一手：あとの人の一手" in page.text
