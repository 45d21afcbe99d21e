"""Typed conditions: yes, no with the rule, or a question; what is missing never says no."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.common.enterprise_size import LegalKind
from registry.common.roles import Role
from registry.db import db, transaction
from registry.programs.conditions import Firm, Fit, judge
from registry.programs.eligibility import fits
from registry.programs.kinds import ConditionKind, ProgramState
from registry.programs.models import Condition, Program
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization
from tests.programs.test_programs import make_operator, make_program

TODAY = date(2026, 11, 25)
LIMITS = {
    ConditionKind.SIZE: st.sampled_from([{"size": "sme"}, {"size": "small"}]),
    ConditionKind.CAPITAL: st.builds(lambda n: {"max": n}, st.integers(0, 10**10)),
    ConditionKind.EMPLOYEES: st.builds(lambda n: {"min": n}, st.integers(0, 10**5)),
    ConditionKind.SECTOR: st.sampled_from([{"codes": ["E"]}, {"codes": ["24", "I"]}]),
    ConditionKind.PLACE: st.sampled_from(
        [{"municipalities": ["14130"]}, {"municipalities": ["14000"]}]
    ),
    ConditionKind.FOUNDED: st.builds(lambda n: {"max": n}, st.integers(0, 100)),
    ConditionKind.STAGE: st.just({"codes": ["founding-start"]}),
    ConditionKind.NEED: st.just({"codes": ["sales"]}),
}
NEEDS = {
    ConditionKind.CAPITAL: "capital_yen",
    ConditionKind.EMPLOYEES: "employees",
    ConditionKind.SECTOR: "industry",
    ConditionKind.PLACE: "municipality",
    ConditionKind.FOUNDED: "founded_year",
    ConditionKind.STAGE: "stages",
    ConditionKind.NEED: "needs",
}
FIRMS = st.builds(
    Firm,
    industry=st.sampled_from(["", "E", "24", "I", "39"]),
    capital_yen=st.none() | st.integers(0, 10**12),
    employees=st.none() | st.integers(0, 10**6),
    municipality=st.sampled_from(["", "14133", "14130", "14000", "13101"]),
    founded_year=st.none() | st.integers(1900, 2026),
    stages=st.none() | st.frozensets(st.sampled_from(["founding-start", "growth-plan"])),
    needs=st.none() | st.frozensets(st.sampled_from(["sales", "it"])),
)
EMPTY = Firm()


def answer(kind: ConditionKind, limits: dict, firm: Firm) -> Fit:
    return judge(kind, limits, "規則", firm, TODAY).fit


@given(data=st.data(), firm=FIRMS, kind=st.sampled_from(sorted(NEEDS)))
def test_a_missing_input_is_asked_for_and_never_says_no(
    app_once: Flask, data: st.DataObject, firm: Firm, kind: ConditionKind
) -> None:
    limits = data.draw(LIMITS[kind])
    lacking = replace(firm, **{NEEDS[kind]: getattr(EMPTY, NEEDS[kind])})

    with app_once.test_request_context():
        found = judge(kind, limits, "規則", lacking, TODAY)

    assert found.fit is Fit.UNKNOWN and found.question


@given(data=st.data(), firm=FIRMS, kind=st.sampled_from(sorted(ConditionKind)))
def test_what_is_known_is_not_taken_back_by_knowing_more(
    app_once: Flask, data: st.DataObject, firm: Firm, kind: ConditionKind
) -> None:
    """An answer of a firm of which something is unknown stays when the rest becomes known."""
    limits, whole = data.draw(LIMITS[kind]), firm
    hidden = data.draw(st.sets(st.sampled_from(["capital_yen", "employees", "industry"])))
    partial = replace(whole, **{name: getattr(EMPTY, name) for name in hidden})

    with app_once.test_request_context():
        early, late = answer(kind, limits, partial), answer(kind, limits, whole)

    assert early in (Fit.UNKNOWN, late)


@pytest.mark.parametrize(
    ("kind", "limits", "firm", "fit"),
    [
        (ConditionKind.CAPITAL, {"max": 3 * 10**8}, {"capital_yen": 3 * 10**8}, Fit.YES),
        (ConditionKind.CAPITAL, {"max": 3 * 10**8}, {"capital_yen": 3 * 10**8 + 1}, Fit.NO),
        (ConditionKind.EMPLOYEES, {"min": 5, "max": 20}, {"employees": 5}, Fit.YES),
        (ConditionKind.EMPLOYEES, {"min": 5, "max": 20}, {"employees": 21}, Fit.NO),
        (ConditionKind.SECTOR, {"codes": ["E"]}, {"industry": "24"}, Fit.YES),
        (ConditionKind.SECTOR, {"codes": ["E"]}, {"industry": "39"}, Fit.NO),
        (ConditionKind.SECTOR, {"codes": ["24"]}, {"industry": "E"}, Fit.UNKNOWN),
        (ConditionKind.PLACE, {"municipalities": ["14130"]}, {"municipality": "14133"}, Fit.YES),
        (ConditionKind.PLACE, {"municipalities": ["14000"]}, {"municipality": "14133"}, Fit.YES),
        (ConditionKind.PLACE, {"municipalities": ["14133"]}, {"municipality": "14130"}, Fit.UNKNOWN),
        (ConditionKind.PLACE, {"municipalities": ["14130"]}, {"municipality": "13101"}, Fit.NO),
        (ConditionKind.FOUNDED, {"max": 10}, {"founded_year": 2016}, Fit.YES),
        (ConditionKind.FOUNDED, {"max": 10}, {"founded_year": 2015}, Fit.NO),
        (ConditionKind.STAGE, {"codes": ["growth-plan"]}, {"stages": frozenset()}, Fit.NO),
        (ConditionKind.SIZE, {"size": "sme"}, {"legal": LegalKind.OTHER}, Fit.NO),
        (ConditionKind.SIZE, {"size": "sme"}, {"industry": "24", "employees": 300}, Fit.YES),
        (ConditionKind.SIZE, {"size": "sme"}, {"industry": "24", "employees": 301}, Fit.UNKNOWN),
        (ConditionKind.SIZE, {}, {}, Fit.UNKNOWN),
    ],
)  # fmt: skip
def test_the_limits_are_those_that_are_written(
    app: Flask, kind: ConditionKind, limits: dict, firm: dict, fit: Fit
) -> None:
    with app.test_request_context():
        assert answer(kind, limits, Firm(**firm)) is fit


def add(program: Program, kind: ConditionKind, limits: dict, rule: str) -> None:
    with transaction():
        db.session.add(Condition(program_id=program.id, kind=kind, limits=limits, rule=rule))
    db.session.expire(program)


def test_suggestions_ask_the_same_conditions(app: Flask) -> None:
    program = make_program()
    add(program, ConditionKind.CAPITAL, {"max": 10**7}, "資本金 1,000 万円以下")
    with app.test_request_context():
        assert fits(program, make_organization(capital_yen=10**7)).fit is Fit.YES
        big = fits(program, make_organization(capital_yen=10**8))
        assert big.fit is Fit.NO and "資本金 1,000 万円以下" in big.reason
        asked = fits(program, make_organization())
        assert asked.fit is Fit.UNKNOWN and "資本金は何円ですか" in asked.reason
        assert fits(program, None).fit is Fit.UNKNOWN
        closed = make_program("終えた支援", state=ProgramState.CLOSED_TO_NEW)
        assert fits(closed, make_organization()).fit is Fit.NO


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("size", {"size": "small"}, "小規模企業者であること"),
        ("capital", {"most": "3億円"}, "資本金が 300,000,000 円 以下"),
        ("employees", {"least": "5", "most": "20"}, "従業員が 5 人 以上 20 人 以下"),
        ("sector", {"codes": ["E"]}, "製造業"),
        ("place", {"places": "川崎市"}, "川崎市"),
        ("founded", {"most": "10"}, "創業からの年数が 10 年 以下"),
        ("stage", {"codes": ["founding-start"]}, "起業"),
        ("need", {"codes": ["sales"]}, "販路開拓"),
    ],
)
def test_every_kind_of_condition_is_written_in_the_browser_and_taken_away(
    client: Client, kind: str, typed: dict, words: str
) -> None:
    program = make_program()
    client.sign_in(make_operator(program))
    address = f"/programs/{program.public_id}/conditions"

    assert "form" in client.get(f"{address}?kind={kind}").html
    page = client.follow(client.post(f"{address}?kind={kind}", typed, containing="rule"))

    assert words in page.text
    assert words in Client(client.app).get(f"/programs/{program.public_id}").text
    english = Client(client.app).get(f"/programs/{program.public_id}?lang=en")
    assert words not in english.text
    again = client.post(f"{address}?kind={kind}", typed, containing="rule", status=200)
    assert "同じ条件が、すでにあります" in again.text
    client.post(f"{address}/remove", at=address, action="/remove")
    assert db.session.query(Condition).count() == 0
    assert (
        "もうありません"
        in client.follow(
            client.submit(page.form(action="/remove"), address=f"{address}/remove")
        ).text
    )


def test_a_condition_that_says_nothing_is_refused_at_its_field(client: Client) -> None:
    program = make_program()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/programs/{program.public_id}/conditions"
    for kind, typed, words in (
        ("capital", {}, "下限か上限"),
        ("capital", {"least": "2億円", "most": "1億円"}, "上限を、下限より大きく"),
        ("sector", {}, "1 つ以上選んで"),
        ("place", {"places": "どこにもない町"}, "1 つに決められません"),
        ("employees", {"most": "たくさん"}, "数として読めません"),
    ):
        page = client.post(f"{address}?kind={kind}", typed, containing="rule", status=200)
        assert words in page.text, kind
    assert db.session.query(Condition).count() == 0


def test_a_member_asks_whether_a_program_is_for_the_own_firm(client: Client) -> None:
    firm = make_organization(capital_yen=10**7, municipality="14133")
    program = make_program()
    add(program, ConditionKind.CAPITAL, {"max": 3 * 10**8}, "資本金 3 億円以下")
    add(program, ConditionKind.FOUNDED, {"max": 10}, "創業 10 年以内")
    client.sign_in(make_member(firm))
    address = f"/programs/{program.public_id}/fit"

    page = client.get(address)
    assert "まだ分かりません" in page.text and "創業した年は何年ですか" in page.text
    assert (
        "登録された内容では、対象の条件に合います"
        in client.get(f"{address}?founded_year=2020").text
    )
    assert (
        "対象の条件に合いません：創業 10 年以内" in client.get(f"{address}?founded_year=1999").text
    )
    wrong = client.get(f"{address}?founded_year=むかし")
    assert "まだ分かりません" in wrong.text and "むかし" in wrong.html
    staff = Client(client.app).sign_in(make_user(Role.COORDINATOR))
    assert "企業・団体が選ばれていません" in staff.get(address).text
    assert "創業した年は" in staff.get(f"{address}?organization={firm.public_id}").text
    hidden = make_organization(state="draft")
    client.get(f"{address}?organization={hidden.public_id}", status=404)
