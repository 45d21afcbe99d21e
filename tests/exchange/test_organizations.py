"""Lists of organizations as offices keep them."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.audit.queries import verify
from registry.canonical import dump_lines
from registry.common.errors import DomainError
from registry.common.folding import fold, fold_name
from registry.db import db
from registry.exchange.catalogue import get_kind
from registry.exchange.opening import open_file
from registry.organizations.models import Organization, OrganizationState
from tests.exchange.office_file import csv, number, office_file, run
from tests.factories.organizations import make_organization


def organization(name: str) -> Organization:
    found = db.session.scalar(select(Organization).where(Organization.name == name))
    assert found is not None
    return found


def test_an_offices_own_excel_file_comes_in_and_changes_nothing_the_second_time(
    app: Flask,
) -> None:
    opened = open_file(get_kind("organizations"), office_file())
    assert opened.header.line == 4
    assert [s.why for s in opened.skipped] == ["title", "title", "total", "remark"]

    found, counts = run("organizations", office_file(), keep=False)
    assert counts == {"error": 0, "duplicate": 0, "changed": 0, "new": 3, "skipped": 0,
                      "unchanged": 0}, found  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(Organization)) == 0

    run("organizations", office_file())
    first = organization("株式会社赤松精密")
    assert (first.capital_yen, first.employees) == (10_000_000, 24)
    assert (first.municipality, first.address) == ("14133", "小杉町1-2-3")
    assert first.corporate_number == number("020001000001")
    assert first.kana == "アカマツセイミツ"
    assert organization("有限会社白根めっき").employees == 12
    third = organization("緑川化学 株式会社")
    assert (third.capital_yen, third.corporate_number) == (35_000_000, number("020001000003"))
    assert third.name_key == fold_name(third.name)
    assert fold("浮島町") not in third.search_text and fold("川崎区") in third.search_text

    before = list(dump_lines(everything=True))
    found, counts = run("organizations", office_file())
    assert counts["unchanged"] == 3 and sum(counts.values()) == 3
    assert list(dump_lines(everything=True)) == before


def test_a_change_is_shown_by_field_and_logged_once(app: Flask) -> None:
    run("organizations", csv("法人番号,名称,従業員数", f"{number('020001000001')},赤松精密,10"))
    data = csv(
        "法人番号,名称,従業員数,資本金（千円）", f"{number('020001000001')},赤松精密,12,5000"
    )

    found, counts = run("organizations", data)

    assert counts["changed"] == 1
    assert found[0].changes == [("capital_yen", "", "5000000"), ("employees", "10", "12")]
    row = organization("赤松精密")
    assert (row.employees, row.capital_yen, row.version) == (12, 5_000_000, 2)
    entries = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"organization:{row.public_id}")
    )
    assert list(entries) == ["organization.changed"]
    assert verify().bad_position is None


def test_blank_cells_keep_what_is_stored_and_the_mark_empties_it(app: Flask) -> None:
    key = number("020001000001")
    run("organizations", csv("法人番号,名称,従業員数,所在地", f"{key},赤松精密,10,中原区"))

    run("organizations", csv("法人番号,名称,従業員数,所在地", f"{key},赤松精密,,（空）"))

    row = organization("赤松精密")
    assert (row.employees, row.address) == (10, "")


def test_wrong_rows_stop_the_whole_file_and_say_where_and_what(app: Flask) -> None:
    data = csv(
        "法人番号,名称,従業員数,設立",
        f"{number('020001000001')},赤松精密,10,",
        "4.00E+12,白根めっき,12,",
        "1234567890123,緑川化学,5,",
        ",,3,",
        ",黄瀬木工,▲3,",
        f"{number('020001000001')},赤松精密(再),10,",
    )

    found, counts = run("organizations", data)

    assert counts["error"] == 5
    problems = {v.line: v.problems[0] for v in found if v.problems}
    assert "Excel が丸めた数" in problems[3].message and problems[3].value == "4.00E+12"
    assert "検査数字" in problems[4].message
    assert problems[5].column == "name"
    assert "負の数" in problems[6].message
    assert "2 行目と同じ" in problems[7].message
    assert db.session.scalar(select(func.count()).select_from(Organization)) == 0


def test_a_record_that_may_be_meant_is_asked_about(app: Flask) -> None:
    known = make_organization(name="株式会社赤松精密", address="小杉町1-2-3", municipality="14133")
    data = csv("名称,所在地", "有限会社赤松精密,川崎市中原区小杉町1-2-3")

    found, counts = run("organizations", data)
    assert counts["duplicate"] == 1
    assert found[0].candidates[0][:2] == (known.public_id, known.name)

    _found, counts = run("organizations", data, rest="new")
    assert counts["new"] == 1
    again, counts = run("organizations", data)
    assert counts["unchanged"] == 1, again


def test_a_decision_takes_the_record_that_is_meant(app: Flask) -> None:
    known = make_organization(name="株式会社赤松精密", address="小杉町1-2-3", municipality="14133")
    data = csv("名称,所在地,従業員数", "有限会社赤松精密,川崎市中原区小杉町1-2-3,7")

    _found, counts = run("organizations", data, decisions={2: known.public_id})

    assert counts["changed"] == 1
    db.session.expire_all()
    assert known.employees == 7 and known.name == "有限会社赤松精密"


def test_a_registered_one_needs_a_source(app: Flask) -> None:
    found, counts = run("organizations", csv("名称,状態", "赤松精密,登録済み"))
    assert counts["error"] == 1 and found[0].problems[0].column == "state"

    run("organizations", csv("名称,状態,出典", "赤松精密,登録済み,市の企業名鑑 令和8年版"))
    assert organization("赤松精密").state is OrganizationState.APPROVED


def test_contacts_come_with_their_organization_and_lost_zeros_are_told(app: Flask) -> None:
    data = csv("名称,担当者名,電話番号", "赤松精密,赤松 一,442001234", "白根めっき,,044-200-9999")

    found, _counts = run("organizations", data)

    assert "先頭の 0" in found[0].notes[0].message
    contact = organization("赤松精密").contacts[0]
    assert (contact.name, contact.phone) == ("赤松 一", "442001234")
    assert organization("白根めっき").contacts[0].name == "代表"
    before = list(dump_lines(everything=True))
    _found, counts = run("organizations", data)
    assert counts["unchanged"] == 2
    assert list(dump_lines(everything=True)) == before


def test_a_missing_required_column_is_named(app: Flask) -> None:
    with pytest.raises(DomainError, match="名称"):
        run("organizations", csv("法人番号,従業員数", f"{number('020001000001')},3"))
