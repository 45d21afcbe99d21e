from datetime import date

import pytest
from flask import Flask

from registry.common.roles import Role
from registry.common.viewer import VISITOR
from registry.db import db, transaction
from registry.organizations import queries, service
from registry.organizations.models import ConsentWay, Contact, Membership, OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of
from tests.factories.organizations import make_member, make_organization


def _with_search(**fields: object):  # type: ignore[no-untyped-def]
    organization = make_organization(**fields)
    with transaction():
        service.refresh_search(organization)
    return organization


def test_a_visitor_sees_approved_organizations_only(client: Client) -> None:
    make_organization(name="公開の会社")
    hidden = make_organization(name="下書きの会社", state=OrganizationState.DRAFT)

    page = client.get("/organizations")

    assert page.has_link("公開の会社")
    assert "下書きの会社" not in page.html
    client.get(f"/organizations/{hidden.public_id}", status=404)
    client.get("/organizations/no-such-id", status=404)


def test_organizations_without_a_reading_stand_last(client: Client) -> None:
    make_organization(name="読みのない団体", kana="")
    make_organization(name="株式会社 わかくさ", kana="ワカクサ")
    make_organization(name="株式会社 あさひ", kana="アサヒ")

    html = client.get("/organizations").html

    assert html.index("あさひ") < html.index("わかくさ") < html.index("読みのない団体")


def test_an_unknown_size_is_said_briefly(client: Client) -> None:
    unknown = make_organization(name="何も分からない会社", industry="")
    known = make_organization(name="分かる会社", industry="24", employees=10, capital_yen=10**7)

    page = client.get(f"/organizations/{unknown.public_id}")
    assert "規模は分かりません" in page.text
    assert "製造業" not in page.text and "小売業" not in page.text
    assert "小規模企業者" in client.get(f"/organizations/{known.public_id}").text


def test_staff_see_all_states_and_filter_them(client: Client) -> None:
    make_organization(name="公開の会社")
    make_organization(name="待つ会社", state=OrganizationState.SUBMITTED)
    client.sign_in(make_user(Role.COORDINATOR))

    assert client.get("/organizations").has_link("待つ会社")
    narrowed = client.get("/organizations?state=submitted")
    assert narrowed.has_link("待つ会社")
    assert not narrowed.has_link("公開の会社")


@pytest.mark.parametrize(
    "query",
    [
        "金型",
        "髙田",
        "高田",
        "ﾀｶﾀﾞ",
        "たかだ",
        "ＴＡＫＡＤＡ",
        "4-0000-1209-0001",
        "金属製品",
        "中原区",
    ],
)
def test_search_finds_two_characters_in_any_spelling(client: Client, query: str) -> None:
    _with_search(
        name="㈱髙田精機",
        kana="タカダセイキ",
        name_en="Takada Precision",
        summary="金型の設計と製作",
        corporate_number="4000012090001",
        industry="24",
        municipality="14133",
    )
    _with_search(name="別の会社")

    page = client.get(f"/organizations?q={query}")

    assert page.has_link("髙田精機")
    assert not page.has_link("別の会社")


def test_filters_narrow_by_division_ward_kind_and_size(client: Client) -> None:
    make_organization(name="中原の工場", industry="24", municipality="14133", employees=12)
    make_organization(name="川崎の商店", industry="56", municipality="14131", employees=3)

    for query in ("division=E", "place=14133", "size=5-19"):
        page = client.get(f"/organizations?{query}")
        assert page.has_link("中原の工場"), query
        assert not page.has_link("川崎の商店"), query
    assert client.get("/organizations?place=14130").has_link("川崎の商店")
    assert "条件に合う企業・団体はありません" in client.get("/organizations?kind=university").text
    client.get("/organizations?kind=nonsense&division=%C3%BF&place='&size=%25&page=x&state=draft")


def test_a_percent_sign_is_searched_as_it_stands(client: Client) -> None:
    _with_search(name="試験の会社")

    assert "条件に合う" in client.get("/organizations?q=%25").text
    assert "条件に合う" in client.get("/organizations?q=_").text


