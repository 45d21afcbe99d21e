"""Double opt-in: by its own link, its own sign-in, or a word with evidence."""

import re
import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.cases import introductions
from registry.cases.introductions import ProxyAnswer
from registry.cases.models import Answer, Case, Party, Side, Stage
from registry.cases.queries import answers_overdue, answers_received, hash_of_token
from registry.common.errors import DomainError, NotAllowed
from registry.common.roles import Role
from registry.db import db
from registry.notifications.models import Message
from registry.organizations.models import ConsentWay
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import ask, make_case, make_introduced_case, party
from tests.factories.organizations import make_member

RECENT = TODAY - timedelta(days=2)


def _snapshot() -> list[object]:
    rows = db.session.execute(
        select(Party.answer, Party.version, Party.seen_at, Case.stage, Case.version)
        .join(Case, Case.id == Party.case_id)
        .order_by(Party.id)
    )
    return [*map(tuple, rows), db.session.scalar(select(func.count(AuditEntry.position)))]


def test_opening_the_link_changes_nothing(client: Client) -> None:
    case = make_case()
    token = ask(party(case, Side.NEED), today=RECENT)
    before = _snapshot()

    for method in (client.http.get, client.http.head, client.http.options):
        client._send(method, f"/introductions/{token}")
    client.get(f"/introductions/{token}?lang=en")

    assert _snapshot() == before


def test_a_link_answers_once(client: Client) -> None:
    case = make_case()
    token = ask(party(case, Side.NEED), today=RECENT)
    address = f"/introductions/{token}"
    form = client.get(address).form("answered_by")
    yes = {"answer": "yes", "answered_by": "三好 直"}

    first = client.submit(form, yes, address=address)
    retried = client.submit(form, yes, address=address)
    other = dict(form, fields=[f for f in form["fields"] if f["name"] != "idempotency_key"])
    changed = client.submit(
        other,
        {"answer": "no", "answered_by": "だれか", "reason": "timing"},
        address=address,
        status=200,
    )

    assert first.location == retried.location
    assert "返事はすでにいただいています" in changed.text
    one = db.session.scalars(select(Party).where(Party.answer != Answer.PENDING)).one()
    assert (one.answer, one.answered_by, one.way) == (Answer.YES, "三好 直", ConsentWay.LINK)
    assert db.session.scalar(
        select(func.count()).where(AuditEntry.action == "party.answered")
    ) == 1  # fmt: skip


def test_an_answer_needs_a_name_and_a_no_its_reason(client: Client) -> None:
    case = make_case()
    token = ask(party(case, Side.NEED), today=RECENT)
    address = f"/introductions/{token}"

    nameless = client.post(address, {"answer": "yes", "answered_by": ""}, status=200)
    bare = client.post(
        address, {"answer": "no", "answered_by": "三好 直", "words": "来年なら"}, status=200
    )

    assert "お名前を入力してください" in nameless.text
    assert "理由を 1 つ選んでください" in bare.text
    assert "来年なら" in bare.html
    client.post(
        address, {"answer": "no", "answered_by": "三好", "reason": "timing", "words": "来年なら"}
    )
    db.session.refresh(case)
    assert party(case, Side.NEED).reason == "時期が合わない：来年なら"
    assert (case.stage, case.closed_on) == (Stage.PROPOSED, None)


