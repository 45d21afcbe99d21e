"""The policy tree, indicators, figures and remarks over their pages."""

import pytest
from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db, transaction
from registry.policy.models import (
    CountingRule,
    CrossTag,
    Indicator,
    PeriodType,
    PlanPeriod,
    PolicyCode,
    Reading,
    TagKind,
)
from registry.programs.models import Program, ProgramState, Shape
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_encounter
from tests.factories.organizations import make_organization
from tests.factories.policy import (
    make_indicator,
    make_policy_code,
    make_reading,
    make_target,
)

OLD, NEW = "FY2022-2025", "FY2026-2029"


@pytest.fixture
def staff(client: Client) -> Client:
    client.sign_in(make_user(role=Role.COORDINATOR))
    return client


@pytest.fixture
def tree(app: object) -> None:
    """Two periods that call one code differently, and a viewpoint."""
    with transaction():
        for key in (OLD, NEW):
            first, last = (int(year) for year in key.removeprefix("FY").split("-"))
            title = "旧計画" if key == OLD else "新計画"
            db.session.add(PlanPeriod(key=key, title=title, first_year=first, last_year=last))
        db.session.add(CrossTag(plan=OLD, kind=TagKind.VIEWPOINT, number=1, title="試験の視点"))
    make_policy_code("3-3-1", "連携の推進", plan=OLD, title_en="Cooperation", aliases=["連携推進"])
    make_policy_code("3-3-1", "オープンな連携", plan=NEW)


def code(text: str, plan: str = NEW) -> PolicyCode:
    statement = select(PolicyCode).where(PolicyCode.plan == plan, PolicyCode.code == text)
    return db.session.scalars(statement).one()


# The tree.


def test_plan_periods_stand_side_by_side_and_are_searched_in_any_width(
    client: Client, tree: None
) -> None:
    page = client.get("/policy")
    assert "連携の推進" in page.text and "オープンな連携" in page.text
    for asked in ("３－３－１", "3ｰ3", "連携推進", "cooperation"):
        found = client.get("/policy", query_string={"q": asked})
        assert found.has_link("3-3-1"), asked
    assert "ありません" in client.get("/policy?q=9-9").text
    assert "連携推進" in client.get("/policy/３－３－１").text
    client.get("/policy/9-9", status=404)


def test_a_title_and_its_aliases_are_changed_and_two_who_change_are_told(
    staff: Client, tree: None
) -> None:
    address = f"/policy/3-3-1/{NEW}/edit"
    form = staff.get(address).form("title")
    staff.submit(form, {"title": "新しい題", "aliases": "別名\n別名\n新しい題"}, address=address)
    row = code("3-3-1")
    assert (row.title, row.aliases) == ("新しい題", ["別名"])
    late = {"title": "遅れた題", "idempotency_key": "other"}
    assert "新しい題" in staff.submit(form, late, address=address, status=409).text
    page = staff.post(address, {"title": ""}, status=200)
    assert "名前を入力してください" in page.text


def test_a_new_period_copies_the_tree_and_its_tags(staff: Client, tree: None) -> None:
    words = {"title": "次の計画", "first_year": 2030, "last_year": 2029, "origin": OLD}
    page = staff.post("/policy/periods/new", words, status=200)
    assert "次の計画" in page.html and "後にしてください" in page.text
    staff.post("/policy/periods/new", {**words, "last_year": 2033})
    copy = code("3-3-1", "FY2030-2033")
    assert copy.title == "連携の推進" and copy.aliases == ["連携推進"]
    assert copy.parent_id == code("3-3", "FY2030-2033").id
    tags = db.session.scalars(select(CrossTag).where(CrossTag.plan == "FY2030-2033")).all()
    assert [tag.title for tag in tags] == ["試験の視点"]


def test_codes_are_added_under_their_parent_and_removed_while_unused(
    staff: Client, tree: None
) -> None:
    address = f"/policy/periods/{NEW}/new-code"
    assert "先に加えて" in staff.post(address, {"code": "9-1", "title": "孤児"}, status=200).text
    assert (
        "もうあります" in staff.post(address, {"code": "３－３", "title": "二つ"}, status=200).text
    )
    staff.post(address, {"code": "３－３－２", "title": "高度化"})
    make_indicator(policy_code_id=code("3-3-1").id)
    assert "使っています" in staff.post(f"/policy/3-3-1/{NEW}/remove", status=200).text
    staff.post(f"/policy/3-3-2/{NEW}/remove")
    assert db.session.scalar(select(PolicyCode).where(PolicyCode.code == "3-3-2")) is None


