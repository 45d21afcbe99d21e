"""The newer rooms over the API: policies and figures, events, the ledger of places, calls."""

from datetime import date

from flask import Flask

from registry.common.roles import Role
from registry.db import db, transaction
from registry.events.models import EditionState
from registry.organizations.models import OrganizationState
from registry.policy.models import Reading
from registry.programs.kinds import CallState, ConditionKind
from registry.programs.models import Call, Condition, ProgramOperator
from tests.factories.accounts import make_user
from tests.factories.events import make_edition, make_event
from tests.factories.organizations import make_organization
from tests.factories.places import make_facility, make_occupancy, make_place, make_program
from tests.factories.policy import make_indicator, make_policy_code, make_reading, make_target
from tests.factories.tokens import Program


def items(answer: object) -> list[dict]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["items"]


def figure(answer: object, period: str) -> dict:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return next(one for one in answer.get_json()["figures"] if one["period"] == period)


def test_the_tree_is_read_by_code_with_the_titles_of_every_plan(app: Flask) -> None:
    make_policy_code("3-3-1", "試験の戦略", title_en="A strategy")
    make_policy_code("3-10-1", "あとの戦略")
    make_policy_code("3-3-1", "前の戦略", plan="FY2018-2021")
    visitor = Program(app)

    codes = [one["code"] for one in items(visitor.get("/policy-codes"))]
    one = visitor.get("/policy-codes/3-3-1").get_json()

    assert codes == ["3", "3-3", "3-3-1", "3-10", "3-10-1"]
    assert [part["title"] for part in one["plans"]] == ["試験の戦略", "前の戦略"]
    assert one["parent"] == "3-3"
    assert [c["code"] for c in items(visitor.get("/policy-codes?q=3-10"))] == ["3-10", "3-10-1"]
    assert visitor.get("/policy-codes/9-9").status_code == 404
    second = visitor.get("/policy-codes?page=2&per_page=2").get_json()
    assert ([c["code"] for c in second["items"]], second["total"]) == (["3-3-1", "3-10"], 5)


def test_indicators_tell_their_figures_and_withhold_small_ones_outside(app: Flask) -> None:
    indicator = make_indicator(counts_parties=True)
    inner = make_indicator(is_public=False, label="庁内の指標")
    make_reading(indicator, "FY2025", 2)
    make_reading(indicator, "FY2026", "98.5", approximate=True)
    make_target(indicator, "FY2026", 100)
    make_reading(inner, "FY2026", 7)
    visitor, staff = Program(app), Program(app, make_user(Role.COORDINATOR))
    path = f"/indicators/{indicator.public_id}"

    assert [one["id"] for one in items(visitor.get("/indicators"))] == [indicator.public_id]
    assert len(items(staff.get("/indicators?policy=3-3"))) == 2
    assert visitor.get(f"/indicators/{inner.public_id}").status_code == 404
    now = figure(visitor.get(path), "FY2026")
    assert (now["actual"], now["target"], now["approximate"]) == ("98.5", "100", True)
    hidden, open_ = figure(visitor.get(path), "FY2025"), figure(staff.get(path), "FY2025")
    assert (hidden["actual"], hidden["withheld"]) == (None, True)
    assert (open_["actual"], open_["withheld"]) == ("2", False)
    assert now["before"] is None
    assert figure(staff.get(path), "FY2026")["before"] == "2"


def test_the_yearly_results_are_those_of_the_page(app: Flask) -> None:
    make_reading(make_indicator(label="試験の指標"), "FY2025", 1200)
    make_reading(make_indicator(is_public=False, label="庁内の指標"), "FY2025", 7)

    def told(program: Program) -> list[tuple[str, str | None]]:
        answer = program.get("/reports/yearly/2025")
        assert answer.status_code == 200
        return [(one["label"], one["actual"]) for one in answer.get_json()["results"]]

    assert told(Program(app)) == [("試験の指標", "1200")]
    assert told(Program(app, make_user(Role.EVALUATOR))) == told(Program(app))
    assert len(told(Program(app, make_user(Role.COORDINATOR)))) == 2
    for year in ("1900", "9999", "x"):
        assert Program(app).get(f"/reports/yearly/{year}").status_code == 404


def test_readings_are_recorded_and_corrected_with_a_reason_by_staff(app: Flask) -> None:
    indicator = make_indicator()
    staff = Program(app, make_user(Role.COORDINATOR))
    sent = {"indicator": indicator.public_id, "period": "FY2025", "value": "1400",
            "approximate": True, "source": "試験の資料"}  # fmt: skip

    made = staff.post("/readings", sent)
    path = f"/readings/{made.get_json()['id']}"
    twice = staff.post("/readings", sent)
    wrong = staff.post("/readings", {**sent, "period": "2017-02"})
    without = staff.patch(path, {"value": "1500"})
    lost = staff.patch(path, {"value": "1500", "approximate": False, "reason": "見直し"})
    right = staff.patch(
        path, {"value": "1512.25", "approximate": False, "exact_now": True, "reason": "見直し"}
    )

    assert made.status_code == 201
    assert twice.status_code == wrong.status_code == lost.status_code == 409
    assert wrong.get_json()["errors"][0]["pointer"] == "#/period"
    assert without.status_code == 422
    assert right.status_code == 200, right.get_data(as_text=True)
    row = db.session.query(Reading).one()
    assert (str(row.value.normalize()), row.approximate, row.source) == (
        "1512.25",
        False,
        "試験の資料",
    )
    assert len(items(staff.get(f"/readings?indicator={indicator.public_id}&fiscal_year=2025"))) == 1
    for role in (Role.MEMBER, Role.EVALUATOR):
        assert Program(app, make_user(role)).get("/readings").status_code == 403


