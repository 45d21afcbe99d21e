"""The programs' pages for every role, and the keeping of enrolments."""

from datetime import date

import pytest
from flask import Flask

from registry.audit.queries import entries_of
from registry.common.errors import DomainError, NotAllowed
from registry.common.fiscal import FiscalYear
from registry.common.roles import Role
from registry.common.viewer import VISITOR, Viewer
from registry.db import db, transaction
from registry.organizations.models import OrganizationState
from registry.policy.models import PolicyCode
from registry.programs import service
from registry.programs.awards import by_year
from registry.programs.models import (
    Enrolment,
    EnrolmentResult,
    Program,
    ProgramOperator,
    ProgramState,
    Shape,
)
from registry.programs.queries import enrolments_in, enrolments_of, program_choices, programs_of
from registry.programs.search import refresh
from registry.programs.service import EnrolmentRecord
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of
from tests.factories.organizations import make_member, make_organization

TODAY = date(2026, 11, 25)


def make_code(code: str, title: str, parent: PolicyCode | None = None) -> PolicyCode:
    row = PolicyCode(
        plan="FY2016-2017", code=code, title=title, parent_id=parent.id if parent else None
    )
    with transaction():
        db.session.add(row)
    return row


def make_program(title: str = "新製品の支援", **fields: object) -> Program:
    values: dict[str, object] = {
        "key": title,
        "summary": "試験のための制度です。",
        "shape": Shape.ENROLMENT,
        "state": ProgramState.ACTIVE,
        "source": "第3章 3-3-2",
    }
    program = Program(title=title, **{**values, **fields})
    with transaction():
        db.session.add(program)
        db.session.flush()
        refresh(program)
    return program


def make_operator(*programs: Program):
    user = make_user(Role.OPERATOR)
    with transaction():
        for program in programs:
            db.session.add(ProgramOperator(program_id=program.id, user_id=user.id))
    return user


def make_enrolment(program: Program, **fields: object) -> Enrolment:
    values: dict[str, object] = {
        "fiscal_year": 2016,
        "result": EnrolmentResult.AWARDED,
        "project": "選別器の開発",
    }
    values.update(fields)
    organization = values.pop("organization", None) or make_organization()
    row = Enrolment(program_id=program.id, organization_id=organization.id, **values)  # type: ignore[attr-defined]
    with transaction():
        db.session.add(row)
    return row


def wish(organization, **fields: object) -> EnrolmentRecord:
    values: dict[str, object] = {"fiscal_year": FiscalYear(2026), "result": EnrolmentResult.AWARDED}
    return EnrolmentRecord(organization=organization, **{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture
def plan(app: Flask) -> tuple[Program, Program]:
    top = make_code("3", "産業の振興")
    middle = make_code("3-3", "活力ある産業集積の形成", top)
    low = make_code("3-3-2", "ものづくり技術の高度化", middle)
    other = make_code("3-2", "商業地域の形成", top)
    second = make_program("新製品・新技術開発等支援", policy_code_id=low.id)
    first = make_program(
        "アワード", policy_code_id=other.id, shape=Shape.EVENT, state=ProgramState.ENDED
    )
    return first, second


def test_everybody_reads_the_programs_in_the_order_of_the_policy_tree(client: Client, plan) -> None:
    page = client.get("/programs")

    assert page.text.index("3-2 商業地域の形成") < page.text.index("3-3 活力ある産業集積の形成")
    assert page.has_link("アワード") and page.has_link("新製品・新技術開発等支援")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=％EF", set()),
        ("q=３－３－２", {"新製品"}),
        ("q=3ｰ3ｰ2", {"新製品"}),
        ("q=新ﾃｸﾉﾛｼﾞｰ", set()),
        ("q=しんせいひん", set()),
        ("q=新製品　開発", {"新製品"}),
        ("policy=3-3", {"新製品"}),
        ("policy=３", {"新製品", "アワード"}),
        ("policy=nonsense", set()),
        ("shape=event", {"アワード"}),
        ("state=ended&shape=enrolment", set()),
        ("state=nonsense", {"新製品", "アワード"}),
    ],
)
def test_programs_are_narrowed_by_words_policy_kind_and_state(
    client: Client, plan, query: str, found: set[str]
) -> None:
    page = client.get(f"/programs?{query}")

    shown = {name for name in ("新製品", "アワード") if page.has_link(name)}
    assert shown == found
    assert found or "この条件に合う制度はありません" in page.text