def test_a_tag_lists_the_programs_that_carry_it(staff: Client, tree: None) -> None:
    tag = db.session.scalars(select(CrossTag)).one()
    with transaction():
        program = Program(
            key="p", title="試験の制度", shape=Shape.ENCOUNTER, state=ProgramState.ACTIVE
        )
        program.tags = [tag]
        db.session.add(program)
    address = f"/policy/tags/{OLD}/viewpoint/1"
    assert staff.get(address).has_link("試験の制度")
    staff.post(f"{address}/edit", {"title": "直した視点"})
    assert "直した視点" in staff.get("/policy").text
    staff.post(f"/policy/periods/{OLD}/new-tag", {"title": "二つ目", "kind": "viewpoint"})
    assert "二つ目" in staff.get(f"/policy/tags/{OLD}/viewpoint/2").text


# Indicators.


def test_an_indicator_is_made_in_the_browser_and_counts_at_once(staff: Client, tree: None) -> None:
    for _each in range(2):
        make_encounter(make_organization())
    begin = staff.get("/indicators/new?code=3-3-1")
    form_page = staff.get(begin.link("相談・訪問・派遣"))
    staff.submit(
        form_page.form("label"),
        {"label": "訪問した回数", "unit": "回", "rule": "cumulative", "period_type": "fiscal_year",
         "f_kinds": ["visit"], "sentence": "{n}回訪問しました。"},
        address=begin.link("相談・訪問・派遣"),
    )  # fmt: skip
    row = db.session.scalars(select(Indicator)).one()
    assert (row.measure, row.filters) == ("encounters.rows", {"kinds": ["visit"]})
    page = staff.get(f"/indicators/{row.public_id}")
    assert "２回" in page.text and "訪問" in page.text
    assert "回訪問しました" in staff.get("/reports/yearly/2026").text


