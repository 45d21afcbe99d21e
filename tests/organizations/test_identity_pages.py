"""Duplicates over the pages: the panel, the office's list, merging, undoing, numbers."""

from flask import Flask

from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.organizations import pairs
from registry.organizations.contacts import ContactCard, add_contact
from registry.organizations.models import Organization, OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization

NUMBER, OTHER_NUMBER = "4000012090001", "4011001098993"


def twins() -> tuple[Organization, Organization]:
    """Two records of one firm."""
    one = make_organization(
        name="株式会社川崎精機", address="上小田中4-1-1", corporate_number=NUMBER
    )
    other = make_organization(
        name="川崎精機㈱", address="上小田中四丁目1番1号", kana="カワサキセイキ"
    )
    pairs.refresh_due()
    return one, other


def office(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


def test_the_office_decides_that_two_are_not_one_and_it_holds_while_the_data_stay(
    client: Client,
) -> None:
    _one, other = twins()
    office(client)
    page = client.get("/organizations/duplicates")
    assert "同じ可能性が高い" in page.text and "所在地が同じ" in page.text

    client.post("/organizations/duplicates", action="/compare/", containing="state")
    assert not client.get("/organizations/duplicates").has_link("比べて統合する")
    settled = client.get("/organizations/duplicates?state=settled&q=川崎精機")
    assert settled.has_link("比べて統合する")

    with transaction():
        other.version += 0
        other.summary = "紹介文だけ変える"
    pairs.refresh_due()
    assert not client.get("/organizations/duplicates").has_link("比べて統合する")
    with transaction():
        add_contact(other, ContactCard("佐藤", phone="044-000-1111"), viewer=SYSTEM)
    pairs.refresh_due()
    assert client.get("/organizations/duplicates").has_link("比べて統合する")


def test_merging_chooses_values_leads_old_addresses_on_and_can_be_undone(client: Client) -> None:
    one, other = twins()
    need = make_need(organization=other, title="移る案件")
    stays, goes = one.public_id, other.public_id
    office(client)
    address = f"/organizations/{stays}/merge/{goes}"
    page = client.get(address)
    assert "案件 1 件" in page.text and "カワサキセイキ" in page.text

    done = client.post(address, {"pick_address": "merged"}, containing="pick_address")

    review = client.follow(done)
    assert "上小田中四丁目1番1号" in review.text and "カワサキセイキ" in review.text
    assert "重複した登録を統合" in review.text and "案件 1 件" in review.text
    assert client.get(f"/organizations/{goes}", status=301).location.endswith(stays)
    assert db.session.get_one(type(need), need.id).organization.public_id == stays

    undone = client.post(done.location, action="/undo")
    assert undone.location.endswith(goes)
    assert "統合を取り消しました。" in client.follow(undone).text
    client.get(f"/organizations/{goes}")
    assert db.session.get_one(type(need), need.id).organization.public_id == goes


def test_a_hidden_survivor_is_not_given_away_by_an_old_address(app: Flask, client: Client) -> None:
    one, other = twins()
    stays, goes = one.public_id, other.public_id
    office(client)
    client.post(f"/organizations/{stays}/merge/{goes}", containing="pick_address")
    with transaction():
        survivor = db.session.get_one(Organization, one.id)
        survivor.state = OrganizationState.DRAFT

    Client(app).get(f"/organizations/{goes}", status=404)


def test_other_legal_forms_are_shown_as_perhaps_another_entity(client: Client) -> None:
    make_organization(name="有限会社青葉製作所", address="小杉町1-1")
    make_organization(name="株式会社青葉製作所", address="小杉町1-1")
    pairs.refresh_due()
    office(client)

    page = client.get("/organizations/duplicates")

    assert "別法人かもしれません" in page.text and "同じかもしれない" in page.text
    assert not client.get("/organizations/duplicates?verdict=likely").has_link("比べて統合する")


def test_applicants_see_public_records_only(app: Flask) -> None:
    make_organization(name="株式会社見える会社")
    make_organization(name="株式会社見えない会社", state=OrganizationState.DRAFT)
    visitor = Client(app)

    assert visitor.get("/join/possible-organizations?organization_name=見える会社").has_link(
        "見える"
    )
    hidden = visitor.get("/join/possible-organizations?organization_name=（株）見えない会社")
    assert "見えない会社" not in hidden.text
    assert visitor.get("/join/possible-organizations").text.strip() == ""


def test_a_member_is_asked_about_a_likely_duplicate_even_without_scripts(app: Flask) -> None:
    make_organization(name="株式会社川崎精機", address="上小田中4-1-1")
    client = Client(app).sign_in(make_user(Role.MEMBER))
    words = {"kind": "company", "name": "川崎精機㈱"}
    page = client.post("/organizations/new", words, status=200, containing="kana")
    assert "似た登録があります" in page.text and page.has_link("川崎精機")

    client.submit(
        page.form("kana"), words | {"duplicates_checked": "y"}, address="/organizations/new"
    )


def test_numbers_of_sole_proprietors_stay_hidden_and_old_numbers_lead_on(app: Flask) -> None:
    firm = make_organization(name="番号の会社", corporate_number=NUMBER)
    alone = make_organization(name="番号の個人")
    staff = office(Client(app))
    invoice = {"invoice_number": "Ｔ４０００-０１２０-９０００１", "status": "registered"}
    page = staff.post(f"/organizations/{firm.public_id}/numbers", invoice, status=200)
    assert "確かめた日を入力" in page.text
    day = {"checked_on-y": "2026", "checked_on-m": "11", "checked_on-d": "1"}
    staff.post(
        f"/organizations/{firm.public_id}/numbers",
        invoice | day | {"former_number": OTHER_NUMBER},
    )
    staff.post(f"/organizations/{alone.public_id}/numbers", {"invoice_number": "T1234567890123"})
    wrong = {"invoice_number": "T1234567890123"}
    refused = staff.post(f"/organizations/{firm.public_id}/numbers", wrong, status=200)
    assert "法人番号と同じ" in refused.text

    visitor = Client(app)
    assert f"T{NUMBER}" in visitor.get(f"/organizations/{firm.public_id}").text
    assert "T1234567890123" not in visitor.get(f"/organizations/{alone.public_id}").text
    assert "T1234567890123" in staff.get(f"/organizations/{alone.public_id}").text
    assert visitor.get(f"/organizations?q={OTHER_NUMBER}").has_link("番号の会社")
    stranger = Client(app).sign_in(make_member())
    stranger.get(f"/organizations/{firm.public_id}/numbers", status=403)
