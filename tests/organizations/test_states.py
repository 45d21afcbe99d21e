from flask import Flask
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.organizations.outbox import mails_to
from tests.organizations.test_entry import WORD


def _by_name(name: str) -> Organization:
    return db.session.scalars(select(Organization).where(Organization.name == name)).one()


def test_a_registration_is_returned_corrected_approved_archived_and_restored(
    client: Client, app: Flask
) -> None:
    organization = make_organization(
        name="順を踏む会社", state=OrganizationState.SUBMITTED, approved_on=None
    )
    member = make_member(organization, is_manager=True, email="m@firm.example")
    base = f"/organizations/{organization.public_id}"
    client.sign_in(make_user(Role.COORDINATOR))
    firm = Client(app).sign_in(member)

    empty = client.post(
        f"{base}/return", {"reason": ""}, at=f"{base}/review", action="/return", status=200
    )
    assert "理由を入力してください" in empty.text
    client.post(
        f"{base}/return", {"reason": "業種を選んでください"}, at=f"{base}/review", action="/return"
    )
    assert "業種を選んでください" in firm.get("/my-organization").text
    firm.post(f"{base}/submit", at="/my-organization", action="/submit")
    client.post(f"{base}/approve", at=f"{base}/review", action="/approve")
    assert _by_name("順を踏む会社").is_approved
    client.post(f"{base}/archive", {"reason": "廃業のため"}, containing="reason")
    assert not Client(app).get("/organizations").has_link("順を踏む会社")
    client.post(f"{base}/restore", at=f"{base}/review", action="/restore")

    assert _by_name("順を踏む会社").is_approved
    subjects = [message.subject for message in mails_to("m@firm.example")]
    assert len(subjects) == 4
    assert not any("順を踏む" in subject for subject in subjects)
    assert "業種を選んでください" in mails_to("m@firm.example")[0].body
    assert "差し戻し" in client.get(base).text, "the history tells it"


def test_one_submission_is_decided_once(client: Client, app: Flask) -> None:
    organization = make_organization(state=OrganizationState.SUBMITTED)
    make_member(organization)
    base = f"/organizations/{organization.public_id}"
    first = client.sign_in(make_user(Role.COORDINATOR))
    second = Client(app).sign_in(make_user(Role.COORDINATOR))
    late = second.get(f"{base}/review").form(action="/return")
    first.post(f"{base}/approve", at=f"{base}/review", action="/approve")

    page = second.submit(late, {"reason": "遅い"}, address=f"{base}/return", status=200)

    assert "状態が変わっている" in page.text


def test_nobody_is_published_without_a_word_for_it(client: Client) -> None:
    organization = make_organization(name="知らない会社", state=OrganizationState.DRAFT)
    base = f"/organizations/{organization.public_id}"
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(f"{base}/approve", at=f"{base}/review", action="/approve", status=200)
    assert "先に記録してください" in page.text

    client.post(f"{base}/consents/new", {"about": "登録と公開", **WORD}, containing="about")
    client.post(f"{base}/approve", at=f"{base}/review", action="/approve")
    assert _by_name("知らない会社").is_approved


def test_a_partner_refers_a_company(client: Client, app: Flask) -> None:
    chamber = make_organization(name="商工会議所")
    partner = make_member(chamber, email="p@chamber.example")
    partner.role = Role.PARTNER
    db.session.commit()
    client.sign_in(partner)

    answer = client.post(
        "/organizations/refer",
        {"name": "紹介された会社", "municipality": "14133", **WORD},
        containing="given_by",
    )

    assert "紹介された会社" in client.follow(answer).text
    assert client.get("/organizations?referred=y").has_link("紹介された会社")
    assert not Client(app).get("/organizations").has_link("紹介された会社")
    organization = _by_name("紹介された会社")
    assert organization.referred_by_id == chamber.id
    staff = Client(app).sign_in(make_user(Role.COORDINATOR))
    review = staff.get(f"/organizations/{organization.public_id}/review")
    assert "商工会議所 からの紹介" in review.text
    client.get(f"/organizations/{organization.public_id}/edit", status=403)


def test_the_history_tells_who_changed_what_in_words(client: Client, app: Flask) -> None:
    organization = make_organization(industry="24")
    manager = make_member(organization, is_manager=True)
    plain = make_member(organization)
    staff = Client(app).sign_in(make_user(Role.COORDINATOR, name="宮本由紀"))
    address = f"/organizations/{organization.public_id}"
    staff.post(f"{address}/edit", {"industry": "26", "employees": "30"}, containing="kana")

    seen = client.sign_in(manager).get(address).text
    assert "24 金属製品製造業 → 26 生産用機械器具製造業" in seen
    assert "事務局 内容を変更" in seen, "to a firm the office is the office"
    assert "宮本由紀" not in seen
    assert "宮本由紀 内容を変更" in staff.get(address).text
    assert "変更の履歴" not in Client(app).sign_in(plain).get(address).text


def test_an_ended_registration_is_not_edited_by_its_members(client: Client) -> None:
    organization = make_organization(state=OrganizationState.ARCHIVED, state_reason="廃業")
    client.sign_in(make_member(organization, is_manager=True))

    page = client.post(
        f"/organizations/{organization.public_id}/edit",
        {"summary": "まだ書く"},
        containing="kana",
        status=200,
    )

    assert "登録は終了しています" in page.text
