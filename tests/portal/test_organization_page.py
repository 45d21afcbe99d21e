"""An organization's page tells what it offers, seeks and took part in, to each what he may see."""

from flask import Flask

from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import OrganizationState
from registry.programs.models import Enrolment, EnrolmentResult, Program, ProgramState, Shape
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


def test_its_listings_stand_there_but_for_what_the_viewer_may_not_know(client: Client) -> None:
    firm = make_organization(name="株式会社 表通り")
    make_need(title="名のある困りごと", organization=firm)
    make_need(title="名を伏せた困りごと", organization=firm, anonymous=True)
    make_seed(title="会員だけの技術", organization=firm, visibility=Visibility.MEMBERS)
    make_seed(title="書きかけの技術", organization=firm, state=ListingState.DRAFT)
    address = f"/organizations/{firm.public_id}"

    visitor = client.get(address)
    assert visitor.has_link("名のある困りごと")
    for hidden in ("名を伏せた困りごと", "会員だけの技術", "書きかけの技術"):
        assert hidden not in visitor.html

    client.sign_in(make_member(firm))
    own = client.get(address)
    for title in ("名のある困りごと", "名を伏せた困りごと", "会員だけの技術", "書きかけの技術"):
        assert own.has_link(title)


def test_its_awards_and_projects_stand_there_also_as_a_partner(client: Client, app: Flask) -> None:
    firm = make_organization(name="株式会社 受賞")
    school = make_organization(name="連携大学")
    hidden = make_organization(name="まだ出ない会社", state=OrganizationState.SUBMITTED)
    with transaction():
        program = Program(key="brand", title="ものづくりブランド", shape=Shape.ENROLMENT,
                          state=ProgramState.ACTIVE)  # fmt: skip
        db.session.add(program)
        db.session.flush()
        for owner, project in ((firm, "洗えるカメラ"), (hidden, "秘密の計画")):
            db.session.add(
                Enrolment(
                    program=program, organization=owner, fiscal_year=2016, project=project,
                    result=EnrolmentResult.PRIZE, source="計画 50 ページ", partners=[school],
                )
            )  # fmt: skip

    page = client.get(f"/organizations/{school.public_id}")
    assert page.has_link("ものづくりブランド") and "洗えるカメラ" in page.text
    assert page.has_link("株式会社 受賞") and "計画 50 ページ" in page.text
    assert "秘密の計画" not in page.html and "まだ出ない会社" not in page.html
    assert "洗えるカメラ" in client.get(f"/organizations/{firm.public_id}").text


def test_nothing_is_headed_where_there_is_nothing(client: Client) -> None:
    page = client.get(f"/organizations/{make_organization().public_id}")

    assert "支援制度での採択" not in page.text
    assert "公開している案件はありません" in page.text


def test_staff_get_from_a_listing_to_its_candidates_in_one_click(client: Client) -> None:
    need = make_need()
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/listings/{need.public_id}")

    assert page.has_link("このニーズに合うシーズ")
    assert f"/suggestions/{need.public_id}" in page.html
