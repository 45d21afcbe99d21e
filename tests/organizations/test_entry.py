from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.queries import entries_of, verify
from registry.common.roles import Role
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization

WORD: dict[str, Any] = {
    "given_by": "社長の山田さん",
    "way": "phone",
    "given_on-y": "令和8",
    "given_on-m": "11",
    "given_on-d": "20",
    "evidence": "電話記録 12",
}


def _by_name(name: str) -> Organization:
    return db.session.scalars(select(Organization).where(Organization.name == name)).one()


def test_the_office_enters_a_firm_with_the_word_it_gave(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    answer = client.post(
        "/organizations/new",
        {
            "kind": "company",
            "name": "株式会社　髙田めっき",
            "kana": "たかだめっき",
            "corporate_number": "４-0000-1209-0001",
            "industry": "24",
            "capital_yen": "1,000万円",
            "employees": "12人",
            "municipality": "14133",
            "website": "www.takada.example",
            **WORD,
        },
        containing="given_by",
    )

    organization = _by_name("株式会社 髙田めっき")
    assert organization.state is OrganizationState.DRAFT
    assert organization.kana == "タカダメッキ"
    assert organization.corporate_number == "4000012090001"
    assert organization.capital_yen == 10_000_000
    assert organization.employees == 12
    assert organization.website == "https://www.takada.example"
    assert organization.consents[0].given_by == "社長の山田さん"
    actions = [entry.action for entry in entries_of(f"organization:{organization.public_id}")]
    assert actions == ["consent.recorded", "organization.created"]
    assert verify().bad_position is None
    review = client.follow(answer)
    assert "電話記録 12" in review.text

    client.post(review.form(action="/approve")["action"], at=answer.location, action="/approve")
    assert _by_name("株式会社 髙田めっき").is_approved


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("corporate_number", "5000012090001", "先頭は 4 です"),
        ("corporate_number", "12345", "いま 5 桁"),
        ("corporate_number", "40000x2090001", "6 文字目の「X」"),
        ("corporate_number", "1" * 10_000, "いま 10000 桁"),
        ("capital_yen", "約1000万", "金額を読み取れません"),
        ("employees", "たくさん", "人数を読み取れません"),
        ("employees", "-3", "人数を読み取れません"),
        ("website", "javascript:alert(1)", "http:// か https://"),
        ("name", "みなと\u202e行銀", "U+202E"),
        ("name", "長" * 10_000, "120 文字以内"),
        ("summary", "見え\u200bない", "U+200B"),
        ("given_on-d", "31", "1 から 30 まで"),
        ("given_by", "", "氏名を入力してください"),
    ],
)
def test_a_wrong_answer_gets_a_message_and_what_was_typed_stays(
    client: Client, field: str, typed: str, message: str
) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(
        "/organizations/new",
        {
            "kind": "company",
            "name": "ためしの会社",
            "summary": "紹介のことば",
            **WORD,
            field: typed,
        },
        containing="given_by",
        status=200,
    )

    assert message in page.text
    assert page.reader.title.startswith("エラー：")
    kept = {f["name"]: f["value"] for f in page.form("given_by")["fields"]}
    assert kept[field].strip() == typed.strip()
    assert db.session.scalar(select(Organization)) is None


