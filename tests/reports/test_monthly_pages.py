"""The monthly report on its page and as files: the same figures, and who sees what."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest

from registry.cases.models import Stage
from registry.common.roles import Role
from registry.encounters.models import EncounterKind
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_organization
from tests.reports.office import NAKAHARA, SAEKI, TAKATSU, case, encounter, small_office

OCTOBER = "/reports/monthly/2026-10"
Figures = dict[str, list[list[float | None]]]


class _Tables(HTMLParser):
    """The figures of a page's report tables, by section and row."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: Figures = {}
        self._section = ""
        self._in_head = False
        self._cell: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "table":
            self._section = a.get("data-section") or ""
            self.figures.setdefault(self._section, [])
        if tag == "thead":
            self._in_head = True
        if tag == "tr" and not self._in_head:
            self.figures[self._section].append([])
        if tag == "td" and a.get("class") == "num":
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self._in_head = False
        if tag == "td" and self._cell is not None:
            found = re.search(r"^[\d,.]+(?=%|\D*$)", self._cell.strip())
            blank = "―" in self._cell or "未満" in self._cell
            value = None if blank or not found else float(found[0].replace(",", ""))
            self.figures[self._section][-1].append(value)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data


def on_screen(html: str) -> Figures:
    reader = _Tables()
    reader.feed(html)
    return {section: rows for section, rows in reader.figures.items() if rows}


def in_csv(data: bytes) -> tuple[list[list[str]], dict[str, list[float | None]]]:
    """The rows of the file, and its figures by section."""
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert header == ["section", "group", "measure", "label", "unit", "value"]
    figures: dict[str, list[float | None]] = {}
    for row in rows:
        figures.setdefault(row[0], []).append(float(row[5]) if row[5] else None)
    return rows, figures


