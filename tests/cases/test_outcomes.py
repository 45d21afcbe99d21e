"""The ladder of outcomes: each rung asks its own, is corrected, taken off and put back."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.cases.models import Case, Outcome, Rung
from registry.cases.outcome_models import ContractKind, SalesBand
from registry.cases.outcomes import ASKED, OutcomeWish, record_outcome
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import make_introduced_case
from tests.factories.organizations import make_member

GIVEN = {
    Rung.AGREEMENT: {"contract_kind": "joint_development"},
    Rung.NDA: {},
    Rung.CONTRACT: {"contract_kind": "licence"},
    Rung.PROTOTYPE: {"name": "試し品"},
    Rung.PRODUCT: {"name": "結びの匙", "is_public": "y"},
    Rung.SALES: {"sales_band": "1m_10m"},
    Rung.JOBS: {"number": "２人"},
    Rung.PATENT: {"application": "特願2026-123456"},
    Rung.PRESS: {"name": "市の広報", "link": "https://www.example.jp/news/1"},
}


@pytest.fixture
def case(client: Client) -> Case:
    client.sign_in(make_user(Role.COORDINATOR))
    return make_introduced_case()


def outcomes() -> list[Outcome]:
    return list(db.session.scalars(select(Outcome).order_by(Outcome.id)))


def test_each_rung_asks_its_own_and_nothing_else(client: Client, case: Case) -> None:
    address = f"/cases/{case.public_id}"
    choice = client.get(f"{address}/outcomes/new")

    for rung in Rung:
        path = f"{address}/outcomes/new/{rung.value}"
        assert any(href == path for href, _words in choice.reader.links), rung
        names = {f["name"] for f in client.get(path).reader.inputs if f.get("name")}
        every = {name for asked in ASKED.values() for name in asked}
        assert names & every == set(ASKED[rung]), rung
        client.post(path, GIVEN[rung])

    found = {one.rung: one for one in outcomes()}
    assert list(found) == list(Rung)
    assert found[Rung.CONTRACT].contract_kind is ContractKind.LICENCE
    assert found[Rung.CONTRACT].amount_yen is None
    assert found[Rung.SALES].sales_band is SalesBand.FROM_1M
    assert (found[Rung.JOBS].number, found[Rung.PATENT].number) == (2, 1)
    assert found[Rung.PRODUCT].is_public
    page = client.get(address).text
    for words in ("契約・許諾（実施許諾）", "成果：製品", "年 100 万～1,000 万円", "2 人",
                  "出願 1 件・特願2026-123456", "名称を公にしてよい"):  # fmt: skip
        assert words in page, words
    english = client.get(f"{address}?lang=en").text
    assert "Licence" in english and "Joint development" in english, english
    client.get(f"{address}/outcomes/new/no-such-rung", status=404)


def test_what_is_missing_or_cannot_be_is_told_at_its_field(client: Client, case: Case) -> None:
    address = f"/cases/{case.public_id}/outcomes/new"

    for rung, fields, words in (
        ("nda", {"on-m": "10"}, "始めた日かそれより後"),
        ("nda", {"on-y": "2027"}, "今日かそれより前"),
        ("contract", {}, "契約の種類を選んで"),
        ("product", {"name": " "}, "名称を入力"),
        ("sales", {}, "売上の幅を選んで"),
        ("jobs", {"number": "たくさん"}, "数として読めません"),
        ("jobs", {"number": "0"}, "1 から 100,000 まで"),
        ("patent", {}, "件数か出願番号"),
        ("press", {"name": "広報", "link": "javascript:alert(1)"}, "https:// で始まる"),
    ):
        page = client.post(f"{address}/{rung}", {"detail": "書いた言葉", **fields}, status=200)
        assert words in page.text, (rung, fields)
        assert "書いた言葉" in page.html

    assert outcomes() == []


def test_an_outcome_is_corrected_and_a_second_editor_is_told(client: Client, case: Case) -> None:
    address = f"/cases/{case.public_id}"
    client.post(f"{address}/outcomes/new/contract", {"contract_kind": "licence"})
    edit = f"{address}/outcomes/{outcomes()[0].public_id}/edit"
    old = client.get(edit).form("detail")

    client.post(edit, {"contract_kind": "supply", "amount_yen": "200万円", "detail": "先の言葉"})
    late = client.submit(old, {"detail": "後の言葉"}, address=edit, status=409)

    db.session.expire_all()
    one = outcomes()[0]
    assert (one.contract_kind, one.amount_yen) == (ContractKind.SUPPLY, 2_000_000)
    assert "先の言葉" in late.text and "後の言葉" in late.text
    assert "供給・2,000,000 円" in client.get(address).text


def test_an_outcome_taken_off_can_be_put_back_whole(client: Client, case: Case) -> None:
    address = f"/cases/{case.public_id}"
    client.post(f"{address}/outcomes/new/product", {"name": "結びの匙", "is_public": "y"})
    before = outcomes()[0].public_id

    removed = client.follow(client.post(address, action="/remove"))
    assert outcomes() == [] and "消した成果：製品" in removed.text
    form = removed.form(action="/restore")
    client.submit(form, address=f"{address}/outcomes/restore")

    one = outcomes()[0]
    assert (one.public_id, one.name, one.is_public) == (before, "結びの匙", True)
    again = client.submit(form, address=f"{address}/outcomes/restore")
    assert "元に戻せる記録がありません" in client.follow(again).text
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)).all()
    assert actions[-3:] == ["case.outcome", "case.outcome_removed", "case.outcome_restored"]


def test_a_party_reads_that_a_rung_was_reached_but_not_what(client: Client, case: Case) -> None:
    with transaction():
        wish = OutcomeWish(Rung.PRODUCT, TODAY, "秘密のいきさつ", name="秘密の名称")
        record_outcome(case, wish, today=TODAY, viewer=SYSTEM)
    member = Client(client.app).sign_in(make_member(case.need.organization))

    page = member.get(f"/cases/{case.public_id}").text

    assert "成果：製品" in page and "秘密" not in page


def test_what_a_rung_does_not_ask_is_not_kept(app: Flask) -> None:
    case = make_introduced_case()
    with transaction():
        wish = OutcomeWish(Rung.NDA, TODAY, name="x", number=3, link="https://a.example")
        one = record_outcome(case, wish, today=TODAY, viewer=SYSTEM)
    assert (one.name, one.number, one.link) == ("", None, "")
    for missing in (Rung.CONTRACT, Rung.PRODUCT, Rung.SALES, Rung.JOBS, Rung.PATENT, Rung.PRESS):
        with pytest.raises(DomainError), transaction():
            record_outcome(case, OutcomeWish(missing, TODAY), today=TODAY, viewer=SYSTEM)


def test_the_list_as_a_file_names_the_outcomes(client: Client, case: Case) -> None:
    client.post(f"/cases/{case.public_id}/outcomes/new/contract", {"contract_kind": "licence"})

    text = client._send(client.http.get, "/cases/export.csv").get_data().decode("utf-8-sig")

    assert "2026-11-25 契約・許諾（実施許諾）" in text
