"""An organization's whole record on one page."""

from datetime import date, timedelta

from flask import Flask

from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import ListingState, Visibility
from registry.organizations.models import Consent, ConsentWay, Contact
from registry.programs.models import Enrolment, EnrolmentResult, Program, ProgramState, Shape
from registry.suggestions.models import Candidate, Decision, DecisionKind
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_encounter
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


def test_the_record_holds_everything_of_the_organization_and_nothing_else(
    client: Client, app: Flask
) -> None:
    firm = make_organization(name="株式会社 全記録", corporate_number="4000012090001", employees=27)
    other = make_organization(name="東湾大学")
    make_member(firm, name="会員 花子")
    need = make_need(title="自社の困りごと", organization=firm)
    make_need(title="自社の下書き", organization=firm, state=ListingState.DRAFT)
    make_need(title="自社の匿名", organization=firm, anonymous=True, visibility=Visibility.STAFF)
    seed, refused = (
        make_seed(title="大学の技術", organization=other),
        make_seed(title="見送った技術"),
    )
    make_case(need=need, seed=seed, title="両社の件")
    make_case(title="無関係の件")
    make_encounter(firm, subject="自社への訪問")
    make_encounter(other, subject="大学だけの訪問")
    with transaction():
        program = Program(
            key="p", title="共同研究補助", shape=Shape.ENROLMENT, state=ProgramState.ACTIVE
        )
        db.session.add_all([
            Contact(organization_id=firm.id, name="連絡 太郎", phone="044-000-0000"),
            Consent(organization_id=firm.id, about="登録の代行", given_by="社長", way=ConsentWay.PAPER,
                    given_on=date(2026, 4, 1)),
            program,
            Candidate(need_id=need.id, seed_id=seed.id, score=77, rank=1),
            Candidate(need_id=need.id, seed_id=refused.id, score=66, rank=2),
            Decision(need_id=need.id, seed_id=refused.id, kind=DecisionKind.DISMISSED),
        ])  # fmt: skip
        db.session.flush()
        db.session.add(
            Enrolment(program_id=program.id, organization_id=other.id, fiscal_year=2016,
                      project="共同の研究", result=EnrolmentResult.JOINT_PROJECT, partners=[firm])
        )  # fmt: skip
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/organizations/{firm.public_id}/record")

    for words in ("4-0000-1209-0001", "連絡 太郎", "会員 花子", "登録の代行", "自社の困りごと",
                  "自社の下書き", "自社の匿名", "大学の技術", "両社の件", "自社への訪問",
                  "共同研究補助", "共同の研究", "東湾大学", "見送り", "2016年度"):  # fmt: skip
        assert words in page.text, words
    for words in ("無関係の件", "大学だけの訪問"):
        assert words not in page.text, words
    assert "まだ決めていないもの 1 件" in page.text


def test_only_the_newest_twenty_encounters_are_shown_with_their_number(
    client: Client, app: Flask
) -> None:
    firm = make_organization(name="多い会社")
    for number in range(23):
        held = date(2026, 1, 1) + timedelta(days=number)
        make_encounter(firm, subject=f"訪問 {number:02}", held_on=held)
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/organizations/{firm.public_id}/record")

    assert "23 件" in page.text and "新しい 20 件だけを示しています" in page.text
    assert page.has_link("訪問 22") and not page.has_link("訪問 02")


def test_an_empty_record_says_so_in_every_part(client: Client, app: Flask) -> None:
    firm = make_organization()
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/organizations/{firm.public_id}/record")

    for words in ("連絡先はまだありません", "案件はまだありません", "まだ決めていない候補はありません",
                  "マッチングはまだありません", "相談・訪問の記録はまだありません"):  # fmt: skip
        assert words in page.text, words
