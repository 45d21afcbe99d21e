"""Taking a table in over the pages, and lists as files."""

import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from registry.canonical import dump_lines
from registry.common.roles import Role
from registry.db import db
from registry.exchange import jobs, service
from registry.exchange.models import HeaderMapping, ImportFile, ImportRun, ImportState
from registry.organizations.models import Organization
from tests.client import Client, Page
from tests.exchange.office_file import csv, number, office_file
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization


@pytest.fixture
def staff(app: Flask) -> Client:
    return Client(app).sign_in(make_user(Role.COORDINATOR))


def upload(client: Client, data: bytes, name: str = "名簿.xlsx", kind: str = "organizations",
           status: int = 303) -> Page:  # fmt: skip
    page = client.get("/imports/new")
    fields: dict[str, Any] = {
        f["name"]: f["value"] for f in page.form("idempotency_key", action="/imports")["fields"]
    }
    fields |= {"kind": kind, "file": (io.BytesIO(data), name)}
    answer = client.raw_post("/imports/new", fields, content_type="multipart/form-data")
    assert answer.status_code == status, answer.get_data(as_text=True)[-3000:]
    return client._page(answer, status, "/imports/new")


def count(model: type[Any] = Organization) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_table_comes_in_step_by_step_and_can_be_taken_back(staff: Client) -> None:
    page = staff.follow(upload(staff, office_file()))
    assert "4 行目" in page.text and "取り込まない行が 4 行あります" in page.text
    assert "㈱赤松精密" in page.text

    checked = staff.follow(staff.post(page.response.request.path, {}))
    assert "まだ何も取り込んでいません" in checked.text and "新規" in checked.text
    assert count() == 0

    address = checked.response.request.path
    done = staff.follow(staff.post(f"{address}/commit", at=address, action="commit"))
    assert "3 件を新しく登録し、0 件を変更しました" in done.text
    assert count() == 3 and count(ImportFile) == 0
    assert "名簿.xlsx" in staff.get("/imports").text

    undone = staff.follow(staff.post(f"{address}/undo"))
    assert "取り込みを取り消しました" in undone.text and count() == 0


def test_what_was_touched_later_keeps_an_import_from_being_taken_back(staff: Client) -> None:
    data = csv(
        "法人番号,名称",
        f"{number('020001000001')},赤松精密",
        f"{number('020001000002')},白根めっき",
    )
    address = carry_in(staff, data)
    firm = db.session.scalars(select(Organization).where(Organization.name == "赤松精密")).one()
    make_need(organization=firm)

    page = staff.post(f"{address}/undo", status=200)

    assert "取り消せません：赤松精密" in page.text and count() == 2


def carry_in(staff: Client, data: bytes, kind: str = "organizations") -> str:
    columns = upload(staff, data, "名簿.csv", kind).location
    address = staff.post(columns, {}).location
    staff.post(f"{address}/commit", at=address, action="commit")
    return address


def test_a_retried_submit_makes_one_import(staff: Client) -> None:
    columns = upload(staff, csv("名称", "赤松精密")).location
    address = staff.post(columns, {}).location
    form = staff.get(address).form(action="commit")

    for _time in range(2):
        staff.submit(form, address=f"{address}/commit")

    assert count() == 1
    assert len(db.session.scalars(select(ImportRun)).all()) == 1


def test_wrong_rows_are_told_on_the_page_and_beside_the_rows_in_excel(staff: Client) -> None:
    data = csv(
        "法人番号,名称,従業員数", f"{number('020001000001')},赤松精密,10", "4.00E+12,白根めっき,▲5"
    )
    columns = upload(staff, data, "名簿.csv").location
    page = staff.follow(staff.post(columns, {}))

    assert "直すか決めるかする行が 1 行あります" in page.text
    assert "Excel が丸めた数" in page.text and "負の数" in page.text
    report = staff.get(page.response.request.path + "/report.xlsx")
    sheet = load_workbook(io.BytesIO(report.response.get_data())).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][3:5] == ["4.00E+12", "白根めっき"]
    assert "Excel が丸めた数" in str(sheet["C2"].value)


def test_the_offices_mapping_is_proposed_the_next_time(staff: Client) -> None:
    data = csv("企業名,営業所のひとこと", "赤松精密,精密加工が得意です。")
    columns = upload(staff, data, "名簿.csv").location
    assert staff.get(columns).form("column-1")
    staff.post(columns, {"column-1": "summary"})
    assert count(HeaderMapping) == 1

    again = staff.get(upload(staff, data, "名簿.csv").location)

    chosen = {f["name"]: f["value"] for f in again.form("column-1")["fields"]}
    assert chosen["column-1"] == "summary"


