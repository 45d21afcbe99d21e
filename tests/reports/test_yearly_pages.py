"""The yearly results on their page and as files: the same figures, and who sees what."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from registry.common.roles import Role
from registry.policy.models import CountingRule, PeriodType
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_encounter
from tests.factories.organizations import make_organization
from tests.factories.policy import make_indicator, make_reading, make_target

YEAR = "/reports/yearly/2026"


@pytest.fixture
def staff(client: Client) -> Client:
    client.sign_in(make_user(role=Role.COORDINATOR))
    return client


def visits(firms: int, each: int) -> None:
    """So many visits to each of so many firms in FY2026."""
    for _firm in range(firms):
        organization = make_organization()
        for place in range(each):
            make_encounter(organization, held_on=date(2026, 5, 10 + place))


def counted(key: str, rule: CountingRule, **fields: object):
    return make_indicator(
        key=key,
        rule=rule,
        measure="encounters.rows",
        filters={"kinds": ["visit"]},
        period_type=PeriodType.FISCAL_YEAR,
        **fields,
    )


def rows_of_csv(page) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.response.get_data().decode("utf-8-sig"))))


def test_unique_firms_and_each_visit_are_counted_apart(staff: Client) -> None:
    visits(firms=4, each=3)
    counted("firms", CountingRule.UNIQUE, label="訪問した企業", unit="社")
    counted("visits", CountingRule.CUMULATIVE, label="訪問（延べ）", unit="回")

    page = staff.get(YEAR)
    rows = {row["indicator"]: row for row in rows_of_csv(staff.get(f"{YEAR}.csv"))}

    assert "４社" in page.text and "12回" in page.text
    assert (rows["firms"]["actual"], rows["visits"]["actual"]) == ("4", "12")
    assert rows["visits"]["period"] == "FY2026" and rows["visits"]["rule"] == "cumulative"


def test_screen_csv_and_excel_show_the_same_rows(staff: Client) -> None:
    visits(firms=2, each=2)
    counted("visits", CountingRule.FLOW, label="訪問", unit="回")
    read = make_indicator(
        key="members", label="会員", unit="人", period_type=PeriodType.FISCAL_YEAR_END
    )
    make_reading(read, period="FY2026-end", value=Decimal(11798), approximate=True, source="年報")
    make_target(read, period="FY2026-end", value=Decimal(12000))

    page = staff.get(YEAR)
    rows = rows_of_csv(staff.get(f"{YEAR}.csv"))
    book = openpyxl.load_workbook(io.BytesIO(staff.get(f"{YEAR}.xlsx").response.get_data()))
    sheet = [list(line) for line in book.worksheets[-1].iter_rows(values_only=True)]
    head = next(place for place, line in enumerate(sheet) if line[0] == "code")

    assert [row["indicator"] for row in rows] == ["visits", "members"]
    assert [[str(cell or "") for cell in line] for line in sheet[head + 1 :]] == [
        list(row.values()) for row in rows
    ]
    assert rows[1] | {"target": "12000", "actual": "11798", "approximate": "true"} == rows[1]
    assert "約11,798人" in page.text and "目標の12,000人を下回りました。" in page.text


def test_a_figure_without_target_never_claims_one(staff: Client) -> None:
    visits(firms=1, each=1)
    counted("visits", CountingRule.FLOW)

    page = staff.get(YEAR)

    assert "目標の設定なし" in page.text and "100" not in page.text


def test_nothing_counted_before_the_registry_began_is_not_zero(staff: Client) -> None:
    counted("old", CountingRule.FLOW, label="昔の訪問", counted_from=2027)
    counted("new", CountingRule.FLOW, label="今の訪問", counted_from=2026)

    found = [row["indicator"] for row in rows_of_csv(staff.get(f"{YEAR}.csv"))]

    assert found == ["new"]


def test_a_figure_opens_into_its_records(staff: Client) -> None:
    visits(firms=2, each=1)
    counted("visits", CountingRule.FLOW, label="訪問")

    assert staff.get(f"{YEAR}/visits/FY2026").text.count("2026-05-10") == 2
    staff.get(f"{YEAR}/visits/FY2027", status=404)


def test_an_evaluator_reads_figures_and_no_records(client: Client) -> None:
    visits(firms=2, each=1)
    counted("visits", CountingRule.FLOW, label="訪問")
    client.sign_in(make_user(role=Role.EVALUATOR))

    page = client.get(YEAR)

    assert "訪問" in page.text and not page.has_link("訪問")
    client.get(f"{YEAR}/visits/FY2026", status=403)


def test_a_count_of_one_or_two_parties_is_withheld_outside_the_office(client: Client) -> None:
    visits(firms=2, each=1)
    counted("few", CountingRule.UNIQUE, label="選ばれた企業", unit="社", counts_parties=True)

    outside = rows_of_csv(client.get(f"{YEAR}.csv"))
    client.sign_in(make_user(role=Role.COORDINATOR))
    inside = rows_of_csv(client.get(f"{YEAR}.csv"))

    assert outside[0]["actual"] == "" and inside[0]["actual"] == "2"


def test_what_is_not_public_stays_inside(client: Client) -> None:
    visits(firms=3, each=1)
    counted("secret", CountingRule.FLOW, label="内部の数", is_public=False)

    assert "内部の数" not in client.get(YEAR).text
    assert rows_of_csv(client.get(f"{YEAR}.csv")) == []


def test_a_year_without_figures_says_so_and_no_year_is_absent(client: Client) -> None:
    assert "まだありません" in client.get("/reports/yearly/2031").text
    client.get("/reports/yearly/never", status=404)
    assert client.get("/reports/yearly", status=302).location.endswith("/reports/yearly/2025")


def test_the_years_before_stand_beside_the_year_and_the_pdf_holds_the_same(client: Client) -> None:
    row = make_indicator(label="増える数", unit="件")
    for year, value in ((2024, 3), (2025, 5), (2026, 9)):
        make_reading(row, f"FY{year}", value)

    page = client.get(YEAR)
    pdf = client.get(f"{YEAR}.pdf").response

    assert "増える数の推移" in page.text and "FY2024" in page.text
    assert "推移" not in client.get("/reports/yearly/2024").text
    assert pdf.mimetype == "application/pdf" and pdf.get_data().startswith(b"%PDF")


def test_a_part_that_leaves_one_party_of_its_whole_is_withheld_outside(client: Client) -> None:
    whole = make_indicator(key="whole", label="選定", counts_parties=True)
    part = make_indicator(key="part", label="うち面談", counts_parties=True, part_of_id=whole.id)
    make_reading(whole, "FY2026", 10)
    make_reading(part, "FY2026", 9)

    rows = {row["indicator"]: row["actual"] for row in rows_of_csv(client.get(f"{YEAR}.csv"))}

    assert rows == {"whole": "10", "part": ""}


def test_english_says_one_thing_of_one(client: Client) -> None:
    make_reading(make_indicator(label_en="Projects made", unit_en="projects"), "FY2026", 1)
    make_reading(make_indicator(label_en="Firms met", unit_en="companies"), "FY2026", 1)

    text = client.get(f"{YEAR}?lang=en").text

    assert "1 project" in text and "1 projects" not in text
    assert "1 company" in text and "companies" not in text