@pytest.mark.parametrize(
    ("measure", "typed", "message"),
    [
        ("encounters.rows", {"rule": "stock", "period_type": "fiscal_year_end"}, "Not a valid choice"),
        ("encounters.rows", {"rule": "subset", "period_type": "fiscal_year"}, "どの指標の「うち」か"),
        ("enrolments.standing", {"rule": "stock", "period_type": "fiscal_year"}, "年度末か"),
        ("enrolments.standing", {"rule": "stock", "period_type": "as_of"}, "数える時点を"),
        ("enrolments.standing", {"rule": "stock", "period_type": "as_of", "f_as_of": "春"}, "年月として"),
        ("enrolments.standing", {"rule": "stock", "period_type": "fiscal_year_end",
                                 "opening_balance": "5"}, "どの年度末"),
        ("events.figure", {"rule": "flow", "period_type": "event"}, "数えるものを"),
        ("by-hand", {"rule": "flow", "period_type": "fiscal_year", "sentence": "なし"}, "{n}"),
        ("by-hand", {"rule": "flow", "period_type": "fiscal_year", "opening_balance": "3"}, "時点の数だけ"),
        ("by-hand", {"rule": "flow", "period_type": "fiscal_year", "label": ""}, "指標の名前を"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_and_what_was_typed_stays(
    staff: Client, tree: None, measure: str, typed: dict[str, str], message: str
) -> None:
    words = {"label": "打った名前", "unit": "件", "policy_code": f"{NEW}/3-3-1", **typed}
    page = staff.post(f"/indicators/new/{measure}", words, containing="label", status=200)
    assert 'value="件"' in page.html and (message in page.text or message == "Not a valid choice")
    assert db.session.scalar(select(Indicator)) is None


def test_a_part_keeps_unit_and_period_of_its_whole_and_never_comes_back_to_itself(
    staff: Client, tree: None
) -> None:
    whole = make_indicator(key="whole", unit="社", label="全体")
    part = make_indicator(key="part", unit="社", label="一部", part_of_id=whole.id)
    other = make_indicator(key="other", unit="回", label="別")
    ids = {row.key: row.public_id for row in (whole, part, other)}

    def edit(key: str, **words: object):
        return staff.post(f"/indicators/{ids[key]}/edit", words, containing="label", status=200)

    assert "ひと回り" in edit("whole", part_of=ids["part"]).text
    assert "単位（回）と違います" in edit("part", part_of=ids["other"]).text
    assert "単位と期間は変えられません" in edit("whole", unit="件").text


def test_an_indicator_is_retired_and_taken_back_and_the_list_filters(
    staff: Client, tree: None
) -> None:
    row = make_indicator(policy_code_id=code("3-3-1").id, label="古い指標")
    make_reading(row, "FY2025", 7)
    address = f"/indicators/{row.public_id}"
    staff.post(address, action="/retire")
    assert "古い指標" not in staff.get("/indicators").text
    assert "古い指標" in staff.get("/indicators?state=retired&code=３－３&how=by-hand&q=古い").text
    assert "７件" in staff.get("/reports/yearly/2025").text
    staff.post(address, action="/restore")
    assert "古い指標" in staff.get("/indicators").text
    assert "条件に合う" in staff.get("/indicators?q=ない言葉").text


def test_others_read_public_indicators_only(client: Client, tree: None) -> None:
    open_one = make_indicator(label="公開の数")
    hidden = make_indicator(label="内部の数", is_public=False)
    assert "内部の数" not in client.get("/indicators").text
    client.get(f"/indicators/{open_one.public_id}")
    client.get(f"/indicators/{hidden.public_id}", status=404)
    assert "内部の数" not in client.get("/policy/3-3-1").text


# Targets and readings.


def names(row: Indicator) -> dict[str, str]:
    kinds = ("value", "about", "target", "month", "note", "source")
    return {kind: f"{kind}-{row.public_id}" for kind in kinds}


GRID = "/policy/3-3-1/figures?year=FY2025"


def test_an_officer_types_the_figures_of_a_year_in_one_grid(staff: Client, tree: None) -> None:
    a, b = (make_indicator(policy_code_id=code("3-3-1").id, label=name) for name in "甲乙")
    event = make_indicator(
        policy_code_id=code("3-3-1").id, label="催し", period_type=PeriodType.EVENT
    )
    fa, fb, fe = names(a), names(b), names(event)
    bad = staff.post(GRID, {fa["value"]: "１２", fb["value"]: "たくさん"}, status=200)
    assert (
        "数として読めません" in bad.text and 'value="１２"' in bad.html and "たくさん" in bad.html
    )
    assert db.session.scalar(select(Reading)) is None
    no_month = staff.post(GRID, {fe["value"]: "3"}, status=200)
    assert "年月を入力" in no_month.text
    staff.post(
        GRID,
        {fa["value"]: "約1,400", fa["note"]: "試算", fb["value"]: "９８．５%", fb["target"]: "100",
         fe["value"]: "16", fe["month"]: "2026-02"},
    )  # fmt: skip
    found = {row.indicator.label: row for row in db.session.scalars(select(Reading))}
    assert (float(found["甲"].value), found["甲"].approximate, found["甲"].note) == (
        1400.0, True, "試算",
    )  # fmt: skip
    assert float(found["乙"].value) == 98.5 and found["催し"].period == "2026-02"
    again = staff.get(GRID)
    assert "約1,400" in again.text and "訂正" in again.text
    assert "1 つも入力" in staff.post(GRID, status=200).text


def test_laws_of_figures_are_kept_at_the_field(staff: Client, tree: None) -> None:
    whole = make_indicator(policy_code_id=code("3-3-1").id, label="登録者")
    part = make_indicator(
        policy_code_id=code("3-3-1").id, label="就職者", part_of_id=whole.id,
        rule=CountingRule.SUBSET,
    )  # fmt: skip
    make_reading(whole, "FY2025", 10)
    page = staff.post(GRID, {names(part)["value"]: "11"}, status=200)
    assert "「就職者」（11）が「登録者」（10）を超えています" in page.text
    assert len(db.session.scalars(select(Reading)).all()) == 1
    staff.post(GRID, {names(part)["value"]: "10"})
    reading = db.session.scalars(select(Reading).where(Reading.indicator_id == whole.id)).one()
    address = f"/figures/reading/{reading.public_id}"
    page = staff.post(address, {"value": "9", "reason": "誤り"}, containing="reason", status=200)
    assert "超えています" in page.text


def test_a_correction_says_why_keeps_the_old_value_and_is_taken_back(
    staff: Client, tree: None
) -> None:
    row = make_reading(make_indicator(label="数"), "FY2025", 1400, approximate=True)
    address = f"/figures/reading/{row.public_id}"

    def correct(status: int = 303, **words: object):
        return staff.post(address, words, containing="reason", status=status)

    assert "理由を入力" in correct(200, value="1500").text
    lost = correct(200, value="1523", approximate=None, reason="確定")
    assert "「約」が外れています" in lost.text
    correct(value="1523", approximate=None, exact="y", reason="確定した")
    page = staff.get(address)
    assert "1400" in page.text and "確定した" in page.text
    staff.post(address, action="/undo")
    back = db.session.scalars(select(Reading)).one()
    assert (float(back.value), back.approximate) == (1400.0, True)
    staff.post(address, action="/undo")
    assert db.session.scalar(select(Reading)) is None


def test_a_target_is_corrected_too(staff: Client, tree: None) -> None:
    target = make_target(make_indicator(label="数"), "FY2025", 55)
    address = f"/figures/target/{target.public_id}"
    staff.post(address, {"value": "60", "reason": "計画の改定"}, containing="reason")
    assert "60" in staff.get(f"/indicators/{target.indicator.public_id}").text
    staff.get("/figures/other/x", status=404)


# Verification.


def test_evaluators_write_staff_publish_and_answer_and_all_read(
    client: Client, app: object, tree: None
) -> None:
    make_reading(make_indicator(policy_code_id=code("3-3-1").id), "FY2025", 5)
    evaluator = client.sign_in(make_user(role=Role.EVALUATOR))
    words = {"kind": "comment", "fiscal_year": 2025, "body": "成果の示し方がよい。"}
    empty = evaluator.post("/policy/3-3-1/new-remark", {**words, "body": ""}, status=200)
    assert "内容を入力" in empty.text
    future = evaluator.post("/policy/3-3-1/new-remark", {**words, "fiscal_year": 2027}, status=200)
    assert "まだ始まっていない" in future.text
    address = evaluator.post("/policy/3-3-1/new-remark", words).location
    visitor = Client(app)  # type: ignore[arg-type]
    visitor.get(address, status=404)
    assert "成果の示し方" not in visitor.get("/reports/yearly/2025").text
    staff = Client(app).sign_in(make_user(role=Role.COORDINATOR))  # type: ignore[arg-type]
    staff.post(f"{address}/answer", {"feedback": "図を増やします。"}, containing="feedback")
    staff.post(address, action="/publish")
    for place in ("/reports/yearly/2025", "/policy/3-3-1", "/remarks", address):
        page = visitor.get(place)
        assert "成果の示し方がよい" in page.text and "図を増やします" in page.text, place
    evaluator.post(f"{address}/edit", {"body": "あとから"}, containing="body", status=403)
    staff.post(address, action="/withdraw")
    visitor.get(address, status=404)
    evaluator.post(address, action="/delete")
    evaluator.get(address, status=404)


def test_readings_leave_as_a_file_and_come_back_by_staff_only(client: Client, tree: None) -> None:
    make_reading(make_indicator(label="訪ねた回数"), "FY2025", 7)
    assert "/readings/export" not in client.get("/policy").html
    client.sign_in(make_user(role=Role.COORDINATOR))
    address = client.get("/policy").link("CSV（UTF-8")
    assert "訪ねた回数" in client.get(address).response.get_data(as_text=True)


def test_a_hand_read_figure_withheld_outside_is_withheld_on_every_page(
    client: Client, tree: None
) -> None:
    row = make_indicator(
        policy_code_id=code("3-3-1").id, label="選ばれた企業", unit="社", counts_parties=True
    )
    make_reading(row, "FY2025", 1, note="明和ソニックだけ")
    for place in ("/reports/yearly/2025", "/policy/3-3-1", f"/indicators/{row.public_id}"):
        page = client.get(place)
        assert "非公表" in page.text and "１社" not in page.text, place
        assert "明和ソニック" not in page.text, place