def test_without_programs_the_page_says_so(client: Client) -> None:
    assert "まだ登録されていません" in client.get("/programs").text


def test_a_program_shows_its_awards_by_year_with_a_projects_members_together(
    client: Client, plan
) -> None:
    program = plan[1]
    firm, university = make_organization(name="試験鉄工"), make_organization(name="試験大学")
    partner = make_organization(name="試験の連携先")
    award = make_enrolment(program, organization=firm, project="地盤の改良")
    with transaction():
        db.session.get(Enrolment, award.id).partners = [partner, university]
    make_enrolment(
        program,
        organization=university,
        project="地盤の改良",
        result=EnrolmentResult.JOINT_PROJECT,
        role="連携大学等",
    )
    make_enrolment(program, fiscal_year=None, project="年のない取組", source="第3章 3-3-2")
    make_enrolment(program, fiscal_year=2025, amount_yen=1_500_000)
    page = client.get(f"/programs/{program.public_id}")

    assert page.text.index("2025（令和7）年度") < page.text.index("2016（平成28）年度")
    assert page.text.index("2016（平成28）年度") < page.text.index("年度の記載がないもの")
    assert page.html.count("地盤の改良") == 1 and "連携大学等" in page.text
    assert page.html.count("試験大学") == 1 and "試験の連携先" in page.text
    assert "採択 1 件" in page.text and "1,500,000 円" in page.text
    assert "3-3 活力ある産業集積の形成" in page.text and not page.has_link("直す")


def test_a_hidden_organization_stays_out_of_the_list(client: Client, plan) -> None:
    hidden = make_organization(name="下書きの会社", state=OrganizationState.DRAFT)
    row = make_enrolment(plan[1], organization=hidden)

    assert "下書きの会社" not in client.get(f"/programs/{plan[1].public_id}").text
    client.sign_in(make_operator(plan[1])).get(f"/enrolments/{row.public_id}/edit", status=404)
    assert enrolments_of(hidden, VISITOR) == []
    assert len(enrolments_of(hidden, viewer_of(make_user(Role.COORDINATOR)))) == 1


def test_an_operator_records_corrects_and_deletes_in_the_own_program_alone(
    app: Flask, client: Client, plan
) -> None:
    other, program = plan
    make_organization(name="試験鉄工 株式会社")
    make_organization(name="試験鉄工所の友")
    client.sign_in(make_operator(program))
    address = f"/programs/{program.public_id}/enrolments/new"
    client.get(f"/programs/{other.public_id}/enrolments/new", status=403)

    asked = client.post(
        address,
        {"organization_name": "試験鉄工", "result": "awarded", "fiscal_year": "令和八年", "amount_yen": "たくさん"},
        status=200,
    )  # fmt: skip
    assert "年度として読めません" in asked.text and "金額として読めません" in asked.text
    assert "令和八年" in asked.html and "たくさん" in asked.html

    several = client.post(
        address,
        {"organization_name": "試験", "result": "awarded", "fiscal_year": "令和8年度"},
        status=200,
    )
    assert "複数あります" in several.text and "試験鉄工所の友" in several.text

    client.post(
        address,
        {
            "organization_name": "試験鉄工",
            "result": "awarded",
            "fiscal_year": "令和8",
            "project": "選別器",
            "amount_yen": "200万円",
            "decided_on-y": "令和8",
            "decided_on-m": "6",
            "decided_on-d": "30",
        },
    )
    row = db.session.query(Enrolment).one()
    assert (row.fiscal_year, row.amount_yen, row.decided_on) == (2026, 2_000_000, date(2026, 6, 30))
    assert row.organization.name == "試験鉄工 株式会社"
    assert "選別器" in client.get(f"/programs/{program.public_id}").text
    assert client.get("/programs/operated").has_link("試験鉄工 株式会社")

    client.post(f"/enrolments/{row.public_id}/edit", {"project": "豆の選別器"})
    assert db.session.get(Enrolment, row.id).project == "豆の選別器"
    refused = client.post(f"/enrolments/{row.public_id}/delete", {"reason": ""}, status=200)
    assert "消す理由を入力してください" in refused.text
    public_id = row.public_id
    client.post(f"/enrolments/{public_id}/delete", {"reason": "別の制度だった"})
    assert db.session.query(Enrolment).count() == 0
    assert [e.action for e in entries_of(f"enrolment:{public_id}")] == [
        "enrolment.deleted",
        "enrolment.changed",
        "enrolment.recorded",
    ]