def test_editions_are_written_by_who_runs_them_and_seen_when_announced(app: Flask) -> None:
    event = make_event(program_id=make_program().id)
    operator = make_user(Role.OPERATOR)
    with transaction():
        db.session.add(ProgramOperator(program_id=event.program_id, user_id=operator.id))
    make_edition(event, state=EditionState.PLANNED, announced=False, title="準備中の回")
    own, visitor = Program(app, operator), Program(app)
    # an event whose edition is in preparation is the operator's alone
    sent = {"event": event.public_id, "title": "次の回", "starts_on": "2027-02-03",
            "ends_on": "2027-02-04"}  # fmt: skip

    made = own.post("/editions", sent)
    path = f"/editions/{made.get_json()['id']}"
    other = Program(app, make_user(Role.OPERATOR)).post("/editions", sent)
    changed = own.patch(path, {"venue": "試験の会館", "capacity": 40})
    counted = own.post(f"{path}/count", {"kind": "visitors", "value": 12800, "approximate": True})

    assert made.status_code == 201, made.get_data(as_text=True)
    assert other.status_code in (403, 409)
    assert changed.get_json()["venue"] == "試験の会館"
    assert counted.get_json()["figures"] == [
        {"kind": "visitors", "value": "12800", "approximate": True, "as_of": "", "note": "",
         "source": ""}
    ]  # fmt: skip
    assert visitor.get(path).status_code == 404
    assert items(visitor.get("/editions")) == []
    assert len(items(own.get("/editions?kind=exhibition&year=2027"))) == 2


def test_the_ledger_names_only_whom_the_reader_may_see(app: Flask) -> None:
    facility = make_facility()
    room = make_place(parent_id=facility.id)
    shown = make_organization(name="見える会社")
    hidden = make_organization(name="伏せた会社", state=OrganizationState.DRAFT, employees=24)
    make_occupancy(room, shown, note="庁内のメモ")
    kept = make_occupancy(facility, hidden)
    staff, visitor = Program(app, make_user(Role.COORDINATOR)), Program(app)
    path = f"/places/{facility.public_id}/occupancies"

    outside = items(visitor.get(path))
    text = visitor.get(path).get_data(as_text=True)
    inside = items(staff.get(path))
    left = staff.post(f"{path}/{kept.public_id}/move-out", {"on": "2026-12-31", "reason": "移転"})

    assert {one["organization"] and one["organization"]["name"] for one in outside} == {
        "見える会社",
        None,
    }
    assert "伏せた会社" not in text
    assert "庁内のメモ" not in text
    assert {one["organization"]["name"] for one in inside} == {"見える会社", "伏せた会社"}
    assert left.get_json()["ends_on"] == "2026-12-31"
    assert visitor.post(f"{path}/{kept.public_id}/cancel", {"reason": "x"}).status_code == 401
    member = Program(app, make_user(Role.MEMBER))
    refused = member.post(f"{path}/{kept.public_id}/move-out", {"on": "2026-12-30"})
    assert refused.status_code == 403


def test_calls_and_conditions_of_programs_are_public_once_published(app: Flask) -> None:
    program = make_program()
    values = {"program_id": program.id, "fiscal_year": 2026, "opens_on": date(2026, 11, 1)}
    question = {"key": "q1", "label": "計画", "type": "long_text", "required": True}
    with transaction():
        db.session.add_all(
            [
                Call(**values, title="開いている公募", state=CallState.OPEN, questions=[question]),
                Call(**values, title="下書き", state=CallState.DRAFT),
                Condition(
                    program_id=program.id,
                    kind=ConditionKind.CAPITAL,
                    limits={"max": 300_000_000},
                    rule="資本金 3 億円以下",
                ),
            ]
        )
    visitor = Program(app)

    (call,) = items(visitor.get(f"/calls?program={program.public_id}&open=true"))
    found = visitor.get(f"/programs/{program.public_id}").get_json()

    assert (call["title"], call["status"]) == ("開いている公募", "open")
    assert [one["label"] for one in call["questions"]] == ["計画"]
    assert visitor.get(f"/calls/{call['id']}").get_json() == call
    assert [(one["kind"], one["limits"]) for one in found["conditions"]] == [
        ("capital", {"max": 300_000_000})
    ]
    assert len(items(Program(app, make_user(Role.COORDINATOR)).get("/calls"))) == 2
