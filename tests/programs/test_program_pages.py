"""Programs made and led over their pages: every shape, their life, conflicts, what others see."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.queries import entries_of
from registry.common.roles import Role
from registry.db import db, transaction
from registry.policy.models import CrossTag, TagKind
from registry.programs.life import is_stale
from registry.programs.models import Program, ProgramState, Shape
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.factories.policy import PLAN, make_policy_code
from tests.programs.test_programs import make_enrolment, make_operator, make_program

FULL = {
    "summary": "試作の費用を補助します。",
    "content": "試作品の製作にかかる費用の 2 分の 1 を補助します。",
    "contact": "産業振興部 試験係 044-000-0000",
}


def newest() -> Program:
    found = db.session.scalar(select(Program).order_by(Program.id.desc()).limit(1))
    assert found is not None
    return found


@pytest.mark.parametrize("shape", list(Shape))
def test_a_program_of_every_shape_is_made_published_and_found_without_code(
    client: Client, shape: Shape
) -> None:
    make_policy_code("3-3-2", "ものづくり技術の高度化")
    operator = make_user(Role.OPERATOR, name="制度 担当")
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(
        "/programs/new",
        {
            "title": f"試作の支援{shape.value}",
            "shape": shape.value,
            "further_shapes": ["event", shape.value],
            "policy_code": f"{PLAN}/3-3-2",
            "areas": "川崎市、中原区",
            "industries": ["E", "G"],
            "stages": ["growth-research"],
            "troubles": ["sales"],
            "service_kinds": ["subsidy"],
            "keywords": "試作、補助",
            "benefit_max_yen": "200万円",
            "rate_max_percent": "２分の１",
            "has_budget_limit": "yes",
            "operators": [operator.public_id],
            "stage_names-0-ja": "面談した",
            "stage_names-0-en": "Met",
            **FULL,
        },
    )

    draft = client.follow(page)
    assert "下書きを作りました" in draft.text and "下書きです" in draft.text
    program = newest()
    assert program.shape is shape and program.benefit_max_yen == 2_000_000
    assert program.rate_max_percent == 50.0 and program.areas[0] == "14130"
    assert program.stage_names == {"s1": {"ja": "面談した", "en": "Met"}}
    assert shape.value not in program.further_shapes
    Client(client.app).get(f"/programs/{program.public_id}", status=404)
    assert f"試作の支援{shape.value}" not in Client(client.app).get("/programs").text
    address = page.location.removeprefix("http://localhost")
    client.post(f"/programs/{program.public_id}/state", at=address, action="/state")
    seen = Client(client.app).get(address)
    for words in (
        "試作の費用を補助します",
        "2,000,000 円",
        "50%",
        "川崎市",
        "助成・補助金：補助金",
    ):
        assert words in seen.text, words
    assert f"試作の支援{shape.value}" in Client(client.app).get("/programs?q=補助").text
    worker = Client(client.app).sign_in(operator)
    assert worker.get(address).has_link("制度を直す")


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(client: Client) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))

    page = client.post(
        "/programs/new",
        {
            "title": "試作の支援",
            "shape": "enrolment",
            "summary": "長" * 101,
            "content": "打った内容",
            "rate_max_percent": "半分くらい",
            "stage_names-0-ja": "打った段階",
        },
        status=200,
    )

    assert "100 文字までにしてください" in page.text and "割合として読めません" in page.text
    assert "打った内容" in page.html and "打った段階" in page.html
    assert (
        "市区町村を 1 つに決められません"
        in client.post(
            "/programs/new", {"title": "x", "shape": "event", "areas": "どこにもない町"}, status=200
        ).text
    )
    assert db.session.query(Program).count() == 0


def test_a_long_printed_title_is_warned_of_and_a_preview_stores_nothing(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(
        "/programs/new",
        {"title": "長い名前の支援制度" * 5, "shape": "event", "do": "preview", **FULL},
        status=200,
    )

    assert "40 文字を超えています" in page.text and "プレビュー" in page.text
    assert "試作の費用を補助します" in page.text
    assert db.session.query(Program).count() == 0


def test_publishing_needs_what_the_standard_requires_and_every_step_can_be_taken_back(
    client: Client,
) -> None:
    program = make_program(state=ProgramState.DRAFT, content="", contact="")
    public_id = program.public_id
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/programs/{public_id}"

    def press(state: str) -> str:
        form = client.get(address).form(action="/state")
        answer = client.submit(form, {"state": state}, address=f"{address}/state")
        return client.follow(answer).text

    assert "公開する前に、内容、お問い合わせ先 を書いてください" in press("active")
    client.post(f"{address}/edit", FULL)
    for state in ("active", "closed_to_new", "ended", "active", "ended", "closed_to_new"):
        press(state)
        db.session.expire_all()
        assert db.session.scalars(select(Program.state)).one() == state
    assert "いまの状態からは" in press("draft")
    assert "空にできません" in client.post(f"{address}/edit", {"contact": ""}, status=200).text
    actions = [entry.action for entry in entries_of(f"program:{public_id}")]
    assert actions.count("program.state") == 6 and "program.changed" in actions


def test_confirming_says_who_and_when_and_twelve_months_later_it_is_stale(client: Client) -> None:
    program = make_program(**FULL)
    client.sign_in(make_user(Role.COORDINATOR, name="確認 する人"))
    address = f"/programs/{program.public_id}"
    assert "確認が必要" in client.get(address).text

    page = client.follow(client.post(f"{address}/confirm", at=address, action="/confirm"))

    assert "2026年11月25日 に 確認 する人 が確認" in page.text.replace("(水)", "")
    assert "確認が必要" not in page.text
    assert "する人" not in Client(client.app).get(address).text
    assert not is_stale(TODAY.replace(year=2025, day=26), TODAY)
    assert is_stale(TODAY.replace(year=2025), TODAY) and is_stale(None, TODAY)


def test_two_who_edit_a_program_are_told_and_both_texts_stand(client: Client) -> None:
    program = make_program(**FULL)
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/programs/{program.public_id}/edit"
    form = client.get(address).form("version")
    client.post(address, {"summary": "先の人の概要"})

    page = client.submit(form, {"summary": "後の人の概要"}, address=address, status=409)

    assert "先の人の概要" in page.html and "後の人の概要" in page.html


def test_a_derived_program_names_its_origin_and_no_circle_is_made(client: Client) -> None:
    first, second = make_program("元の支援", **FULL), make_program("後の支援", **FULL)
    client.sign_in(make_user(Role.COORDINATOR))
    edit = f"/programs/{second.public_id}/edit"

    assert "変更の区分を選んで" in client.post(edit, {"origin": first.public_id}, status=200).text
    client.post(edit, {"origin": first.public_id, "change_kind": "successor"})

    assert "元の支援 (後継)" in client.get(f"/programs/{second.public_id}").text
    assert client.get(f"/programs/{first.public_id}").has_link("後の支援")
    circle = {"origin": second.public_id, "change_kind": "derived"}
    page = client.post(f"/programs/{first.public_id}/edit", circle, status=200)
    assert "後の制度は選べません" in page.text


def test_tags_and_the_operating_organization_are_kept(app: Flask, client: Client) -> None:
    with transaction():
        db.session.add(
            CrossTag(plan="FY2018-2021", kind=TagKind.VIEWPOINT, number=1, title="試験の視点")
        )
    tag = db.session.scalars(select(CrossTag.id)).one()
    make_organization(name="試験振興財団")
    program = make_program(**FULL)
    client.sign_in(make_user(Role.COORDINATOR))

    client.post(
        f"/programs/{program.public_id}/edit",
        {"tags": [tag], "operator_name": "試験振興財団", "published_to": None},
    )

    seen = Client(client.app).get(f"/programs/{program.public_id}").text
    assert "試験の視点" in seen and "試験振興財団" in seen
    unknown = {"operator_name": "どこにもない団体"}
    page = client.post(f"/programs/{program.public_id}/edit", unknown, status=200)
    assert "当てはまる団体がありません" in page.text


def test_an_operator_edits_the_own_programs_only_and_appoints_nobody(client: Client) -> None:
    own, other = make_program("担当の支援", **FULL), make_program("よその支援", **FULL)
    client.sign_in(make_operator(own))

    client.post(f"/programs/{own.public_id}/edit", {"season": "4 月から"})

    assert "operators" not in client.get(f"/programs/{own.public_id}/edit").html
    assert "4 月から" in client.get(f"/programs/{own.public_id}").text
    client.get(f"/programs/{other.public_id}/edit", status=403)
    client.get("/programs/new", status=403)
    assert not client.get(f"/programs/{other.public_id}").has_link("制度を直す")


def test_applications_and_unpublished_results_are_not_on_the_public_pages(
    client: Client,
) -> None:
    program = make_program(**FULL)
    rival = make_organization(name="ライバル工業")
    for number, fields in enumerate(
        (
            {"state": "applied", "published": False},
            {"state": "declined"},
            {"state": "active", "published": False},
            {"state": "draft"},
            {"state": "withdrawn"},
        )
    ):
        make_enrolment(program, organization=rival, project=f"秘密{number}", **fields)
    make_enrolment(program, organization=rival, project="公開の取組")
    member = Client(client.app).sign_in(make_member())

    for person in (client, member):
        for address in (f"/programs/{program.public_id}", "/awards", f"/organizations/{rival.public_id}"):  # fmt: skip
            text = person.get(address).text
            assert "公開の取組" in text and "秘密" not in text, address
