"""Every kind comes in from an office's table, goes out, and comes in again without a change."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from registry.canonical import dump_lines
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.exchange import export
from registry.exchange.catalogue import KINDS, get_kind
from registry.exchange.columns import Context
from registry.exchange.machine_reading import run_machine
from registry.exchange.verdicts import counts
from registry.listings.models import Listing, ListingState
from registry.organizations.models import Organization
from registry.policy.models import CountingRule, Indicator, PeriodType, PolicyCode
from registry.programs.models import Enrolment
from tests.conftest import _empty_tables
from tests.exchange.office_file import TODAY, csv, number, run

TABLES = {
    "organizations": (
        "法人番号,商号又は名称,種別,業種,資本金（百万円）,所在地,状態,出典,電話番号",
        f"{number('020001000001')},㈱赤松精密,企業,24 金属製品製造業,10,川崎市幸区堀川町72,登録済み,名鑑,044-200-0001",
        f"{number('020001000002')},白根工業大学,大学,教育、学習支援業,,川崎市多摩区登戸1,登録済み,名鑑,",
    ),
    "programs": (
        "キー,制度名,政策コード,種別,概要,補助率,給付上限額（万円）,キーワード",
        "new-tech,新技術・新製品開発等支援,1-1-1,補助金,開発の費用を補助します。,1/2,300,開発;試作",
    ),
    "enrolments": (
        "年度,制度名,企業名,区分,テーマ,交付決定額（千円）,交付決定日",
        "平成28年度,新技術・新製品開発等支援,株式会社赤松精密,採択,めっき液の再生,\"3,000\",H28.7.1",
    ),
    "listings": (
        "種別,企業名,分類,件名,内容,キーワード,見せる範囲,状態,期限,同意した人,同意の方法,同意の日",
        "ニーズ,赤松精密,技術,めっき後の細い溝に残る薬液を取り除きたい,"
        "溝の幅は0.1mmで、今は手で洗っています。,めっき;洗浄;治具,だれでも,公開中,令和9年3月31日,"
        "赤松,電話,2026/11/1",
        "シーズ,白根工業大学,特許・知的財産,超音波で細い溝を洗う方法の特許,試作機があります。,超音波,会員まで,下書き,,,,",
    ),
    "encounters": (
        "相談日,方法,企業名,相談内容,内容,時間数,次回対応,対応期限",
        "R8.10.1,訪問,株式会社赤松精密、白根工業大学,洗浄の相談,工場を見ました。,1.5,試験の手配,R8.12.1",
        "46297,電話,赤松精密,補助金の問い合わせ,,0.5,,",
    ),
    "places": (
        "施設名,種別,入っている施設,市区町村,面積,定員,月額賃料（千円）",
        "ものづくり館,施設,,川崎市幸区,1200.5,1,",
        "201号室,部屋,ものづくり館,川崎市幸区,35.2㎡,1,85",
    ),
    "events": (
        "イベント名,開始日,終了日,場所名称,定員,イベント種類,備考",
        "環境技術展,2026年2月4日,2026年2月5日,等々力アリーナ,\"15,500\",展示会,133 団体",
    ),
    "readings": ("指標,期間,値,備考,出典", "members,平成28年度,\"約11,798\",年度末の数,計画 p. 10"),
}  # fmt: skip


@pytest.fixture
def filled(app: Flask) -> None:
    """A registry filled from the tables."""
    with transaction():
        add_policy()
    for kind, lines in TABLES.items():
        found, figures = run(kind, csv(*lines))
        assert figures["new"] == len(lines) - 1, (kind, found)


def add_policy() -> None:
    node = PolicyCode(plan="second", code="1-1-1", title="産業の競争力", aliases=[])
    db.session.add(node)
    db.session.flush()
    db.session.add(
        Indicator(
            public_id="00000000-0000-4000-8000-000000000001",
            key="members", policy_code_id=node.id, label="会員の数", unit="人",
            period_type=PeriodType.FISCAL_YEAR, rule=CountingRule.FLOW,
        )
    )  # fmt: skip


def test_the_offices_tables_say_what_they_mean(filled: None) -> None:
    firm = db.session.scalars(
        select(Organization).where(Organization.name == "株式会社赤松精密")
    ).one()
    need = db.session.scalars(select(Listing).where(Listing.organization_id == firm.id)).one()
    enrolment = db.session.scalars(select(Enrolment)).one()

    assert (firm.industry, firm.capital_yen, firm.municipality) == ("24", 10_000_000, "14132")
    assert need.state is ListingState.PUBLISHED and need.consent is not None
    assert (enrolment.fiscal_year, enrolment.amount_yen) == (2016, 3_000_000)
    assert str(enrolment.decided_on) == "2016-07-01"


@pytest.mark.parametrize("form", ["csv", "xlsx", "sjis"])
def test_what_went_out_comes_in_again_without_a_change(filled: None, form: str) -> None:
    before = list(dump_lines(everything=True))

    for kind in KINDS:
        data = export.to_file(get_kind(kind), SYSTEM, {"state": "all"}, form)
        asked = (
            data if kind != "organizations" else export.to_file(get_kind(kind), SYSTEM, {}, form)
        )
        found, figures = run(kind, asked)
        assert figures["unchanged"] == len(found) > 0, (kind, found)

    after = [line for line in dump_lines(everything=True) if '"header_mappings"' not in line]
    assert after == before


def test_the_offices_own_tables_change_nothing_the_second_time(filled: None) -> None:
    before = list(dump_lines(everything=True))

    for kind, lines in TABLES.items():
        found, figures = run(kind, csv(*lines))
        assert figures["unchanged"] == len(found), (kind, found)

    assert list(dump_lines(everything=True)) == before


def test_the_lossless_transfer_fills_an_empty_registry_with_the_same(filled: None) -> None:
    asked = {"state": "all"}
    files = {
        kind: export.to_file(
            get_kind(kind), SYSTEM, {} if kind == "organizations" else asked, "json"
        )
        for kind in KINDS
    }
    before = list(dump_lines())

    for kind, data in files.items():
        figures = read_back(kind, data)
        assert figures["unchanged"] == sum(figures.values()) > 0, kind
    assert list(dump_lines()) == before
    db.session.rollback()
    _empty_tables()
    db.session.expire_all()
    with transaction():
        add_policy()
    for kind, data in files.items():
        figures = read_back(kind, data)
        assert figures["new"] == sum(figures.values()), kind

    assert list(dump_lines()) == before


def read_back(kind: str, data: bytes) -> dict[str, int]:
    with transaction():
        return counts(run_machine(get_kind(kind), data, Context(SYSTEM, TODAY, dry=False)))


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
).filter(lambda text: text.strip() and text not in ("（空）", "(空)"))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(TEXT, TEXT, st.integers(0, 10**12), st.integers(0, 10**6)),
        min_size=1,
        max_size=4,
        unique_by=lambda row: row[0].casefold(),
    )
)
def test_whatever_stands_in_a_record_survives_the_way_out_and_in(
    app: Flask, rows: list[tuple[str, str, int, int]]
) -> None:
    _empty_tables()
    with transaction():
        for place, (name, address, capital, employees) in enumerate(rows):
            last = db.session.scalar(select(func.max(Organization.number))) or 0
            db.session.add(
                Organization(
                    number=last + 1, kind="company", name=f"{place}番{name}", address=address,
                    capital_yen=capital, employees=employees, state="draft",
                )
            )  # fmt: skip
            db.session.flush()
    for form in ("csv", "xlsx", "json"):
        data = export.to_file(get_kind("organizations"), SYSTEM, {}, form)
        if form == "json":
            figures = read_back("organizations", data)
        else:
            _found, figures = run("organizations", data)
        assert figures["unchanged"] == sum(figures.values()), (form, _found)
