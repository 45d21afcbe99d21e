"""Everything beyond the short form: channel, supporters, topics, country, step; and the totals."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.common.calendar import FiscalYear
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.encounters.counts import COUNTS
from registry.encounters.models import Channel, Encounter
from registry.encounters.queries import EncounterFilter, encounters, totals
from registry.encounters.topics import code_of
from registry.organizations.models import OrganizationKind
from registry.policy.counting import by_year
from registry.policy.models import CountingRule
from registry.programs.models import Program, ProgramState, Shape
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_encounter
from tests.factories.organizations import make_organization

NEW = "/encounters/new"


def make_program(**fields: object) -> Program:
    """A program with stages of its own."""
    values = {
        "key": "kobs",
        "title": "海外支援センター",
        "shape": Shape.ENROLMENT,
        "state": ProgramState.ACTIVE,
        "stage_names": {"s1": {"ja": "情報収集", "en": "Research"}},
        **fields,
    }
    row = Program(**values)
    with transaction():
        db.session.add(row)
    return row


def test_the_details_are_stored_shown_found_and_corrected(client: Client) -> None:
    program = make_program()
    bank = make_organization(name="潮路銀行", kind=OrganizationKind.SUPPORTER)
    county = make_organization(name="南岡県", kind=OrganizationKind.MUNICIPALITY)
    firm = make_organization(name="青葉製作所")
    client.sign_in(make_user(Role.COORDINATOR))

    client.post(
        NEW,
        {
            "organization_names": "青葉製作所",
            "kind": "visit",
            "subject": "タイへの輸出",
            "program": program.public_id,
            "channel": "bank",
            "referred_by": bank.public_id,
            "supporter_names": "潮路銀行、南岡県",
            "topics": [code_of("海外展開"), code_of("資金繰り・融資")],
            "expert": "海外の専門家",
            "country": "TH",
            "step": "s1",
            "desk": "海外デスク",
        },
    )

    one = db.session.scalars(select(Encounter)).one()
    assert (one.channel, one.country, one.step) == (Channel.BANK, "TH", "s1")
    assert set(one.supporters) == {bank, county}
    assert one.organizations == [firm]
    page = client.get(f"/encounters/{one.public_id}")
    for words in (
        "金融機関から",
        "海外展開",
        "タイ",
        "情報収集",
        "海外の専門家",
        "紹介：",
        "同行：",
    ):
        assert words in page.text, words
    for query in ("channel=bank", "topic=海外展開", "country=TH", "step=s1", "desk=海外デスク",
                  f"supporter={county.public_id}", "year=2026"):  # fmt: skip
        assert "タイへの輸出" in client.get(f"/encounters?{query}").text, query
    for query in ("channel=phone", "topic=創業", "country=CN", "year=令和7年度", "steps=open"):
        assert "条件に合う記録はありません" in client.get(f"/encounters?{query}").text, query
    client.post(
        f"/encounters/{one.public_id}/edit", {"supporters": [bank.public_id], "channel": ""}
    )
    db.session.refresh(one)
    assert (one.supporters, one.channel) == ([bank], None)
    assert set(one.topics) == {"海外展開", "資金繰り・融資"}
    assert "潮路銀行、南岡県" in client.get(f"/encounters/{one.public_id}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"supporter_names": "青葉製作所"}, "両方に入っています"),
        ({"step": "s1", "program": ""}, "選んだ支援制度にありません"),
        ({"supporter_names": "どこにもない銀行"}, "当てはまる企業・団体がありません"),
    ],
)
def test_details_that_do_not_fit_are_told(
    client: Client, typed: dict[str, str], words: str
) -> None:
    make_program()
    make_organization(name="青葉製作所")
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.post(
        NEW,
        {"kind": "visit", "subject": "用件", "organization_names": "青葉製作所", **typed},
        status=200,
    )

    assert words in page.text
    assert db.session.scalars(select(Encounter)).all() == []


def test_the_next_record_begins_with_the_program_of_the_last(client: Client) -> None:
    program = make_program()
    client.sign_in(make_user(Role.COORDINATOR))
    data = {"kind": "call", "subject": "一件目", "program": program.public_id, "next": "another"}

    answer = client.post(NEW, data)

    assert answer.location == NEW
    form = client.get(NEW).form("subject")
    assert {"name": "program", "value": program.public_id}.items() <= next(
        field.items() for field in form["fields"] if field["name"] == "program"
    )


@pytest.mark.usefixtures("app")
def test_the_totals_of_a_list_are_those_of_the_yearly_results() -> None:
    firms = [make_organization() for _number in range(4)]
    bank = make_organization(kind=OrganizationKind.SUPPORTER)
    for place in range(9):
        make_encounter(firms[place % 4], held_on=date(2026, 5, 1 + place), supporters=(bank,))
    make_encounter(firms[0], firms[1], held_on=date(2026, 6, 1))
    make_encounter(held_on=date(2026, 6, 2))
    make_encounter(firms[2], held_on=date(2026, 3, 31))

    found = totals(encounters(EncounterFilter(year=FiscalYear(2026)), SYSTEM))

    rows, years = COUNTS[0], range(2026, 2027)
    assert rows.party_facts is not None
    assert (found.encounters, found.organizations) == (11, 4)
    assert by_year(rows.facts({}), CountingRule.FLOW, years)[2026].value == found.encounters
    unique = by_year(rows.party_facts({}), CountingRule.UNIQUE, years)[2026].value
    assert unique == found.organizations


def test_the_office_keeps_its_own_words(client: Client) -> None:
    old = make_encounter(make_organization(), topics=("創業",))
    client.sign_in(make_user(Role.COORDINATOR))

    client.post("/encounters/topics", {"words": "創業\n創業"}, status=200)
    client.post("/encounters/topics", {"words": "商店街 / Shopping streets\n農業"})

    assert "Shopping streets" in client.get(f"{NEW}?lang=en").text
    edit = client.get(f"/encounters/{old.public_id}/edit?lang=ja").form("subject")
    assert {"name": "topics", "value": "創業"} in edit["fields"]


def test_a_desk_shows_what_is_left_and_what_it_was_asked(client: Client) -> None:
    program = make_program()
    firm = make_organization(name="青葉製作所")
    make_encounter(
        firm, program=program, topics=("創業", "海外展開"), channel=Channel.PHONE, country="TH",
        step="s1", next_step="契約書を見る", next_due=date(2026, 11, 20),
    )  # fmt: skip
    make_encounter(firm, program=program, topics=("創業",), held_on=date(2025, 5, 1))
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(client.get("/encounters/desks").link("海外支援センター"))

    for words in ("契約書を見る", "期限過ぎ", "創業", "電話で", "タイ", "情報収集", "青葉製作所"):
        assert words in page.text, words
    assert "試験の訪問" in client.get(page.link("海外展開")).text
    assert "ありません" in client.get(f"/encounters/desks/{program.public_id}?year=2024").text