def test_doubtful_rows_are_decided_on_the_page(staff: Client) -> None:
    make_organization(name="株式会社赤松精密", address="小杉町1-2-3", municipality="14133")
    data = csv("名称,所在地", "有限会社赤松精密,川崎市中原区小杉町1-2-3")
    columns = upload(staff, data, "名簿.csv").location
    address = staff.post(columns, {}).location
    assert "比べて決める" in staff.get(address).text

    page = staff.follow(staff.post(f"{address}/decide", {"line-2": "new"}, at=address,
                                   action="decide"))  # fmt: skip

    assert "新規" in page.text and "取り込む" in page.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ファイルが空です"),
        (b'{"format": "musubi-exchange"}', "registry import"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "ウェブページです"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "古い Excel"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (b"PK\x03\x04 xl/vbaProject.bin", "マクロ"),
        (b"PK\x03\x04 broken", "Excel ファイルとして読めません"),
        ("名称\r\n赤松".encode("euc_jp"), "EUC-JP"),
        ("名称\r\n赤松\r\n".encode("cp932") + b"\x80\x80", "3 行目"),
        ('名称\r\n"赤松'.encode(), "引用符"),
        (("名称" + "," * 10_000 + "\r\n").encode(), "列が多すぎます"),
        ("名称\r\n赤\0松".encode(), "2 行目に読めない文字"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(staff: Client, data: bytes, words: str) -> None:
    page = upload(staff, data, "名簿.csv", status=200)

    assert words in page.text
    assert count(ImportRun) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_encoding_of_an_office_comes_in_exactly(staff: Client, encoding: str) -> None:
    carry_in(staff, csv("名称;紹介文", "㈱髙﨑①～製作所;～①髙", encoding=encoding))

    row = db.session.scalars(select(Organization)).one()
    assert (row.name, row.summary) == ("株式会社髙﨑①～製作所", "～①髙")


def test_a_long_file_is_worked_off_by_the_worker(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    columns = upload(staff, csv("名称", "赤松精密", "白根めっき"), "名簿.csv").location
    address = staff.post(columns, {}).location
    page = staff.get(address)
    assert "0 行まで進みました" in page.text and 'http-equiv="refresh"' in page.html

    assert jobs.work_due() == 1
    staff.post(f"{address}/commit", at=address, action="commit")
    assert count() == 0
    assert jobs.work_due() == 1

    assert count() == 2
    db.session.expire_all()
    assert db.session.scalars(select(ImportRun.state)).one() is ImportState.DONE


def test_lists_go_out_with_the_filter_on_screen(staff: Client) -> None:
    make_organization(name="赤松精密")
    make_organization(name="白根めっき")
    make_need(title="めっき液の再生")
    make_case(need=make_need(), seed=make_seed())

    text = staff.get("/organizations/export.csv?q=赤松").response.get_data().decode("utf-8-sig")
    assert "赤松精密" in text and "白根" not in text
    for path in ("/listings/export.xlsx", "/cases/export.csv", "/programs/export.csv",
                 "/encounters/export.xlsx", "/enrolments/export.csv", "/organizations/export.json",
                 "/places/export.csv", "/events/export.xlsx", "/readings/export.csv"):  # fmt: skip
        assert staff.get(path).response.get_data()
    assert "export.xlsx?q=" in staff.get("/organizations?q=赤松").html


def test_what_shift_jis_cannot_hold_is_listed_before_the_download(staff: Client) -> None:
    make_organization(name="𠮷野めっき")

    page = staff.get("/organizations/export-sjis")
    assert "𠮷" in page.text and "名称" in page.text
    data = staff.get("/organizations/export-sjis?replace=1").response.get_data()
    assert "〓野めっき" in data.decode("cp932")


def test_visitors_take_out_what_they_see_and_nobody_but_staff_imports(app: Flask) -> None:
    make_organization(name="赤松精密", address="小杉町1-2-3")
    hidden = make_need(title="隠れたニーズ", anonymous=True)
    visitor = Client(app)

    firms = visitor.get("/organizations/export.csv").response.get_data().decode("utf-8-sig")
    needs = visitor.get("/listings/export.csv").response.get_data().decode("utf-8-sig")

    assert "赤松精密" in firms and "小杉町" not in firms and "連絡先" not in firms
    assert "隠れたニーズ" in needs and hidden.organization.name not in needs
    visitor.get("/imports", status=302)
    visitor.get("/organizations/export.json", status=404)
    member = Client(app).sign_in(make_user(Role.EVALUATOR))
    member.get("/imports/new", status=403)


def test_undoing_gives_back_the_same_records_as_before(staff: Client) -> None:
    key = number("020001000001")
    carry_in(staff, csv("法人番号,名称,従業員数,電話番号", f"{key},赤松精密,10,044-200-0001"))
    before = list(dump_lines())
    data = csv(
        "法人番号,名称,従業員数,電話番号,業種",
        f"{key},㈱赤松精密,12,044-200-0002,24",
        f"{number('020001000002')},白根めっき,3,044-200-0003,24",
    )
    address = carry_in(staff, data)
    assert list(dump_lines()) != before

    staff.post(f"{address}/undo")

    assert list(dump_lines()) == before