def test_contacts_consents_and_history_are_for_own_people_and_staff(
    client: Client, app: Flask
) -> None:
    organization = make_organization(
        name="守る会社", address="秘密町1-2", municipality="14133", employees=10
    )
    with transaction():
        db.session.add(
            Contact(organization_id=organization.id, name="連絡太郎", email="taro@firm.example")
        )
    manager = make_member(organization, is_manager=True)
    rival = make_member()
    address = f"/organizations/{organization.public_id}"

    def seen_by(user: object) -> str:
        other = Client(app)
        return (other.sign_in(user) if user else other).get(address).html  # type: ignore[arg-type]

    for outsider in (None, rival, make_user(Role.EVALUATOR), make_user(Role.PARTNER)):
        html = seen_by(outsider)
        assert "連絡太郎" not in html
        assert "taro@firm.example" not in html
        assert "秘密町" not in html, "without a corporate number the address may be a home"
        assert "変更の履歴" not in html
    for insider in (manager, make_user(Role.COORDINATOR)):
        assert "連絡太郎" in seen_by(insider)


def test_the_public_page_shows_number_size_and_source(client: Client) -> None:
    organization = make_organization(
        corporate_number="4000012090001",
        industry="24",
        capital_yen=10_000_000,
        employees=12,
        source="第3章 3-3-1",
        illustrative=True,
    )

    text = client.get(f"/organizations/{organization.public_id}").text

    assert "4-0000-1209-0001" in text
    assert "小規模企業者" in text
    assert "中小企業基本法第2条" in text
    assert "出典：第3章 3-3-1" in text
    assert "例示" in text


def test_the_size_is_unknown_while_an_input_is_missing(client: Client) -> None:
    organization = make_organization(industry="24")

    text = client.get(f"/organizations/{organization.public_id}").text

    assert "規模は分かりません" in text
    assert "資本金、従業員数" in text


def test_a_partner_sees_its_own_referrals(app: Flask) -> None:
    chamber, other = make_organization(), make_organization()
    mine = make_organization(state=OrganizationState.DRAFT, referred_by_id=chamber.id)
    partner = viewer_of(make_user(Role.PARTNER), chamber.id)
    stranger = viewer_of(make_user(Role.PARTNER), other.id)
    member = viewer_of(make_user(Role.MEMBER), chamber.id)

    assert queries.get_organization(mine.public_id, partner) == mine
    for viewer in (stranger, member, VISITOR):
        found = db.session.scalars(queries.visible_to(viewer)).all()
        assert mine not in found


def test_mail_goes_to_members_and_without_them_to_contacts(app: Flask) -> None:
    organization = make_organization()
    with transaction():
        db.session.add(
            Contact(organization_id=organization.id, name="窓口", email="desk@f.example")
        )
        db.session.add(Contact(organization_id=organization.id, name="電話だけ", phone="044"))

    assert [to.address for to in queries.addresses_of(organization)] == ["desk@f.example"]

    member = make_member(organization, email="member@f.example", locale="en")
    found = queries.addresses_of(organization)
    assert [(to.address, to.locale) for to in found] == [("member@f.example", "en")]

    with transaction():
        membership = db.session.query(Membership).filter_by(user_id=member.id).one()
        membership.ended_on = date(2026, 11, 1)
    assert [to.address for to in queries.addresses_of(organization)] == ["desk@f.example"]


def test_the_own_page_says_what_to_do_next(client: Client) -> None:
    organization = make_organization(
        state=OrganizationState.RETURNED, state_reason="業種がありません"
    )
    client.sign_in(make_member(organization, is_manager=True))

    text = client.get("/my-organization").text

    assert "差し戻しの理由：業種がありません" in text
    assert "連絡先を登録します" in text


def test_a_consent_given_by_telephone_is_seen_by_the_firm(client: Client, app: Flask) -> None:
    organization = make_organization()
    coordinator = make_user(Role.COORDINATOR)
    with app.test_request_context(), transaction():
        service.record_consent(
            queries.get_organization(organization.public_id, viewer_of(coordinator)),
            about="情報の公開",
            given_by="社長の山田さん",
            way=ConsentWay.TELEPHONE,
            given_on=date(2026, 11, 20),
            evidence="電話記録 12",
            viewer=viewer_of(coordinator),
            today=date(2026, 11, 25),
        )
    client.sign_in(make_member(organization))

    text = client.get("/my-organization").text

    assert "社長の山田さん" in text
    assert "電話記録 12" in text
