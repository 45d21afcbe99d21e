"""Calls and applications over their pages: questions, drafts, decisions, who sees what."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from registry.audit.queries import entries_of
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.db import db, transaction
from registry.notifications.models import Message
from registry.programs.call_status import status_of
from registry.programs.kinds import CallState, CallStatus, EnrolmentState, QuestionType
from registry.programs.models import Call, Enrolment
from registry.programs.questions import define, read_answers
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.programs.test_programs import make_operator, make_program

QUESTIONS = define(
    [
        {"label": "取組の内容", "type": "long_text", "required": True, "max": 30},
        {"label": "人数", "type": "number"},
        {"label": "自己資金", "type": "yen"},
        {"label": "始める日", "type": "date", "required": True},
        {"label": "分野", "type": "choice", "choices": "環境\n福祉", "required": True},
        {"label": "使う設備", "type": "choices", "choices": "旋盤\n溶接\n塗装"},
        {"label": "初めての申込", "type": "yes_no", "required": True},
        {"label": "紹介者", "type": "text"},
    ]
)
ANSWERS = {
    "q_q1": "試作の評価",
    "q_q2": "１２人",
    "q_q3": "50万円",
    "q_q4-y": "令和9",
    "q_q4-m": "1",
    "q_q4-d": "15",
    "q_q5": "福祉",
    "q_q6": ["塗装", "旋盤"],
    "q_q7": "no",
}


def make_call(program: Any = None, **fields: Any) -> Call:
    values: dict[str, Any] = {
        "title": "試験の公募",
        "title_en": "Test call",
        "fiscal_year": 2026,
        "opens_on": TODAY - timedelta(days=10),
        "closes_on": TODAY + timedelta(days=10),
        "state": CallState.OPEN,
        "questions": QUESTIONS,
        "budget_yen": 5_000_000,
    }
    call = Call(program_id=(program or make_program()).id, **{**values, **fields})
    with transaction():
        db.session.add(call)
    return call


def read(given_answers: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The answers that were read, or nothing and the field that was refused."""
    try:
        return read_answers(QUESTIONS, given_answers, complete=False), None
    except DomainError as error:
        return {}, error.field or ""


def application() -> Enrolment:
    return db.session.scalars(select(Enrolment).order_by(Enrolment.id.desc())).first()


def apply(client: Client, call: Call, **typed: Any) -> str:
    data = {"project": "補助具の開発", "requested_yen": "200万円", **ANSWERS, **typed}
    page = client.post(f"/calls/{call.public_id}/apply", data, containing="project")
    return page.location.removeprefix("http://localhost")


@given(days=st.integers(-40, 40), length=st.none() | st.integers(0, 30))
def test_a_call_opens_and_closes_by_its_days(days: int, length: int | None) -> None:
    opens = TODAY + timedelta(days=days)
    closes = None if length is None else opens + timedelta(days=length)
    call = Call(state=CallState.OPEN, opens_on=opens, closes_on=closes)

    status = status_of(call, TODAY)

    assert (status is CallStatus.UPCOMING) == (opens > TODAY)
    assert (status is CallStatus.CLOSED) == (closes is not None and closes < TODAY)
    assert status_of(Call(state=CallState.DRAFT, opens_on=opens), TODAY) is CallStatus.DRAFT


@given(
    given_answers=st.dictionaries(
        st.sampled_from([question["key"] for question in QUESTIONS] + ["other"]),
        st.none()
        | st.text(max_size=40)
        | st.integers(-5, 10**16)
        | st.booleans()
        | st.lists(st.sampled_from(["旋盤", "溶接", "爆破"]))
        | st.dates(),
    )
)
def test_answers_are_what_their_question_asks_or_refused(
    app_once: Flask, given_answers: dict[str, Any]
) -> None:
    with app_once.test_request_context():
        answers, field = read(given_answers)
        assert field is None or field.startswith("q_q")
        assert set(answers) <= {question["key"] for question in QUESTIONS}
        assert read_answers(QUESTIONS, answers, complete=False) == answers
    if "q5" in answers:
        assert answers["q5"] in ("環境", "福祉")
    if "q2" in answers:
        assert isinstance(answers["q2"], int)