def test_a_consent_cannot_be_given_tomorrow(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    tomorrow = {"given_on-y": "2026", "given_on-m": "11", "given_on-d": "26"}

    page = client.post(
        "/organizations/new",
        {"kind": "company", "name": "早い会社", **WORD, **tomorrow},
        containing="given_by",
        status=200,
    )

    assert "先の日付です" in page.text
    assert db.session.scalar(select(Organization)) is None


def test_a_member_enters_the_own_firm_and_becomes_its_manager(client: Client) -> None:
    user = make_user(Role.MEMBER)
    client.sign_in(user)
    assert client.get("/my-organization").has_link("企業・団体を登録する")

    answer = client.post(
        "/organizations/new", {"kind": "company", "name": "自分の会社"}, containing="kana"
    )

    own = client.follow(answer)
    assert "自分の会社" in own.text
    assert "管理担当" in own.text
    client.submit(own.form(action="/submit"), address=own.form(action="/submit")["action"])
    organization = _by_name("自分の会社")
    assert organization.state is OrganizationState.SUBMITTED
    refused = client.post(
        "/organizations/new", {"kind": "company", "name": "二つ目"}, containing="kana", status=200
    )
    assert "すでに登録があります" in refused.text


def test_similar_records_are_shown_and_asked_about(client: Client) -> None:
    other = make_organization(name="株式会社高田めっき", state=OrganizationState.DRAFT)
    client.sign_in(make_user(Role.COORDINATOR))
    fragment = client.get("/organizations/possible-duplicates?name=（株）髙田メッキ")
    assert fragment.has_link("株式会社高田めっき")
    assert "名称が同じ" in fragment.text

    data = {"kind": "company", "name": "㈱髙田めっき", **WORD}
    warned = client.post("/organizations/new", data, containing="given_by", status=200)
    assert "似た登録があります" in warned.text
    assert warned.has_link("株式会社高田めっき")

    form = warned.form("given_by")
    client.submit(form, {"duplicates_checked": "y"}, address="/organizations/new")
    assert _by_name("㈱髙田めっき").id != other.id


def test_members_learn_nothing_of_hidden_records_from_duplicates(client: Client) -> None:
    make_organization(
        name="隠れた会社", state=OrganizationState.DRAFT, corporate_number="4000012090001"
    )
    make_organization(name="見える会社")
    client.sign_in(make_user(Role.MEMBER))

    assert client.get("/organizations/possible-duplicates?name=隠れた会社").text.strip() == ""
    seen = client.get("/organizations/possible-duplicates?name=見える会社")
    assert seen.has_link("見える会社")
    assert "似ている" not in seen.text
    page = client.post(
        "/organizations/new",
        {"kind": "company", "name": "別の名前", "corporate_number": "4000012090001"},
        containing="kana",
        status=200,
    )
    assert "この法人番号では登録できません" in page.text
    assert "隠れた会社" not in page.html


def test_outsiders_do_not_ask_for_duplicates(client: Client, app: Flask) -> None:
    client.get("/organizations/possible-duplicates?name=会社", status=302)
    client.sign_in(make_user(Role.EVALUATOR))
    client.get("/organizations/possible-duplicates?name=会社", status=403)


def test_a_stranger_changes_nothing(client: Client) -> None:
    organization = make_organization(name="守る会社")
    client.sign_in(make_member())

    client.get(f"/organizations/{organization.public_id}/edit", status=403)
    client.get(f"/organizations/{organization.public_id}/review", status=403)
    client.get(f"/organizations/{organization.public_id}/people", status=403)
    client.get(f"/organizations/{organization.public_id}/contacts/new", status=403)


def test_an_approved_name_is_the_offices_to_change(client: Client) -> None:
    organization = make_organization(name="まじめな会社")
    client.sign_in(make_member(organization))
    address = f"/organizations/{organization.public_id}/edit"

    refused = client.post(address, {"name": "みなと銀行"}, containing="kana", status=200)
    assert "事務局が変更します" in refused.text
    client.post(address, {"summary": "新しい紹介"}, containing="kana")

    assert _by_name("まじめな会社").summary == "新しい紹介"


def test_two_editors_see_both_texts(client: Client, app: Flask) -> None:
    organization = make_organization(name="二人の会社")
    address = f"/organizations/{organization.public_id}/edit"
    client.sign_in(make_user(Role.COORDINATOR))
    other = Client(app).sign_in(make_user(Role.COORDINATOR))
    stale = client.get(address).form("kana")
    other.post(address, {"summary": "先に書いた文"}, containing="kana")

    conflict = client.submit(stale, {"summary": "あとの文"}, address=address, status=409)

    assert "先に書いた文" in conflict.text
    assert "あとの文" in conflict.text
    again = conflict.form("summary")
    client.submit(again, address=address)
    assert _by_name("二人の会社").summary == "あとの文"


def test_the_same_submit_twice_makes_one_record(client: Client) -> None:
    client.sign_in(make_user(Role.MEMBER))
    form = client.get("/organizations/new").form("kana")
    data = {"kind": "company", "name": "一度の会社"}

    first = client.submit(form, data, address="/organizations/new")
    second = client.submit(form, data, address="/organizations/new")

    assert first.location == second.location
    assert _by_name("一度の会社").number == 1