def test_old_late_and_unknown_links_say_so_kindly(client: Client) -> None:
    case = make_case()
    late = ask(party(case, Side.NEED), today=date(2026, 11, 3))
    old = ask(party(case, Side.SEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)

    assert "期限（2026年11月17日）が過ぎました" in client.get(f"/introductions/{late}").text
    for dead in (old, "nobody-has-this"):
        assert "このリンクは使えません" in client.get(f"/introductions/{dead}", status=404).text
    viewer = viewer_of(make_user())
    overdue = db.session.scalars(answers_overdue(viewer, today=TODAY)).all()
    assert [p.side for p in overdue] == [Side.NEED]


def test_only_a_hash_of_the_link_is_kept(app: Flask) -> None:
    case = make_case()
    make_member(case.need.organization)
    token = ask(party(case, Side.NEED), today=RECENT)

    body = db.session.scalars(select(Message.body)).one()
    assert re.search(r"http://localhost/introductions/(\S+)", body)[1] == token  # type: ignore[index]
    assert party(case, Side.NEED).token_hash == hash_of_token(token) != token


def test_a_member_answers_for_the_own_organization_only(client: Client) -> None:
    case = make_case()
    member, rival = make_member(case.need.organization), make_member(case.seed.organization)
    ask(party(case, Side.NEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)

    client.sign_in(member)
    client.post(f"/cases/{case.public_id}/answer", {"answer": "yes"})
    db.session.refresh(case)
    stranger = Client(client.app).sign_in(make_member())
    stranger.get(f"/cases/{case.public_id}/answer", status=404)

    assert party(case, Side.NEED).answered_by == member.name
    assert party(case, Side.SEED).answer is Answer.PENDING
    with pytest.raises(NotAllowed):
        introductions.answer_as_member(
            party(case, Side.NEED),
            answer=Answer.NO,
            link=str,
            today=TODAY,
            viewer=viewer_of(rival, case.seed.organization_id),
        )


def test_staff_record_a_spoken_answer_with_its_evidence(client: Client) -> None:
    case = make_case()
    one = party(case, Side.NEED)
    staff = make_user(Role.COORDINATOR)
    client.sign_in(staff)
    address = f"/cases/{case.public_id}/parties/{one.public_id}/record-answer"
    said = {"answer": "yes", "answered_by": "大野さん", "way": "phone", "evidence": "記録簿"}

    for missing, words in (
        ({"evidence": ""}, "何で確かめられるか"),
        ({"answered_by": ""}, "返事をした方"),
        ({"on-d": "26"}, "今日かそれより前"),
        ({"on-y": "2026", "on-m": "10", "on-d": "1"}, "始めた日かそれより後"),
        ({"way": "link"}, "選択肢"),
    ):
        assert words in client.post(address, {**said, **missing}, status=200).text
    client.post(address, said)

    db.session.refresh(one)
    assert (one.answer, one.way, one.recorded_by_id) == (Answer.YES, ConsentWay.TELEPHONE, staff.id)
    assert f"{staff.name} が代わって記録" in client.get(f"/cases/{case.public_id}").text


def test_a_member_cannot_record_for_another(app: Flask) -> None:
    case = make_case()
    said = ProxyAnswer(Answer.YES, "x", ConsentWay.PAPER, TODAY, "書面")

    with pytest.raises(NotAllowed):
        introductions.record_answer(
            party(case, Side.SEED), said, link=str, today=TODAY,
            viewer=viewer_of(make_member(), 1),
        )  # fmt: skip


def test_a_no_closes_nothing_and_waits_to_be_seen(client: Client) -> None:
    case = make_case()
    token = ask(party(case, Side.NEED), today=RECENT)
    staff = make_user(Role.COORDINATOR)
    client.post(
        f"/introductions/{token}", {"answer": "no", "answered_by": "三好", "reason": "cost"}
    )

    viewer = viewer_of(staff)
    assert [p.answer for p in db.session.scalars(answers_received(viewer))] == [Answer.NO]
    client.sign_in(staff)
    assert "費用が合わない" in client.get(f"/cases/{case.public_id}").text
    assert len(db.session.scalars(answers_received(viewer)).all()) == 1
    client.post(
        f"/cases/{case.public_id}/answers/seen", at=f"/cases/{case.public_id}", action="seen"
    )
    assert db.session.scalars(answers_received(viewer)).all() == []
    client.post(f"/cases/{case.public_id}", action="/ask")
    db.session.refresh(case)
    assert party(case, Side.NEED).answer is Answer.PENDING


def test_a_longer_time_keeps_the_link_alive(client: Client) -> None:
    case = make_case()
    one = party(case, Side.NEED)
    token = ask(one, today=date(2026, 11, 3))
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}/parties/{one.public_id}/extend"

    assert "今日かそれより後" in client.post(address, {"until-y": "2025"}, status=200).text
    client.post(address)

    page = Client(client.app).get(f"/introductions/{token}")
    assert "承諾する" in page.text


def test_two_sides_that_agree_at_the_same_moment_are_introduced_once(app: Flask) -> None:
    case = make_case()
    addresses = [f"/introductions/{ask(p, today=RECENT)}" for p in list(case.parties)]
    together = threading.Barrier(2, timeout=60)

    def agree(address: str) -> None:
        client = Client(app)
        form = client.get(address).form("answered_by")
        together.wait()
        client.submit(form, {"answer": "yes", "answered_by": "三好"}, address=address)

    threads = [threading.Thread(target=agree, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.refresh(case)
    assert [p.answer for p in case.parties] == [Answer.YES, Answer.YES]
    assert [change.stage for change in case.changes] == [Stage.PROPOSED, Stage.INTRODUCED]


def test_who_agreed_is_not_asked_again(app: Flask) -> None:
    case = make_introduced_case()

    with pytest.raises(DomainError, match="すでに承諾"):
        ask(case.parties[0])