def test_an_operator_writes_a_call_with_questions_and_publishes_it(client: Client) -> None:
    program = make_program()
    client.sign_in(make_operator(program))
    new = f"/programs/{program.public_id}/calls/new"
    rows = {
        "questions-0-label": "取組の内容",
        "questions-0-label_en": "What you will do",
        "questions-0-type": "long_text",
        "questions-0-required": "y",
        "questions-1-label": "分野",
        "questions-1-type": "choice",
        "questions-1-choices": "環境\n福祉",
    }
    window = {
        "title": "春の公募",
        "opens_on-y": "2026",
        "opens_on-m": "11",
        "opens_on-d": "1",
        "closes_on-y": "令和8",
        "closes_on-m": "12",
        "closes_on-d": "1",
        "budget_yen": "500万円",
        "places": "3",
    }

    more = client.post(new, {"title": "春の公募", "do": "more"}, status=200)
    assert "質問 6" in more.text and "春の公募" in more.html
    wrong = client.post(new, {**window, **rows, "questions-1-choices": "環境"}, status=200)
    assert "選択肢を、1 行に 1 つ、2 つ以上" in wrong.text and "取組の内容" in wrong.html
    page = client.post(new, {**window, **rows})
    address = page.location.removeprefix("http://localhost")

    call = db.session.scalars(select(Call)).one()
    assert [question["key"] for question in call.questions] == ["q1", "q2"]
    assert call.questions[1]["choices"] == ["環境", "福祉"] and call.budget_yen == 5_000_000
    Client(client.app).get(address, status=404)
    client.post(f"{address}/state", at=address, action="/state")
    listed = Client(client.app).get("/calls")
    assert listed.has_link("春の公募") and "あと 6 日" in listed.text
    assert "What you will do" in Client(client.app).get(f"{address}?lang=en").text


def test_open_calls_stand_with_the_one_closing_first(client: Client) -> None:
    program = make_program()
    for title, days in (("後の公募", 20), ("先の公募", 3), ("期限のない公募", None)):
        closes = None if days is None else TODAY + timedelta(days=days)
        make_call(program, title=title, closes_on=closes)
    make_call(program, title="過ぎた公募", closes_on=TODAY - timedelta(days=1))
    make_call(program, title="これからの公募", opens_on=TODAY + timedelta(days=1))
    make_call(program, title="隠れた公募", state=CallState.DRAFT)

    page = client.get("/calls")

    places = [page.text.index(word) for word in ("先の公募", "後の公募", "期限のない公募", "これからの公募")]  # fmt: skip
    assert places == sorted(places) and "あと 3 日" in page.text
    assert "過ぎた公募" not in page.text and "隠れた公募" not in page.text


def test_a_member_keeps_a_draft_hands_it_in_and_gets_the_decision(client: Client) -> None:
    program = make_program()
    call, firm = make_call(program), make_organization(name="申込工業")
    make_organization(name="連携大学")
    member = Client(client.app).sign_in(make_member(firm))
    operator = Client(client.app).sign_in(make_operator(program))
    rival = Client(client.app).sign_in(make_member())

    address = apply(member, call, do="draft", partner_names="連携大学", q_q5=None, q_q7=None)  # fmt: skip
    row = application()
    assert row.state is EnrolmentState.DRAFT and row.answers["q2"] == 12
    assert "補助具の開発" in member.get("/applications").text
    operator.get(address, status=404)
    assert "補助具の開発" not in operator.get("/applications/received").text

    refused = member.post(f"{address}/edit", {"do": "hand-in"}, status=200)
    assert "「分野」に答えてください" in refused.text and "試作の評価" in refused.html
    member.post(f"{address}/edit", {"q_q5": "福祉", "q_q7": "no", "do": "hand-in"})

    row = application()
    assert row.state is EnrolmentState.APPLIED and row.applied_on == TODAY
    assert row.answers == {
        "q1": "試作の評価",
        "q2": 12,
        "q3": 500_000,
        "q4": "2027-01-15",
        "q5": "福祉",
        "q6": ["旋盤", "塗装"],
        "q7": False,
    }
    for person in (rival, Client(client.app)):
        person.get(address, status=404 if person is rival else 302)
        assert "補助具の開発" not in person.get(f"/programs/{program.public_id}").text
    received = operator.get("/applications/received")
    assert received.has_link("補助具の開発")
    seen = operator.get(address).text
    assert "試作の評価" in seen and "500,000 円" in seen and "旋盤、塗装" in seen

    no_reason = operator.post(f"{address}/decide", {"accepted": "no", "reason": ""}, status=200)
    assert "不採択の理由を入力" in no_reason.text
    operator.post(f"{address}/decide", {"accepted": "yes", "reason": "よい取組", "amount_yen": "150万円"})  # fmt: skip
    row = application()
    assert row.state is EnrolmentState.ACCEPTED and row.amount_yen == 1_500_000 and row.published
    mails = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [mail.kind for mail in mails] == ["application.received", "application.decided"]
    assert not any(word in mails[1].subject for word in ("補助具", "申込工業", "採択"))
    assert "よい取組" in mails[1].body
    awards = Client(client.app).get("/awards")
    assert "補助具の開発" in awards.text and "1,500,000 円" in awards.text
    assert "連携大学" in awards.text and "よい取組" not in awards.text
    assert "よい取組" in member.get(address).text


