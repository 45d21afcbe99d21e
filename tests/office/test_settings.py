"""The office's settings and the code lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from wtforms import ValidationError

from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db
from registry.office.forms import read_months, show_months
from registry.office.settings import Office, office
from tests.client import Client
from tests.factories.accounts import make_user


@pytest.fixture
def boss(client: Client) -> Client:
    return client.sign_in(make_user(Role.ADMINISTRATOR))


def test_every_setting_is_changed_shown_at_once_and_logged(boss: Client) -> None:
    answers = {
        "name": "海辺市",
        "section": "ものづくり課",
        "phone": "044-000-0000",
        "hours": "平日 9:00–17:00",
        "sender_name": "海辺市 ものづくり課",
        "sender_address": "monozukuri@umibe.example",
        "stale_days": "45",
        "answer_days": "10",
        "listing_days": "180",
        "strong_score": "80",
        "check_in_months": "12、3, 6",
    }

    page = boss.follow(boss.post("/admin/settings", answers, containing="sender_name"))

    assert "海辺市 ものづくり課" in page.reader.title
    assert office() == Office(
        name="海辺市",
        section="ものづくり課",
        phone="044-000-0000",
        hours="平日 9:00–17:00",
        sender_name="海辺市 ものづくり課",
        sender_address="monozukuri@umibe.example",
        stale_days=45,
        answer_days=10,
        listing_days=180,
        strong_score=80,
        check_in_months=(3, 6, 12),
    )
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).first()
    assert entry
    assert entry.action == "office.changed"
    assert {v.field: v.after for v in entry.values}["check_in_months"] == "3; 6; 12"


def test_saving_without_a_change_leaves_no_entry(boss: Client) -> None:
    boss.post("/admin/settings", containing="sender_name")

    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert "office.changed" not in actions


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "自治体の名前を入力"),
        ("name", "あ" * 41, "40 文字以内"),
        ("sender_address", "no address", "メールアドレスの形"),
        ("sender_address", "a@b\r\nBcc: c@d", "メールアドレスの形"),
        ("sender_name", "名前\nBcc: x@y", "制御文字"),
        ("stale_days", "0", "1 から 365"),
        ("stale_days", "九十", "数字で入力"),
        ("strong_score", "101", "0 から 100"),
        ("listing_days", "99999999999999999999", "1 から 1825"),
        ("check_in_months", "3と6", "「、」で区切って"),
        ("check_in_months", "0、3", "1 から 120"),
        ("check_in_months", "", "月を入力"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_field_and_stays_typed(
    boss: Client, field: str, value: str, message: str
) -> None:
    page = boss.post("/admin/settings", {field: value}, containing="sender_name", status=200)

    assert message in page.text
    typed = {f["name"]: f["value"] for f in page.form(containing="sender_name")["fields"]}
    assert typed[field].split() == value.split()
    assert office() == Office()


@given(st.lists(st.integers(1, 120), min_size=1, max_size=12, unique=True))
def test_months_read_back_as_they_are_shown(months: list[int]) -> None:
    ordered = tuple(sorted(months))

    assert read_months(show_months(tuple(months))) == ordered
    assert read_months(show_months(ordered)) == ordered


@given(st.text(max_size=30))
def test_any_text_is_read_as_months_or_refused(app_once: object, text: str) -> None:
    from flask import Flask

    assert isinstance(app_once, Flask)
    with app_once.test_request_context():
        try:
            months = read_months(text)
        except ValidationError:
            return
    assert list(months) == sorted(set(months))
    assert 1 <= months[0] <= months[-1] <= 120


def test_the_code_lists_are_searched_in_any_spelling(boss: Client) -> None:
    assert "金属製品製造業" in boss.get("/admin/code-lists/industries?q=２４").text
    assert "金属製品製造業" in boss.get("/admin/code-lists/industries?q=fabricated").text
    assert "神奈川県川崎市中原区" in boss.get("/admin/code-lists/municipalities?q=中原").text
    assert "141330" in boss.get("/admin/code-lists/municipalities?q=14133").text
    assert (
        "当てはまる分類はありません" in boss.get("/admin/code-lists/industries?q=存在しない").text
    )
    assert (
        "当てはまる市区町村はありません" in boss.get("/admin/code-lists/municipalities?q=zzz").text
    )
    assert boss.get("/admin/code-lists").has_link("日本標準産業分類")
