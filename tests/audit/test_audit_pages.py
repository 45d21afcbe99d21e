"""The pages of the log."""

import pytest
from sqlalchemy import text

from registry.audit.erasure import erase_values
from registry.audit.queries import verify
from registry.audit.service import record
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of


@pytest.fixture
def boss(client: Client) -> Client:
    return client.sign_in(make_user(Role.ADMINISTRATOR, name="管理 一郎"))


def test_the_log_is_filtered_and_an_entry_shows_before_and_after(boss: Client) -> None:
    author = make_user(name="書いた人")
    with transaction():
        record(
            actor=viewer_of(author),
            action="listing.changed",
            subject="listing:abc",
            changes={"title": ("前の件名 <b>", "後の件名"), "same": (1, 1)},
        )
        record(actor=SYSTEM, action="listing.closed", subject="listing:xyz")

    page = boss.get("/admin/audit?action=listing")
    assert ("書いた人" in page.text, "案件 xyz" in page.text) == (True, True)
    page = boss.get(f"/admin/audit?actor={author.public_id}")
    assert ("案件 abc" in page.text, "案件 xyz" in page.text) == (True, False)
    assert "案件 abc" not in boss.get("/admin/audit?subject=xyz").text
    assert "当てはまる記録はありません" in boss.get("/admin/audit?subject=%25").text

    entry = boss.get(boss.get("/admin/audit?subject=listing:abc").link("2"))
    assert "案件：変えた" in entry.text
    assert "listing.changed" in entry.text
    assert "前の件名 <b>" in entry.text
    assert "後の件名" in entry.text
    assert "same" not in entry.text
    boss.get("/admin/audit/999", status=404)


def test_the_button_says_whether_the_chain_is_whole(boss: Client) -> None:
    with transaction():
        record(actor=SYSTEM, action="x.made", subject="x:1", changes={"name": (None, "あ")})

    assert (
        "書き換えも抜けもありません"
        in boss.post("/admin/audit/check", at="/admin/audit", action="check", status=200).text
    )

    db.session.rollback()
    with transaction():
        db.session.execute(text("UPDATE audit_values SET after = 'い' WHERE after = 'あ'"))
    page = boss.post("/admin/audit/check", at="/admin/audit", action="check", status=200)
    assert "記録 2 に問題があります" in page.text
    assert "値が書き換えられています" in page.text


def test_an_erased_value_shows_as_erased_and_keeps_the_chain(boss: Client) -> None:
    with transaction():
        record(
            actor=SYSTEM,
            action="contact.made",
            subject="contact:1",
            changes={"name": (None, "山田 花子"), "role": (None, "部長")},
        )
    with transaction():
        assert erase_values("contact:1", {"name"}, viewer=SYSTEM) == 1

    assert verify().bad_position is None
    page = boss.get("/admin/audit/2")
    assert "山田 花子" not in page.html
    assert "消去済み" in page.text
    assert "部長" in page.text