def test_a_decision_is_undone_with_a_mail_and_each_later_step_too(client: Client) -> None:
    program = make_program(
        stage_names={
            "s1": {"ja": "面談した", "en": "Met"},
            "s2": {"ja": "出資の申し出", "en": "Offer"},
        }
    )
    call = make_call(program)
    member = Client(client.app).sign_in(make_member())
    operator = client.sign_in(make_user(Role.COORDINATOR))
    address = apply(member, call)

    def press(action: str, **data: str) -> str:
        form = operator.get(address).form(action=action)
        return operator.follow(operator.submit(form, data, address=f"{address}{action}")).text

    operator.post(f"{address}/decide", {"accepted": "yes"})
    press("/state", state="active")
    operator.post(f"{address}/steps", {"step": "s1"})
    assert (
        "すでに記録" not in operator.get(address).text and "面談した" in operator.get(address).text
    )
    figures = Client(client.app).get(f"/programs/{program.public_id}/figures").text
    assert "選ばれたもの 1" in figures and "面談した 1" in figures and "出資の申し出 0" in figures
    press("/state", state="completed")
    assert application().ended_on == TODAY
    press("/undo")
    assert application().state is EnrolmentState.ACTIVE and application().ended_on is None
    press("/undo")
    assert "段階の記録を消してから" in press("/undo")
    press("/steps/remove")
    press("/undo")
    row = application()
    assert row.state is EnrolmentState.APPLIED and row.amount_yen is None and not row.published
    kinds = [mail.kind for mail in db.session.scalars(select(Message).order_by(Message.id))]
    assert kinds[-1] == "application.undone"
    actions = [entry.action for entry in entries_of(f"enrolment:{row.public_id}")]
    assert actions.count("enrolment.undone") == 3


def test_one_organization_makes_one_application_however_often_it_is_sent(client: Client) -> None:
    call, firm = make_call(), make_organization()
    client.sign_in(make_member(firm))
    address = f"/calls/{call.public_id}/apply"
    form = client.get(address).form("project")
    data = {"project": "補助具の開発", **ANSWERS}

    first = client.submit(form, data, address=address)
    second = client.submit(form, data, address=address)

    assert first.location == second.location
    colleague = Client(client.app).sign_in(make_member(firm))
    assert colleague.get(address, status=303).location.endswith(first.location)
    page = client.submit(form, {**data, "project": "別の名前"}, address=address, status=200)
    assert "すでに申込か下書きがあります" in page.text and "別の名前" in page.html
    assert db.session.query(Enrolment).count() == 1


def test_an_applicant_takes_it_back_while_the_call_is_open_and_leaves_later(
    client: Client,
) -> None:
    call = make_call()
    client.sign_in(make_member())
    address = apply(client, call)

    client.post(f"{address}/reopen", at=address, action="/reopen")
    assert application().state is EnrolmentState.DRAFT
    client.post(f"{address}/edit", {"do": "hand-in"})
    client.post(f"{address}/withdraw", at=address, action="/withdraw")
    assert application().state is EnrolmentState.WITHDRAWN
    client.post(f"{address}/reopen", at=address, action="/reopen")
    client.post(f"{address}/discard", at=address, action="/discard")
    assert db.session.query(Enrolment).count() == 0
    address = apply(client, call)
    with transaction():
        db.session.get(Call, call.id).closes_on = TODAY - timedelta(days=1)
    assert "reopen" not in client.get(address).html


