"""Enquiries: from the public page to the answer, by whom they are seen, and what they become."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.cases.models import Case
from registry.common.roles import Role
from registry.db import db, transaction
from registry.encounters.models import Encounter
from registry.encounters.topics import code_of
from registry.intake.models import Enquiry, EnquiryState, RoutingRule
from registry.listings.models import Listing, ListingState
from registry.notifications.models import Message
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_seed
from tests.factories.organizations import make_member, make_organization

TYPED = {
    "subject": "補助金のこと",
    "text": "展示会に出す費用の補助はありますか。",
    "name": "山田 太郎",
    "email": "taro@visitor.example",
    "organization_name": "山田製作所",
}


def letters(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def one() -> Enquiry:
    return db.session.scalars(select(Enquiry)).one()


def ask_as_visitor(app: Flask, **typed: str) -> Client:
    """A visitor's enquiry, with the link's button pressed."""
    visitor = Client(app)
    visitor.post("/ask", {**TYPED, **typed})
    token = re.search(r"/ask/([\w-]{20,})", letters("intake.verify")[-1].body)
    assert token
    visitor.post(f"/ask/{token.group(1)}")
    return visitor


def test_a_visitors_enquiry_reaches_the_office_only_after_the_button(
    app: Flask, client: Client
) -> None:
    visitor = Client(app)
    client.sign_in(make_user(Role.COORDINATOR))

    assert visitor.post("/ask", TYPED).location == "/ask/sent"

    assert one().state is EnquiryState.UNVERIFIED
    assert "補助金のこと" not in client.get("/intake?state=all").text
    client.get(f"/intake/{one().public_id}", status=404)
    (mail,) = letters("intake.verify")
    assert "補助金" not in mail.subject + mail.body
    token = re.search(r"/ask/([\w-]{20,})", mail.body)
    assert token
    address = f"/ask/{token.group(1)}"
    assert "補助金のこと" not in visitor.get(address).text
    visitor.post(address)
    assert one().state is EnquiryState.RECEIVED
    assert "補助金のこと" in visitor.get(address).text
    (receipt,) = letters("intake.received")
    assert "R-0001" in receipt.subject
    page = client.get("/intake")
    assert "補助金のこと" in page.text

    client.post(f"/intake/{one().public_id}/answer", {"text": ""}, status=200)
    client.post(f"/intake/{one().public_id}/answer", {"text": "はい、あります。"})

    (answered,) = letters("intake.answered")
    assert answered.to_address == "taro@visitor.example"
    assert "補助金" not in answered.subject
    assert "はい、あります。" in visitor.get(address).text
    assert one().state is EnquiryState.ANSWERED


def test_a_filled_trap_and_a_dead_link_keep_nothing(app: Flask) -> None:
    visitor = Client(app)

    assert visitor.post("/ask", {**TYPED, "website": "http://spam.example"}).location == "/ask/sent"

    assert db.session.scalars(select(Enquiry)).all() == []
    assert letters("intake.verify") == []
    visitor.get("/ask/no-such-token", status=404)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"subject": ""}, "件名を入力"),
        ({"text": "長" * 4001}, "4,000 文字まで"),
        ({"email": "太郎"}, "メールアドレスとして読めません"),
        ({"name": ""}, "氏名を入力"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    client: Client, typed: dict[str, str], words: str
) -> None:
    page = client.post("/ask", {**TYPED, **typed}, status=200)

    assert words in page.text
    assert "山田製作所" in page.html


def test_rules_route_by_topic_and_a_hand_routes_anew(app: Flask, client: Client) -> None:
    operator = make_user(Role.OPERATOR)
    client.sign_in(make_user(Role.COORDINATOR))
    client.post("/intake/rules/new", {"desk": "", "days": "3"}, status=200)
    client.post(
        "/intake/rules/new", {"topic": code_of("海外展開"), "desk": "海外デスク", "days": "3"}
    )
    client.post("/intake/rules/new", {"handler": operator.public_id, "days": "10"})

    ask_as_visitor(app, topic=code_of("海外展開"))

    assert (one().desk, one().state, one().handler) == ("海外デスク", EnquiryState.ROUTED, None)
    assert one().due_on == date(2026, 11, 30)
    by_hand = Client(app).sign_in(operator)
    by_hand.get(f"/intake/{one().public_id}", status=404)
    client.post(f"/intake/{one().public_id}/route", {"handler": operator.public_id, "desk": ""})
    assert len(letters("intake.routed")) == 1
    by_hand.post(f"/intake/{one().public_id}/answer", {"text": "担当からお答えします。"})
    by_hand.post(f"/intake/{one().public_id}/close", {"reason": ""})
    assert one().state is EnquiryState.CLOSED
    page = by_hand.get(f"/intake/{one().public_id}")
    by_hand.submit(page.form(action="reopen"), address=f"/intake/{one().public_id}/reopen")
    assert one().state is EnquiryState.ANSWERED
    rule = db.session.scalars(select(RoutingRule).order_by(RoutingRule.position)).first()
    assert rule
    rules = client.get("/intake/rules")
    client.submit(
        rules.form(action=rule.public_id), address=f"/intake/rules/{rule.public_id}/switch"
    )
    ask_as_visitor(app, topic=code_of("海外展開"), email="second@visitor.example")
    second = db.session.scalars(select(Enquiry).order_by(Enquiry.number.desc())).first()
    assert second and second.handler == operator


def test_late_ones_are_marked(app: Flask, client: Client) -> None:
    ask_as_visitor(app)
    with transaction():
        one().due_on = date(2026, 11, 20)
    client.sign_in(make_user(Role.COORDINATOR))

    assert "期限過ぎ" in client.get("/intake?late=y").text
    assert "期限（2026年11月20日）を過ぎています" in client.get(f"/intake/{one().public_id}").text


def test_a_request_to_an_anonymous_creator_never_tells_the_name(app: Flask) -> None:
    creator = make_organization(name="秘密の工房", kana="ヒミツ")
    seed = make_seed(organization=creator, anonymous=True, title="音の案内をつくります")
    owner = make_member(creator)
    asker_firm = make_organization(name="青葉製作所")
    asker = Client(app).sign_in(make_member(asker_firm))
    rival = Client(app).sign_in(make_member(make_organization()))

    page = asker.get(f"/ask?listing={seed.public_id}")
    assert "秘密の工房" not in page.html
    asker.post(
        f"/ask?listing={seed.public_id}",
        {"subject": "展示の音", "text": "音の案内を頼みたいです。"},
    )

    enquiry = one()
    assert (enquiry.addressee, enquiry.organization) == (creator, asker_firm)
    assert enquiry.state is EnquiryState.ROUTED
    seen = asker.get(f"/intake/{enquiry.public_id}").html + asker.get("/my-enquiries").html
    assert "秘密の工房" not in seen
    assert "展示の音" in seen
    rival.get(f"/intake/{enquiry.public_id}", status=404)
    rival.get(f"/intake/{enquiry.public_id}/answer", status=404)
    asker.get(f"/intake/{enquiry.public_id}/answer", status=403)
    (told,) = letters("intake.requested")
    assert told.to_address == owner.email
    assert "展示の音" not in told.subject + told.body
    creators = Client(app).sign_in(owner)
    assert "展示の音" in creators.get("/my-enquiries").text
    creators.post(f"/intake/{enquiry.public_id}/answer", {"text": "お受けできます。"})
    (answered,) = letters("intake.answered")
    assert "秘密の工房" not in answered.subject + answered.body
    assert "秘密の工房" not in asker.get(f"/intake/{enquiry.public_id}").html


def test_one_click_makes_a_record_and_another_takes_it_back(app: Flask, client: Client) -> None:
    firm, creator = make_organization(name="青葉製作所"), make_organization(name="工房ひびき")
    asker = Client(app).sign_in(make_member(firm))
    asker.post(
        f"/ask?to={creator.public_id}",
        {"subject": "案内の音をつくりたい", "text": "音の案内を頼みたいです。"},
    )
    address = f"/intake/{one().public_id}"
    client.sign_in(make_user(Role.COORDINATOR))

    def press(what: str) -> None:
        client.submit(client.get(address).form(action=f"/{what}"), address=f"{address}/{what}")

    press("encounter")
    encounter = db.session.scalars(select(Encounter)).one()
    assert (encounter.organizations, encounter.subject) == ([firm], "案内の音をつくりたい")
    press("undo")
    assert db.session.scalars(select(Encounter)).all() == []
    press("need")
    need = db.session.scalars(select(Listing)).one()
    assert need.state is ListingState.DRAFT
    assert need.consent is not None
    assert need.consent.evidence == "受付 R-0001"
    press("undo")
    assert db.session.scalars(select(Listing)).one().state is ListingState.CLOSED
    press("case")
    case = db.session.scalars(select(Case)).one()
    assert {party.organization_id for party in case.parties} == {firm.id, creator.id}
    assert case.public_id in client.get(address).html
