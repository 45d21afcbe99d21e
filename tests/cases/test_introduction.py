"""Double opt-in: by its own link, its own sign-in, or a word with evidence; and what is read before."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.cases import introductions, service
from registry.cases.introductions import ProxyAnswer
from registry.cases.models import Answer, Case, Party, Side, Stage
from registry.cases.queries import answers_overdue, answers_received, hash_of_token
from registry.common.errors import DomainError, NotAllowed
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.notifications.models import Message
from registry.organizations.models import ConsentWay, Contact, Organization
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user, viewer_of
from tests.factories.cases import answer, ask, make_case, make_introduced_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

RECENT = TODAY - timedelta(days=2)
CANARIES = ("カナリア精機", "カナリアセイキ", "Canary Works", "1234567890123", "かなりあ太郎",
            "canary@secret.example", "044-999-1234", "canary.example", "秘密丁目", "金糸雀式")  # fmt: skip


def _canary() -> Organization:
    organization = make_organization(
        name="株式会社カナリア精機",
        kana="カナリアセイキ",
        name_en="Canary Works",
        corporate_number="1234567890123",
        address="秘密丁目1-2",
        website="https://canary.example/",
        industry="24",
        municipality="14133",
        employees=23,
        summary="金糸雀式の会社",
    )
    with transaction():
        db.session.add(
            Contact(
                organization_id=organization.id,
                name="かなりあ太郎",
                email="canary@secret.example",
                phone="044-999-1234",
            )
        )
    return organization


def _canary_case(**fields: object) -> Case:
    seed = make_seed(
        organization=_canary(),
        title="金糸雀式のめっき",
        description="カナリア精機の金糸雀式",
        keywords=["めっき", "カナリア精機の皮膜"],
    )
    need = make_need(organization=make_member_organization(), title="めっきを頼みたい")
    return make_case(need, seed, **fields)  # type: ignore[arg-type]


def make_member_organization() -> Organization:
    return make_organization(name="求める側の会社")


def _leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


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


def test_before_consent_neither_mail_nor_page_names_the_other_side(client: Client) -> None:
    case = _canary_case()
    member = make_member(case.need.organization)
    token = ask(party(case, Side.NEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)
    answer(party(case, Side.SEED), on=RECENT)

    blind = client.get(f"/introductions/{token}")
    client.sign_in(member)
    texts = [
        blind.html,
        client.get("/cases").html,
        client.get(f"/cases/{case.public_id}").html,
        client.get(f"/cases/{case.public_id}/answer").html,
        client.get(f"/cases/{case.public_id}?lang=en").html,
        client.get("/cases?q=カナリア&state=all").html,
    ]
    mails = db.session.scalars(select(Message).where(Message.to_address == member.email)).all()

    assert [_leaks(text) for text in texts[:-1]] == [[]] * 5
    assert _leaks(texts[-1].replace("q=カナリア", "")) == []
    assert len(mails) == 1
    assert _leaks(mails[0].subject + mails[0].body) == []
    assert "製造業・中原区・20～49人" in blind.text
    assert "技術：めっき" in blind.text


def test_both_yes_introduces_on_the_day_and_opens_name_and_contact(client: Client) -> None:
    case = _canary_case()
    member = make_member(case.need.organization)
    token = ask(party(case, Side.NEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)
    answer(party(case, Side.SEED), on=RECENT)

    address = f"/introductions/{token}"
    page = client.follow(client.post(address, {"answer": "yes", "answered_by": "三好 直"}))

    db.session.refresh(case)
    assert "承諾のお返事をいただきました" in page.text
    assert _leaks(page.html) == []
    assert case.stage is Stage.INTRODUCED
    assert [(c.stage, c.on) for c in case.changes][-1] == (Stage.INTRODUCED, TODAY)
    told = db.session.scalars(select(Message).where(Message.kind == "introduction.agreed")).all()
    assert {m.to_address for m in told} == {member.email, "canary@secret.example"}
    assert [_leaks(m.subject + m.body) for m in told if m.to_address == member.email] == [[]]

    client.sign_in(member)
    own = client.get(f"/cases/{case.public_id}").text
    assert {"カナリア精機", "かなりあ太郎", "044-999-1234"} <= set(_leaks(own))


def test_a_third_party_stays_blind_until_it_agrees_itself(client: Client) -> None:
    case, canary = make_introduced_case(), _canary()
    with transaction():
        service.add_party(case, canary, side=Side.OTHER, role="評価", viewer=SYSTEM)
    ask(case.parties[2], today=RECENT)
    member = make_member(case.need.organization)
    client.sign_in(member)

    page = client.get(f"/cases/{case.public_id}")

    assert _leaks(page.html) == []
    assert case.seed.organization.name in page.text
    assert case.title not in page.text


def test_a_closed_case_takes_the_contact_back_and_ends_its_links(client: Client) -> None:
    open_case, token = make_introduced_case(), ""
    waiting = make_case()
    token = ask(party(waiting, Side.NEED), today=RECENT)
    member = make_member(open_case.need.organization)
    with transaction():
        db.session.add(
            Contact(organization_id=open_case.seed.organization_id, name="大野", phone="044-1")
        )
    staff = make_user(Role.COORDINATOR)
    client.sign_in(staff)
    for case in (open_case, waiting):
        client.post(f"/cases/{case.public_id}/close", {"reason": "timing"})

    assert "この件は終わりました" in Client(client.app).get(f"/introductions/{token}").text
    text = Client(client.app).sign_in(member).get(f"/cases/{open_case.public_id}").text
    assert open_case.seed.organization.name in text
    assert "044-1" not in text


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


def test_an_introduction_text_that_names_somebody_is_refused(client: Client) -> None:
    case = _canary_case()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}/edit"

    for named in ("ｶﾅﾘｱ精機の皮膜", "カナリア　精機", "かなりあ太郎さん", "canary@secret.example"):
        page = client.post(address, {"blind_summary_seed": named}, status=200)
        assert "名称や連絡先を除いてください" in page.text
        assert named in page.html
    client.post(address, {"blind_summary_seed": "細い溝へのめっきが得意"})

    one = party(case, Side.NEED).public_id
    seen = client.get(f"/cases/{case.public_id}/as-seen/{one}").text
    assert "細い溝へのめっきが得意" in seen


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


def test_who_agreed_is_not_asked_again(app: Flask) -> None:
    case = make_introduced_case()

    with pytest.raises(DomainError, match="すでに承諾"):
        ask(case.parties[0])
