"""The front page: newest listings, real figures, next steps; nothing that is not the viewer's."""

from datetime import UTC, date, datetime

from flask import Flask

from registry.cases.models import Side
from registry.common.roles import Role
from registry.db import db, transaction
from registry.encounters.models import EncounterKind
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import OrganizationState
from registry.programs.models import Program, ProgramState, Shape
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_encounter, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


def test_an_empty_registry_says_so_and_shows_no_invented_figure(client: Client) -> None:
    page = client.get("/")

    assert "募集中のニーズはまだありません" in page.text
    assert "公開中のシーズはまだありません" in page.text
    assert "年度の実績" not in page.text
    assert "案件に多い語" not in page.text


def test_the_three_newest_of_each_kind_stand_there_with_the_true_number(client: Client) -> None:
    for day in range(1, 6):
        make_need(title=f"ニーズその{day}", published_at=datetime(2026, 11, day, tzinfo=UTC))
    make_seed(title="ただ一つのシーズ")

    page = client.get("/")

    assert [n for n in range(1, 6) if f"ニーズその{n}" in page.text] == [3, 4, 5]
    assert page.text.index("ニーズその5") < page.text.index("ニーズその3")
    assert page.has_link("5 件をすべて見る") and page.has_link("ただ一つのシーズ")


def test_what_is_not_public_stands_nowhere_on_the_front_page(client: Client) -> None:
    shown = make_organization(name="株式会社 表通り")
    make_need(title="だれでも読める困りごと", keywords=["公開語"], organization=shown)
    before = _without_tokens(client.get("/").html)

    make_need(title="秘密甲", keywords=["秘密語"], visibility=Visibility.STAFF, organization=shown)
    make_need(
        title="秘密乙", keywords=["秘密語"], visibility=Visibility.MEMBERS, organization=shown
    )
    make_seed(title="秘密丙", keywords=["秘密語"], state=ListingState.DRAFT, organization=shown)
    make_organization(name="秘密の会社", state=OrganizationState.SUBMITTED)

    assert _without_tokens(client.get("/").html) == before


def test_the_owner_of_an_anonymous_listing_is_not_named(client: Client) -> None:
    owner = make_organization(name="株式会社 匿名製作所", industry="24", employees=27)
    make_need(title="名を伏せた困りごと", anonymous=True, organization=owner)

    page = client.get("/")

    assert "名を伏せた困りごと" in page.text and "匿名製作所" not in page.text
    assert "製造業" in page.text


def test_figures_are_counted_and_ended_programs_left_out(client: Client, app: Flask) -> None:
    make_organization(name="承認済み")
    make_organization(name="未承認", state=OrganizationState.SUBMITTED)
    with transaction():
        for key, state in (("a", ProgramState.ACTIVE), ("b", ProgramState.ENDED)):
            db.session.add(Program(key=key, title=key, shape=Shape.CASE, state=state))

    figures = client.get("/").text.split("いまの登録")[1]

    assert "登録した企業・団体 1 団体" in figures
    assert "支援制度 1 件" in figures


def test_this_fiscal_year_to_date_is_counted_as_the_reports_count(
    client: Client, app: Flask
) -> None:
    firm = make_organization()
    make_encounter(firm, held_on=date(2026, 3, 31))
    make_encounter(firm, held_on=date(2026, 4, 1), kind=EncounterKind.DISPATCH)
    make_encounter(firm, held_on=date(2026, 11, 25))

    results = client.get("/").text.split("2026（令和8）年度の実績（2026年11月25日まで）")[1]

    assert "相談・訪問 1 件" in results
    assert "派遣（延べ） 1 回" in results


def test_only_words_that_several_listings_use_are_called_frequent(client: Client) -> None:
    for number, spelling in enumerate(("ＡＭＲ", "amr", "AMR")):
        make_need(keywords=[spelling, f"一度だけ{number}"])

    page = client.get("/")

    assert "案件に多い語" in page.text and page.has_link("AMR")
    assert not any(page.has_link(f"一度だけ{number}") for number in range(3))


def test_a_member_finds_what_to_do_next(client: Client, app: Flask) -> None:
    firm = make_organization(name="株式会社 次の一歩")
    make_need(organization=firm, state=ListingState.RETURNED, published_at=None)
    case = make_case(need=make_need(organization=firm))
    ask(party(case, Side.NEED), today=date(2026, 11, 20))
    client.sign_in(make_member(firm))

    page = client.get("/")

    assert f"引き合わせの打診（{case.reference}）に返事をします。" in page.text
    assert "差し戻された案件が 1 件あります" in page.text
    assert "連絡先を登録します" in page.text


def test_nobody_elses_steps_are_shown(client: Client, app: Flask) -> None:
    case = make_case()
    ask(party(case, Side.NEED), today=date(2026, 11, 20))
    client.sign_in(make_member(make_organization(name="よその会社")))

    assert case.reference not in client.get("/").text


def test_staff_are_led_to_the_desk(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    assert client.get("/").has_link("今日の仕事へ")


def _without_tokens(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrf" not in line)