def test_a_closed_call_takes_nothing_and_what_was_typed_stays(client: Client) -> None:
    call = make_call()
    client.sign_in(make_member())
    address = f"/calls/{call.public_id}/apply"
    form = client.get(address).form("project")
    with transaction():
        db.session.get(Call, call.id).closes_on = TODAY - timedelta(days=1)

    page = client.submit(form, {"project": "遅れた取組", **ANSWERS}, address=address, status=200)

    assert "いま受け付けていません" in page.text and "遅れた取組" in page.html
    assert db.session.query(Enrolment).count() == 0


def test_the_office_applies_for_an_organization(client: Client) -> None:
    call = make_call()
    make_organization(name="代わりの会社")
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/calls/{call.public_id}/apply"

    missing = client.post(address, {"organization_name": "どこにもない", **ANSWERS}, containing="project", status=200)  # fmt: skip
    assert "当てはまる企業・団体がありません" in missing.text
    apply(client, call, organization_name="代わりの会社")

    assert application().organization.name == "代わりの会社"


def test_questions_stay_once_somebody_applied(client: Client) -> None:
    call = make_call()
    apply(Client(client.app).sign_in(make_member()), call)
    client.sign_in(make_user(Role.COORDINATOR))
    edit = f"/calls/{call.public_id}/edit"

    gone = client.post(edit, {"questions-1-label": ""}, status=200)
    assert "申込があるので、「人数」は" in gone.text
    client.post(edit, {"questions-1-label": "社員の人数", "questions-8-label": "ほかに"})
    db.session.expire_all()
    stored = db.session.get(Call, call.id).questions
    assert [q["key"] for q in stored] == [f"q{n}" for n in range(1, 10)]
    assert stored[1]["label"] == "社員の人数"
    form = client.get(f"/calls/{call.public_id}").form(action="/state")
    back = client.submit(form, {"state": "draft"}, address=f"/calls/{call.public_id}/state")
    assert "下書きには戻せません" in client.follow(back).text


def test_members_are_counted_by_class_on_a_day(client: Client) -> None:
    program = make_program()
    day = date(2018, 1, 31)
    for name, count in (("company", 3), ("group", 2), ("university", 1)):
        for _number in range(count):
            organization = make_organization()
            with transaction():
                db.session.add(
                    Enrolment(
                        program_id=program.id,
                        organization_id=organization.id,
                        fiscal_year=2015,
                        result="member",
                        member_class=name,
                        started_on=date(2015, 11, 2),
                        ended_on=date(2019, 1, 1) if name == "group" else None,
                    )
                )
    address = f"/programs/{program.public_id}/figures"

    text = client.get(f"{address}?day={day.isoformat()}").text
    assert "企業 3 団体 2 大学 1 協力団体 0" in text
    assert "企業 3 団体 0 大学 1" in client.get(address).text
    assert "日付として読めません" in client.get(f"{address}?day=いつか").text


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COORDINATOR, Role.ADMINISTRATOR)])  # fmt: skip
def test_another_operator_and_others_reach_no_application(client: Client, role: Role) -> None:
    call = make_call()
    address = apply(Client(client.app).sign_in(make_member()), call)
    if role is not Role.VISITOR:
        client.sign_in(make_member() if role is Role.MEMBER else make_user(role))
    for path in ("", "/edit", "/decide", "/steps"):
        assert client._send(client.http.get, f"{address}{path}").status_code in (302, 403, 404)
    for path in ("/reopen", "/withdraw", "/discard", "/state", "/undo", "/steps/remove"):
        token = client.get("/").html.split('name="csrf_token"')[1:2]
        data = {"csrf_token": token[0].split('value="')[1].split('"')[0]} if token else {}
        assert client.raw_post(f"{address}{path}", data).status_code in (400, 401, 403, 404)
    assert application().state is EnrolmentState.APPLIED


def test_every_kind_of_answer_is_one_of_the_eight(app: Flask) -> None:
    assert {question["type"] for question in QUESTIONS} == {kind.value for kind in QuestionType}
