"""Surveys: made, sent, answered without signing in, and what the answers become."""

import re

from flask import Flask
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.intake.models import Survey, SurveyCopy
from registry.listings.models import Listing, ListingState
from registry.notifications.models import Message
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization

MADE = {
    "title": "困りごとのアンケート",
    "closes_on-y": "2026",
    "closes_on-m": "12",
    "closes_on-d": "20",
    "questions-0-label": "いま困っていること",
    "questions-0-type": "long_text",
    "questions-0-required": "y",
    "questions-1-label": "相談を希望しますか",
    "questions-1-type": "yes_no",
}


def links() -> list[str]:
    """The addresses that went out by mail, in their order."""
    mails = db.session.scalars(select(Message).where(Message.kind == "survey.sent"))
    return [m.group(0) for mail in mails if (m := re.search(r"/survey/[\w-]{20,}", mail.body))]


def test_a_survey_is_sent_answered_once_and_becomes_a_need(app: Flask, client: Client) -> None:
    firm, other = make_organization(name="青葉製作所"), make_organization(name="潮見工業")
    make_member(firm)
    client.sign_in(make_user(Role.COORDINATOR))
    client.post(
        "/surveys/new", {**MADE, "questions-0-label": "", "questions-1-label": ""}, status=200
    )
    client.post("/surveys/new", MADE)
    survey = db.session.scalars(select(Survey)).one()
    address = f"/surveys/{survey.public_id}"

    client.post(f"{address}/send", {"organization_names": ""}, status=200)
    client.post(f"{address}/send", {"organization_names": "青葉製作所、潮見工業"})

    assert len(links()) == 1
    assert "宛先がなく送れていません" in client.get(address).text
    visitor = Client(app)
    page = visitor.get(links()[0])
    assert "青葉製作所" in page.text
    visitor.post(links()[0], {"answered_by": "田中", "q_q1": ""}, status=200)
    visitor.post(
        links()[0],
        {
            "answered_by": "田中",
            "q_q1": "めっきの排水の処理に困っている。費用も高い。",
            "q_q2": "yes",
        },
    )
    assert "ありがとうございました" in visitor.get(links()[0]).text
    shown = client.get(address)
    assert "めっきの排水" in shown.text
    assert "青葉製作所,田中" in client._send(client.http.get, f"{address}/answers.csv").get_data(
        as_text=True
    )
    copy = db.session.scalars(select(SurveyCopy).where(SurveyCopy.answered_at.is_not(None))).one()
    client.submit(shown.form(action="/need"), address=f"/survey-answers/{copy.public_id}/need")
    need = db.session.scalars(select(Listing)).one()
    assert (need.organization, need.title, need.state) == (
        firm,
        "めっきの排水の処理に困っている",
        ListingState.DRAFT,
    )
    assert need.consent is not None
    assert need.consent.given_by == "田中"
    client.submit(
        client.get(address).form(action="/undo"), address=f"/survey-answers/{copy.public_id}/undo"
    )
    assert db.session.scalars(select(Listing)).one().state is ListingState.CLOSED
    make_member(other)
    client.submit(client.get(address).form(action="/remind"), address=f"{address}/remind")
    assert len(links()) == 2
    assert "潮見工業" in visitor.get(links()[1]).text


def test_questions_that_were_answered_stay(app: Flask, client: Client) -> None:
    make_member(make_organization(name="青葉製作所"))
    client.sign_in(make_user(Role.COORDINATOR))
    client.post("/surveys/new", MADE)
    survey = db.session.scalars(select(Survey)).one()
    client.post(f"/surveys/{survey.public_id}/send", {"organization_names": "青葉製作所"})
    Client(app).post(links()[0], {"answered_by": "田中", "q_q1": "人手が足りない。"})

    page = client.post(
        f"/surveys/{survey.public_id}/edit", {"questions-0-type": "number"}, status=200
    )

    assert "種類や選択肢を変えたりできません" in page.text
    client.post(
        f"/surveys/{survey.public_id}/edit",
        {"questions-2-label": "従業員の数", "questions-2-type": "number"},
    )
    db.session.refresh(survey)
    assert [one["key"] for one in survey.questions] == ["q1", "q2", "q3"]


def test_a_link_that_was_never_sent_leads_nowhere(client: Client) -> None:
    client.get("/survey/no-such-token", status=404)