def in_workbook(data: bytes) -> tuple[list[list[str]], list[list[float]]]:
    """The rows of the last sheet as text, and the numbers of each other sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    *sheets, last = book.worksheets
    everything = [
        [
            "" if cell is None else f"{cell:g}" if isinstance(cell, int | float) else cell
            for cell in row
        ]
        for row in last.iter_rows(min_row=2, values_only=True)
    ]
    numbers = [
        [
            cell
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if isinstance(cell, int | float)
        ]
        for sheet in sheets
    ]
    return everything, numbers


@pytest.fixture
def staff(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


@pytest.mark.parametrize(
    ("lang", "narrowed"),
    [("ja", ""), ("en", ""), ("ja", "ward"), ("en", "coordinator"), ("ja", "both")],
)
def test_screen_csv_and_workbook_show_the_same_figures(client, lang, narrowed):
    office = small_office()
    client.sign_in(office.saeki)
    query = f"?lang={lang}"
    query += f"&ward={NAKAHARA}" if narrowed in ("ward", "both") else ""
    query += f"&coordinator={office.saeki.public_id}" if narrowed in ("coordinator", "both") else ""

    page = client.get(f"{OCTOBER}{query}")
    rows, figures = in_csv(client.get(f"{OCTOBER}.csv{query}").response.data)
    everything, sheets = in_workbook(client.get(f"{OCTOBER}.xlsx{query}").response.data)

    screen = on_screen(page.html)
    assert list(screen) == list(figures)
    assert {s: [n for row in table for n in row] for s, table in screen.items()} == figures
    assert everything == rows
    for section, numbers in zip(figures, [s for s in sheets if s], strict=True):
        assert numbers == [n for n in figures[section] if n is not None]
    assert sum(n or 0 for n in figures["summary"]) > 0
    assert page.link("CSV").startswith(f"{OCTOBER}.csv")
    assert all(part in page.link("CSV") for part in query.split("&")[1:])


def test_every_breakdowns_last_row_is_the_months_figure(staff):
    small_office()

    screen = on_screen(staff.get(OCTOBER).html)

    for section in ("program", "industry", "ward", "coordinator"):
        *groups, total = screen[section]
        assert total == [6, 4, 2, 1, 0]
        assert [sum(column) for column in zip(*groups, strict=True)] == total


def test_the_page_reads_like_the_plan(staff):
    small_office()

    page = staff.get(OCTOBER)

    assert (
        "2026（令和8）年10月は、相談・訪問を 6 件行い、コーディネーター等を延べ 4 回派遣しました。"
        in page.text
    )
    assert "2026（令和8）年度の成立は、この月までの計で 1 件です。" in page.text
    assert "試作や事業化に至ったものはありませんでした。" in page.text
    assert "公開中のニーズ 3 件のうち、 1 件には候補がありません。" in page.text
    assert "締め前" in page.text and "3-3-1" in page.text and SAEKI in page.text
    assert page.html.count('class="chart"') == 1
    assert "style=" not in page.html


def test_a_program_has_its_english_title_on_the_english_page(staff):
    small_office()

    page = staff.get(f"{OCTOBER}?lang=en")

    assert "IP matching" in page.text and "October 2026" in page.text


def test_the_address_without_a_month_leads_to_the_last_complete_one(staff):
    small_office()

    page = staff.get("/reports/monthly", status=302)
    chosen = staff.get(f"/reports/monthly?month=2026-09&ward={TAKATSU}", status=302)

    assert page.location == OCTOBER
    assert staff.follow(page).link("今月の途中経過") == "/reports/monthly/2026-11"
    assert chosen.location == f"/reports/monthly/2026-09?ward={TAKATSU}"
    assert "月の途中" in staff.get("/reports/monthly/2026-11").text


def test_an_empty_month_says_so_and_shows_zeros(staff):
    page = staff.get("/reports/monthly/2020-03")

    assert "2020（令和2）年3月は、相談・訪問と派遣はありませんでした。" in page.text
    assert "新しい引き合わせはありませんでした。成立はありませんでした。" in page.text
    assert "記録はありません" in page.text
    assert 'class="chart"' not in page.html
    screen = on_screen(page.html)
    assert all(n in (0, None) for table in screen.values() for row in table for n in row)


def test_a_month_that_cannot_be_is_not_found(staff):
    for month in ("2026-13", "abc", "2026-1", "1868-02", "2026-13.csv", "abc.xlsx"):
        staff.get(f"/reports/monthly/{month}", status=404)
    staff.get("/reports/monthly?month=2026-13", status=404)


def test_a_month_to_come_is_told_as_such(staff):
    page = staff.get("/reports/monthly/2027-02")

    assert "まだ始まっていない月です" in page.text
    assert not on_screen(page.html)
    staff.get("/reports/monthly/2027-02.csv", status=404)
    staff.get("/reports/monthly/9999-12")


def test_unknown_filters_are_not_found(staff):
    staff.get(f"{OCTOBER}?ward=99999", status=404)
    staff.get(f"{OCTOBER}.csv?coordinator=nobody", status=404)


def test_an_evaluator_reads_sums_and_no_names(client):
    office = small_office()
    client.sign_in(make_user(Role.EVALUATOR))

    page = client.get(f"{OCTOBER}?ward={NAKAHARA}&coordinator={office.saeki.public_id}")
    rows, figures = in_csv(client.get(f"{OCTOBER}.csv?ward={NAKAHARA}").response.data)
    everything, _sheets = in_workbook(client.get(f"{OCTOBER}.xlsx").response.data)

    text = page.text + str(rows) + str(everything)
    for hidden in (SAEKI, office.saeki.public_id, "だれも答えないニーズ", "N-"):
        assert hidden not in text
    assert everything == rows
    assert set(figures) == {
        "summary", "funnel", "trend", "program", "policy", "industry", "ward", "open_cases", "effort",
        "needs", "quiet_by_size", "quiet_by_ward",
    }  # fmt: skip
    assert figures["needs"] == [3, 1]
    assert {s: [n for row in t for n in row] for s, t in on_screen(page.html).items()} == figures
    assert 'name="ward"' not in page.html


def test_an_evaluator_does_not_learn_whose_the_single_agreement_is(client):
    for number, ward in enumerate((NAKAHARA, TAKATSU), 1):
        firm = make_organization(municipality=ward, industry="24")
        for day in range(1, 6):
            on = date(2026, 10, day)
            encounter(10 * number + day, EncounterKind.VISIT, on, organizations=[firm])
    case(1, date(2026, 9, 1), (Stage.AGREED, date(2026, 10, 9)))
    client.sign_in(make_user(Role.EVALUATOR))

    page = client.get(OCTOBER)

    wards = on_screen(page.html)["ward"]
    assert wards[-1] == [10, 0, 0, 1, 0]
    assert [row[3] for row in wards[:-1]] == [None, None, None]
    assert [row[0] for row in wards[:-2]] == [5, 5]
    assert "3 に満たない数を伏せています" in page.text


def test_members_and_visitors_read_no_report(client):
    client.get(OCTOBER, status=302)
    client.sign_in(make_user(Role.MEMBER))
    client.get(OCTOBER, status=403)
    client.get(f"{OCTOBER}.csv", status=403)
