"""From a member's words to a published need, over the pages."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.listings.models import Listing, ListingKind, ListingState, Visibility
from registry.notifications.models import Message
from registry.organizations.models import Organization, OrganizationState
from tests.client import Client, Page
from tests.factories.accounts import make_user
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization

NEED = {
    "title": "めっき後の細い溝に残る薬液を短い時間で取り除きたい",
    "description": "電子部品の端子に金めっきを施しています。幅 0.2 mm の溝に薬液が残り、しみが出ます。",
    "keywords": "めっき、洗浄、微細溝",
    "category": "technology",
    "visibility": "members",
    "anonymous": "anonymous",
    "valid_until-y": "2027",
    "valid_until-m": "5",
    "valid_until-d": "31",
}
NEW = "/listings/new?kind=need"


@pytest.fixture
def plating(app: Flask) -> Organization:
    return make_organization(
        name="株式会社潮見精密めっき", municipality="14133", industry="24", employees=32
    )


def the_listing() -> Listing:
    return db.session.scalars(select(Listing)).one()


def write(client: Client, **fields: object) -> Page:
    """Fill in the form and press 「確認へ進む」."""
    return client.post(NEW, {**NEED, "do": "confirm", **fields}, containing="title")


def refused(client: Client, **fields: object) -> Page:
    """The form again: nothing was saved."""
    page = client.post(NEW, {**NEED, "do": "confirm", **fields}, containing="title", status=200)
    assert db.session.scalars(select(Listing)).all() == []
    return page


def test_a_need_is_written_returned_corrected_and_published(
    app: Flask, plating: Organization
) -> None:
    member, staff = Client(app).sign_in(make_member(plating)), Client(app)
    staff.sign_in(make_user(Role.COORDINATOR))

    confirm = write(member).location
    assert "まだ公開していません" in member.get(f"/listings/{the_listing().public_id}").text
    member.post(confirm, {"do": "submit"}, containing="version")
    address = f"/listings/{the_listing().public_id}"
    assert the_listing().state is ListingState.SUBMITTED

    queue = staff.get("/listings/review")
    assert "株式会社潮見精密めっき" in queue.text
    assert "製造業・中原区" in queue.text
    back = queue.form(action="/return")
    empty = staff.submit(back, {"reason": ""}, address=back["action"], status=200)
    assert "理由を入力してください" in empty.text
    staff.submit(back, {"reason": "溝の数を書いてください。"}, address=back["action"])

    assert "溝の数を書いてください。" in member.get(address).text
    member.post(
        f"{address}/edit",
        {"description": NEED["description"] + "溝は 1 個に 40 本です。", "do": "confirm"},
        containing="title",
    )
    member.post(f"{address}/confirm", {"do": "submit"}, containing="version")
    publish = staff.get("/listings/review").form(action="/publish")
    staff.submit(publish, address=publish["action"])

    listing = the_listing()
    assert (listing.state, listing.reference) == (ListingState.PUBLISHED, "N-0001")
    assert listing.published_at is not None
    mails = [m.subject for m in db.session.scalars(select(Message).order_by(Message.id))]
    assert ["手直し" in mails[0], "公開しました" in mails[1]] == [True, True]
    history = staff.get(address).text
    assert all(word in history for word in ("差し戻した", "公開した", "溝は 1 個に 40 本です。"))


def test_everything_that_is_missing_is_said_at_once_and_what_was_typed_stays(
    client: Client, plating: Organization
) -> None:
    client.sign_in(make_member(plating))

    page = refused(
        client,
        title="めっきの悩み",
        keywords="めっき",
        visibility=None,
        anonymous=None,
        **{"valid_until-m": "11", "valid_until-d": "31"},
    )

    assert page.reader.title.startswith("エラー：")
    for words in (
        "10 文字以上",
        "3 つ以上入れてください（いま 1 つ）",
        "だれに見せるかを選んでください",
        "匿名にするかを選んでください",
        "11月は 30 日まで",
    ):
        assert words in page.text
    assert 'value="めっきの悩み"' in page.html
    assert 'value="31"' in page.html
    assert "幅 0.2 mm の溝" in page.html


def test_a_keyword_of_10000_characters_is_refused_at_its_field_and_stays(
    client: Client, plating: Organization
) -> None:
    client.sign_in(make_member(plating))

    page = refused(client, keywords="めっき、洗浄、" + "あ" * 10_000)

    assert "「ああああああああああああああああああああ…」は 10,000 文字あります" in page.text
    assert "あ" * 10_000 in page.html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"keywords": "、".join(f"語{n}" for n in range(21))}, "20 個までです（いま 21 個）"),
        ({"title": "あ" * 61}, "「件名」は 60 文字までにしてください（いま 61 文字です）"),
        ({"title": "めっきの溝\u202eを洗いたいので助けて"}, "見えない文字"),
        ({"valid_until-y": "2026", "valid_until-m": "11", "valid_until-d": "24"}, "期限が過ぎて"),
        ({"valid_until-y": "2030"}, "3 年先まで"),
        ({"category": "labour", "headcount": "八人"}, "「人数」は数字で入力してください"),
        ({"category": "labour", "headcount": ""}, "「人数」を入力してください"),
        ({"category": "nonsense"}, "エラー"),
        ({"visibility": "everybody"}, "エラー"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(
    client: Client, plating: Organization, typed: dict[str, str], words: str
) -> None:
    client.sign_in(make_member(plating))

    page = refused(client, **typed)

    assert words in page.text + page.reader.title


def test_a_draft_may_be_unfinished_and_is_the_cautious_choice(
    client: Client, plating: Organization
) -> None:
    client.sign_in(make_member(plating))

    client.post(
        NEW,
        {"title": "めっき", "do": "draft", "visibility": None, "anonymous": None},
        containing="title",
    )

    listing = the_listing()
    assert (listing.state, listing.visibility, listing.anonymous) == (
        ListingState.DRAFT,
        Visibility.STAFF,
        True,
    )
    page = client.get(f"/listings/{listing.public_id}/confirm")
    assert "10 文字以上" in page.text
    assert not any("/confirm" in f["action"] and f["method"] == "post" for f in page.reader.forms)


def test_keywords_are_proposed_from_the_text_without_saving(
    client: Client, plating: Organization
) -> None:
    client.sign_in(make_member(plating))

    page = client.post(
        NEW, {**NEED, "keywords": "拭き取り", "do": "propose"}, containing="title", status=200
    )

    proposed = next(f for f in page.form("title")["fields"] if f["name"] == "keywords")["value"]
    assert proposed.startswith("拭き取り、")
    assert "薬液" in proposed
    assert "直すところ" not in page.text
    assert db.session.scalars(select(Listing)).all() == []


def test_another_category_asks_its_own_fields_without_a_script(
    client: Client, plating: Organization
) -> None:
    client.sign_in(make_member(plating))

    chosen = client.post(
        NEW, {**NEED, "category": "material", "do": "category"}, containing="title", status=200
    )
    form = chosen.form("title")
    assert {"substance", "quantity", "unit", "rhythm"} <= {f["name"] for f in form["fields"]}
    client.submit(
        form,
        {
            "substance": "おから",
            "quantity": "１，８００．５",
            "unit": "kg",
            "rhythm": "day",
            "do": "confirm",
        },
        address=NEW,
    )

    assert the_listing().fields == {
        "substance": "おから",
        "quantity": 1800.5,
        "unit": "kg",
        "rhythm": "day",
    }
    assert "1,800.5" in client.get(f"/listings/{the_listing().public_id}").text


def test_a_retried_submit_makes_one_record(client: Client, plating: Organization) -> None:
    client.sign_in(make_member(plating))
    form = client.get(NEW).form("title")

    first = client.submit(form, {**NEED, "do": "confirm"}, address=NEW)
    second = client.submit(form, {**NEED, "do": "confirm"}, address=NEW)

    assert first.location == second.location
    assert the_listing().number == 1


def test_two_editors_are_shown_both_texts(app: Flask, plating: Organization) -> None:
    listing = make_need(
        organization=plating,
        state=ListingState.DRAFT,
        description="いまの内容です。二十文字より長く書いてあります。",
        keywords=["一", "二", "三"],
    )
    address = f"/listings/{listing.public_id}/edit"
    member, staff = Client(app), Client(app)
    member.sign_in(make_member(plating))
    staff.sign_in(make_user(Role.COORDINATOR))
    opened = member.get(address).form("title")
    staff.post(
        address, {"title": "事務局が直した件名はこちらです", "do": "draft"}, containing="title"
    )

    page = member.submit(
        opened,
        {"title": "会員が直した件名はこちらです", "do": "draft"},
        address=address,
        status=409,
    )

    assert "事務局が直した件名はこちらです" in page.text
    assert "会員が直した件名はこちらです" in page.text
    member.submit(page.form("title"), address=address)
    assert the_listing().title == "会員が直した件名はこちらです"


def test_a_members_new_words_on_a_published_listing_are_reviewed_again(
    client: Client, plating: Organization
) -> None:
    listing = make_need(
        organization=plating,
        title="めっきの前の油を速く落としたい",
        description="油の落ち方が日によって違い、めっきの付きが悪くなります。",
        keywords=["めっき", "脱脂", "油"],
        visibility=Visibility.MEMBERS,
    )
    client.sign_in(make_member(plating))
    address = f"/listings/{listing.public_id}/edit"

    client.post(
        address, {"keywords": "めっき、脱脂、油、洗浄", "do": "confirm"}, containing="title"
    )
    assert the_listing().state is ListingState.PUBLISHED

    client.post(address, {"visibility": "public", "do": "confirm"}, containing="title")
    assert the_listing().state is ListingState.SUBMITTED


def test_staff_write_for_a_firm_with_its_word(client: Client, plating: Organization) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    chosen = client.follow(client.get(NEW, status=303))
    assert "どの企業・団体の案件ですか" in chosen.text
    found = client.get("/listings/new/organization?kind=need&q=潮見")
    address = found.link("選ぶ")

    page = client.post(address, {**NEED, "do": "confirm"}, containing="title", status=200)
    assert "同意した人の名前を入力してください" in page.text
    word = {
        "given_by": "潮見 花",
        "way": "phone",
        "given_on-y": "令和8",
        "given_on-m": "11",
        "given_on-d": "20",
        "evidence": "11 月 20 日の通話の要旨",
    }
    confirm = client.post(address, {**NEED, **word, "do": "confirm"}, containing="title").location
    client.post(confirm, {"do": "publish"}, containing="version")

    listing = the_listing()
    assert listing.state is ListingState.PUBLISHED
    assert listing.consent is not None
    assert listing.consent.given_on == date(2026, 11, 20)
    assert "潮見 花" in client.get(f"/listings/{listing.public_id}").text


def test_nothing_is_published_for_a_firm_that_is_not_approved(client: Client, app: Flask) -> None:
    firm = make_organization(state=OrganizationState.SUBMITTED)
    listing = make_need(
        organization=firm,
        state=ListingState.SUBMITTED,
        title="めっきの前の油を速く落としたい",
        description="油の落ち方が日によって違い、めっきの付きが悪くなります。",
        keywords=["めっき", "脱脂", "油"],
    )
    client.sign_in(make_user(Role.COORDINATOR))
    publish = client.get(f"/listings/{listing.public_id}").form(action="/publish")

    page = client.follow(client.submit(publish, address=publish["action"]))

    assert page.text.count("登録を先に承認してください") == 1
    assert f"/organizations/{firm.public_id}/review" in page.html
    assert listing.kind is ListingKind.NEED
    assert the_listing().state is ListingState.SUBMITTED


def test_enter_in_a_field_goes_on_to_confirm_and_not_to_a_side_action(client: Client) -> None:
    client.sign_in(make_member())

    page = client.get(NEW)
    buttons = re.findall(r"<button[^>]*>", page.html.split("<main")[1])

    assert 'name="do" value="confirm"' in buttons[0] and 'tabindex="-1"' in buttons[0]
