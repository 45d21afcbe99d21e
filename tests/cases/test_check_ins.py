"""Check-ins: planned at the agreement, asked once, answered by two taps or by word, told on the desk."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.cases import check_ins, progress
from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.check_in_queries import answers_to_read, months_after, to_call
from registry.cases.models import Case, CloseReason, Stage
from registry.cases.outcomes import OutcomeWish, Rung, record_outcome
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.notifications.models import Message
from registry.organizations.models import OrganizationState
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import answer, ask, make_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

AGREED = date(2026, 8, 20)
"""A Thursday; three months later it is Friday, 20 November."""
DUE = date(2026, 11, 20)


def agreed_case(on: date = AGREED, *, coordinator: object = None, **fields: object) -> Case:
    """A case agreed on that day, both sides having consented by telephone before."""
    case = make_case(
        fields.pop("need", None), fields.pop("seed", None),  # type: ignore[arg-type]
        coordinator=coordinator, today=on - timedelta(days=20),  # type: ignore[arg-type]
    )  # fmt: skip
    for one in list(case.parties):
        ask(one, today=on - timedelta(days=19))
        answer(one, on=on - timedelta(days=10))
    move(case, Stage.AGREED, on)
    return case


def move(case: Case, to: Stage, on: date) -> None:
    with transaction():
        progress.change_stage(case, to, on=on, evidence="面談", today=TODAY, viewer=SYSTEM)


def work(today: date = TODAY) -> list[str]:
    """One round of the worker; returns the tokens that mails carried."""
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"http://localhost/check-ins/{token}"

    check_ins.work_due(link=link, today=today)
    return tokens


def rows() -> list[CheckIn]:
    db.session.expire_all()
    return list(db.session.scalars(select(CheckIn).order_by(CheckIn.due, CheckIn.party_id)))


def mails(kind: str) -> list[Message]:
    statement = select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(db.session.scalars(statement))


def with_members(case: Case) -> Case:
    for one in case.parties:
        make_member(one.organization)
    return case


def test_a_month_later_is_the_same_day_or_the_last_of_the_month() -> None:
    assert months_after(date(2026, 8, 25), 3) == date(2026, 11, 25)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 2, 28), -12) == date(2025, 2, 28)


def test_an_agreement_plans_four_for_each_party_and_a_step_back_takes_them_off(app: Flask) -> None:
    case = agreed_case()

    planned = [(c.months, c.due) for c in rows() if c.party_id == case.parties[0].id]
    assert planned == [(m, months_after(AGREED, m)) for m in (3, 6, 12, 24)]
    assert len(rows()) == 8

    move(case, Stage.TALKING, TODAY)
    assert rows() == []
    move(case, Stage.AGREED, TODAY)
    assert {c.due for c in rows() if c.months == 3} == {months_after(TODAY, 3)}
    move(case, Stage.PROTOTYPE, TODAY)
    assert len(rows()) == 8


def test_matches_agreed_before_there_were_check_ins_get_theirs_from_the_worker(app: Flask) -> None:
    agreed_case(date(2025, 9, 10))
    with transaction():
        for check in rows():
            db.session.delete(check)

    work()
    work()

    assert [c.months for c in rows()] == [3, 3, 6, 6, 12, 12, 24, 24]
    assert [c.months for c in rows() if c.asked_on] == [12, 12]


def test_each_party_is_asked_once_however_often_the_worker_runs(app: Flask) -> None:
    with_members(agreed_case())

    assert work(DUE - timedelta(days=1)) == []
    assert work(DUE + timedelta(days=1)) == []  # a Saturday
    assert len(work()) == 2
    assert work() == work() == []

    sent = mails("check_in.request")
    assert len(sent) == 2 == len({m.to_address for m in sent})
    for mail in sent:
        assert "M-0001" in mail.subject and "試験" not in mail.subject
        assert "/check-ins/" in mail.body and "3 か月" in mail.body
    assert work(TODAY + timedelta(days=13)) == []
    assert len(work(TODAY + timedelta(days=14))) == 2
    assert work(TODAY + timedelta(days=15)) == work(TODAY + timedelta(days=30)) == []
    assert len(mails("check_in.reminder")) == 2
    asked = select(func.count()).where(
        AuditEntry.action.in_(["case.check_asked", "case.check_reminded"])
    )
    assert db.session.scalar(asked) == 4


@pytest.mark.parametrize("why", ["failed", "archived", "heard", "ended", "old"])
def test_nobody_is_asked_where_nothing_is_to_be_asked(app: Flask, why: str) -> None:
    case = with_members(agreed_case(date(2023, 6, 1) if why == "old" else AGREED))
    with transaction():
        if why == "failed":
            progress.close_case(case, reason=CloseReason.COST, today=TODAY, viewer=SYSTEM)
        elif why == "archived":
            for one in case.parties:
                one.organization.state = OrganizationState.ARCHIVED
        elif why == "heard":
            record_outcome(case, OutcomeWish(Rung.NDA, DUE), today=TODAY, viewer=SYSTEM)
        elif why == "ended":
            for check in rows():
                if check.months == 3:
                    check.state = CheckInState.ENDED

    assert work() == [] and mails("check_in.request") == []
    staff = viewer_of(make_user(Role.COORDINATOR))
    assert db.session.scalars(to_call(staff, today=TODAY)).all() == []


def test_a_match_closed_with_its_aim_reached_is_still_asked_about(app: Flask) -> None:
    case = with_members(agreed_case())
    with transaction():
        progress.close_case(
            case,
            reason=CloseReason.COMPLETED,
            on=DUE - timedelta(days=1),
            today=TODAY,
            viewer=SYSTEM,
        )
    assert len(work()) == 2


def test_a_scanner_that_opens_the_link_changes_nothing(client: Client) -> None:
    with_members(agreed_case())
    token = work()[0]
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))

    for _again in range(3):
        client.get(f"/check-ins/{token}")
        client._send(client.http.head, f"/check-ins/{token}")

    assert all(c.state is None for c in rows())
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    client.get("/check-ins/no-such-token", status=404)


def test_two_taps_answer_without_signing_in_and_may_be_corrected(client: Client) -> None:
    case = with_members(agreed_case())
    tokens = work()
    address = f"/check-ins/{tokens[0]}"
    form = client.get(address).form("comment")

    assert "どれか 1 つを選んで" in client.post(address, {"comment": "書いた"}, status=200).text
    page = client.follow(client.submit(form, {"state": "result"}, address=address))
    assert "回答をいただきました" in page.text and "成果が出た" in page.text
    client.submit(form, {"state": "result"}, address=address)  # the same submit again
    answered = [c for c in rows() if c.state]
    assert [(c.state, c.way.value, c.answered_on) for c in answered] == [
        (CheckInState.RESULT, "link", TODAY)
    ]
    logged = select(func.count()).where(AuditEntry.action == "case.check_answered")
    assert db.session.scalar(logged) == 1

    client.post(address, {"state": "stalled", "comment": "人手が足りない"})
    first = next(c for c in rows() if c.state)
    assert (first.state, first.comment) == (CheckInState.STALLED, "人手が足りない")
    assert db.session.scalar(logged) == 2
    assert case.title not in client.get(address).text
    english = client.get(f"{address}?lang=en")
    assert "It stands still" in english.text and "How have things gone since" in english.text


def test_a_link_answers_for_its_own_party_and_dies_with_its_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_members(agreed_case())
    other = with_members(agreed_case())
    tokens = work()
    mine = next(c for c in rows() if c.asked_on)

    client.post(f"/check-ins/{tokens[0]}", {"state": "going"})
    assert [c.id for c in rows() if c.state] == [mine.id]
    staff = Client(client.app).sign_in(make_user(Role.COORDINATOR))
    record = f"/cases/{other.public_id}/check-ins/{mine.public_id}/record"
    staff.get(record, status=404)
    rival = Client(client.app).sign_in(make_member(case.parties[1].organization))
    rival.get(f"/cases/{case.public_id}/check-ins/{mine.public_id}/record", status=403)

    monkeypatch.setenv("MUSUBI_TODAY", "2027-03-01")
    late = client.get(f"/check-ins/{tokens[1]}")
    assert "期限が過ぎたか" in late.text and 'name="state"' not in late.html


def test_a_party_without_an_address_stands_on_the_desk_until_somebody_called(
    client: Client,
) -> None:
    me = make_user(Role.COORDINATOR)
    case = agreed_case(coordinator=me)
    work()
    client.sign_in(me)
    desk = client.get("/desk")
    assert "メールの宛先がありません" in desk.text and "3 か月後の確認" in desk.text
    assert len(db.session.scalars(to_call(viewer_of(me), today=TODAY, mine=True)).all()) == 2

    address = next(href for href, words in desk.reader.links if "回答を代わって記録する" in words)
    said = {"state": "going", "way": "phone", "answered_by": "大野さん", "evidence": "電話の記録簿"}
    assert "何で確かめられるか" in client.post(address, {**said, "evidence": ""}, status=200).text
    assert "今日かそれより前" in client.post(address, {**said, "on-y": "2027"}, status=200).text
    client.post(address, said)
    client.post(address, {**said, "state": "stalled"})

    told = next(c for c in rows() if c.state)
    assert (told.state, told.answered_by, told.recorded_by_id) == (
        CheckInState.STALLED,
        "大野さん",
        me.id,
    )
    assert len(db.session.scalars(to_call(viewer_of(me), today=TODAY, mine=True)).all()) == 1
    page = client.get(f"/cases/{case.public_id}").text
    assert "止まっている" in page and "根拠：電話の記録簿" in page


def test_an_answer_stands_on_the_desk_one_click_from_its_rung(client: Client) -> None:
    me = make_user(Role.COORDINATOR)
    case = with_members(agreed_case(coordinator=me))
    token = work()[0]
    Client(client.app).post(f"/check-ins/{token}", {"state": "result", "comment": "売れ始めた"})
    client.sign_in(me)

    desk = client.get("/desk")
    assert "成果が出た" in desk.text and "売れ始めた" in desk.text
    assert any(h == f"/cases/{case.public_id}/outcomes/new" for h, _w in desk.reader.links)
    client.submit(
        desk.form(action="/check-ins/seen"), address=f"/cases/{case.public_id}/check-ins/seen"
    )
    assert db.session.scalars(answers_to_read(viewer_of(me))).all() == []
    assert "売れ始めた" not in client.get("/desk").text
    own = next(c for c in rows() if c.state)
    refused = client.post(
        f"/cases/{case.public_id}/check-ins/{own.public_id}/record",
        {"way": "phone", "answered_by": "x", "evidence": "y"},
        status=200,
    )
    assert "本人の回答がすでにあります" in refused.text


def test_neither_mail_nor_link_names_the_other_side(client: Client) -> None:
    canary = make_organization(name="株式会社カナリア精機", name_en="Canary Works")
    case = agreed_case(
        need=make_need(title="金糸雀のニーズ"),
        seed=make_seed(organization=canary, title="金糸雀式"),
    )
    make_member(case.need.organization)
    token = work()[0]

    texts = [m.subject + m.body for m in mails("check_in.request")]
    texts += [
        client.get(f"/check-ins/{token}").html,
        client.get(f"/check-ins/{token}?lang=en").html,
    ]
    assert len(texts) == 3
    assert not [t for t in texts if re.search("カナリア|Canary|金糸雀", t)]
