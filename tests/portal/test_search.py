"""Search across the rooms: any spelling, numbers, and honest answers."""

import pytest
from flask import Flask

from registry.common.folding import fold
from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import Contact, OrganizationState
from registry.programs.models import Program, ProgramState, Shape
from tests.client import Client, Page
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_encounter
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization


@pytest.fixture
def staff(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


def found(client: Client, query: str) -> Page:
    return client.get("/search", query_string={"q": query})


@pytest.mark.parametrize("query", ["メッキ", "めっき", "ﾒｯｷ", "渡邊", "渡辺", "ＡＢＣ", "abc"])
def test_every_spelling_finds_the_same_records(staff: Client, app: Flask, query: str) -> None:
    word = {"メ": "メッキ", "め": "メッキ", "ﾒ": "メッキ", "渡": "渡邊", "Ａ": "Abc", "a": "Abc"}[
        query[0]
    ]
    firm = make_organization(name=f"株式会社 {word}")
    make_seed(title=f"{word}の技術")
    make_case(need=make_need(title=f"{word}の困りごと"), title=f"{word}の案件")
    make_encounter(make_organization(), subject=f"{word}の相談")
    with transaction():
        db.session.add(Contact(organization_id=firm.id, name=f"{word} 花子"))
        db.session.add(
            Program(key="p", title=f"{word}支援", search_text=fold(f"{word}支援"),
                    shape=Shape.CASE, state=ProgramState.ACTIVE)
        )  # fmt: skip

    page = found(staff, query)

    for title in (f"株式会社 {word}", f"{word}の技術", f"{word}の困りごと", f"{word}の案件"):
        assert page.has_link(title), title
    assert page.has_link(f"{word}の相談") and page.has_link(f"{word} 花子")
    assert f"{word}支援" in page.text


def test_numbers_find_their_record(staff: Client, app: Flask) -> None:
    need, seed = (
        make_need(number=412, title="番号の困りごと"),
        make_seed(number=7, title="番号の技術"),
    )
    case = make_case(need=need, seed=seed)

    for query in ("N-0412", "n412", "Ｎ－０４１２"):
        page = found(staff, query)
        assert page.has_link("番号の困りごと") and not page.has_link("番号の技術"), query
    assert found(staff, "S-0007").has_link("番号の技術")
    assert found(staff, case.reference).has_link(case.reference)


def test_a_corporate_number_and_a_telephone_are_found_as_people_type_them(
    staff: Client, app: Flask
) -> None:
    firm = make_organization(name="番号の会社", corporate_number="4000012090001")
    with transaction():
        db.session.add(Contact(organization_id=firm.id, name="電話 太郎", phone="044-000-1234"))

    assert found(staff, "４-0000-1209-0001").has_link("番号の会社")
    for query in ("044-000-1234", "0440001234", "０４４０００"):
        assert found(staff, query).has_link("電話 太郎"), query


def test_staff_find_hidden_ones_with_their_state(staff: Client, app: Flask) -> None:
    make_need(title="かくれた下書き", state=ListingState.DRAFT)
    make_need(title="かくれた機密", visibility=Visibility.STAFF)
    make_organization(name="かくれた申請", state=OrganizationState.SUBMITTED)

    page = found(staff, "かくれた")

    assert "3 件見つかりました" in page.text
    assert "下書き" in page.text and "確認待ち" in page.text


def test_long_lists_show_ten_and_the_true_number(staff: Client, app: Flask) -> None:
    firm = make_organization(name="多い会社")
    for number in range(13):
        make_need(title=f"多数の一つ {number:02}", organization=firm)

    page = found(staff, "多数の")

    assert len([words for _href, words in page.reader.links if "多数の一つ" in words]) == 10
    rest = staff.get(page.link("13 件すべてを見る"))
    assert "13" in rest.text and rest.has_link("多数の一つ 00")


def test_nothing_found_is_said_with_hints(staff: Client) -> None:
    page = found(staff, "どこにもない 言葉")

    assert "「どこにもない 言葉」に合うものはありません" in page.text
    assert "語を減らしてください" in page.text


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "'", "(", "・", "<script>"])
def test_odd_queries_are_answered_calmly(staff: Client, app: Flask, query: str) -> None:
    make_need(title="ふつうの件名")

    page = found(staff, query)

    assert not page.has_link("ふつうの件名")
    assert "<script>" not in page.html.replace('<script type="module"', "")


def test_a_query_of_ten_thousand_characters_is_refused_with_words(staff: Client) -> None:
    page = found(staff, "長" * 10_000)

    assert "探す語が長すぎます。200 字までにしてください。" in page.text


def test_every_term_must_fit(staff: Client, app: Flask) -> None:
    make_need(title="金型の寿命")
    make_need(title="金型の洗浄")

    page = found(staff, "金型　洗浄")

    assert page.has_link("金型の洗浄") and not page.has_link("金型の寿命")