def test_two_who_correct_the_same_row_are_told(app: Flask, client: Client, plan) -> None:
    row = make_enrolment(plan[1])
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/enrolments/{row.public_id}/edit"
    form = client.get(address).form("version")
    client.post(address, {"project": "先の人の書いた名前"})

    page = client.submit(form, {"project": "後の人の書いた名前"}, address=address, status=409)

    assert "先の人の書いた名前" in page.html and "後の人の書いた名前" in page.html


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.OPERATOR, Role.COORDINATOR, Role.ADMINISTRATOR)]
)
def test_others_read_and_keep_no_records(client: Client, plan, role: Role) -> None:  # fmt: skip
    row = make_enrolment(plan[1])
    if role is not Role.VISITOR:
        client.sign_in(make_member() if role is Role.MEMBER else make_user(role))
    away = 302 if role is Role.VISITOR else 403

    assert client.get(f"/programs/{plan[1].public_id}").status == 200
    for address in (
        "/programs/operated",
        f"/programs/{plan[1].public_id}/enrolments/new",
        f"/enrolments/{row.public_id}/edit",
        f"/enrolments/{row.public_id}/delete",
    ):
        client.get(address, status=away)
    with pytest.raises(NotAllowed):
        service.delete_enrolment(row, reason="x", viewer=Viewer(role=role))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"fiscal_year": FiscalYear(2028)}, "fiscal_year"),
        ({"decided_on": date(2026, 11, 26)}, "decided_on"),
        ({"decided_on": date(2024, 6, 1)}, "decided_on"),
        ({"result": EnrolmentResult.JOINT_PROJECT}, "project"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app: Flask, plan, fields, field: str) -> None:
    viewer = viewer_of(make_user(Role.COORDINATOR))

    with pytest.raises(DomainError) as refusal:
        service.record_enrolment(
            plan[1], wish(make_organization(), **fields), today=TODAY, viewer=viewer
        )

    assert refusal.value.field == field


def test_the_same_award_is_recorded_once_and_none_for_an_archived_organization(
    app: Flask, plan
) -> None:
    viewer, firm = viewer_of(make_user(Role.COORDINATOR)), make_organization()
    gone = make_organization(state=OrganizationState.ARCHIVED)
    decided_before_the_year = wish(firm, decided_on=date(2026, 3, 20))
    with transaction():
        service.record_enrolment(plan[1], decided_before_the_year, today=TODAY, viewer=viewer)

    with pytest.raises(DomainError, match="すでに記録されています"):
        service.record_enrolment(plan[1], wish(firm), today=TODAY, viewer=viewer)
    with pytest.raises(DomainError, match="登録を終えた"):
        service.record_enrolment(plan[1], wish(gone), today=TODAY, viewer=viewer)


def test_an_operator_runs_the_own_programs_and_staff_all(app: Flask, plan) -> None:
    first, second = plan
    operator = make_operator(second)
    viewer = Viewer(role=Role.OPERATOR, user_id=operator.id, program_ids=frozenset({second.id}))

    assert programs_of(viewer) == [second]
    assert programs_of(viewer_of(make_user(Role.COORDINATOR))) == [first, second]
    assert program_choices() == [(second.public_id, second.title)]
    assert [words for _id, words in program_choices(first)] == [first.title, second.title]


def test_a_joint_project_counts_once_and_awards_by_organization(app: Flask, plan) -> None:
    for role in ("統括", "試作", "制御"):
        make_enrolment(plan[1], project="鼻輪", role=role, result=EnrolmentResult.JOINT_PROJECT)
    make_enrolment(plan[1], project="")
    make_enrolment(plan[1], project="")

    (year,) = by_year(enrolments_in(plan[1], VISITOR))

    assert dict(year.counts) == {EnrolmentResult.AWARDED: 2, EnrolmentResult.JOINT_PROJECT: 1}
    assert [len(project.enrolments) for project in year.projects] == [3, 1, 1]
