"""The administrator's view of the outbox."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.config import Config
from registry.db import db, transaction
from registry.notifications.models import Delivery, Message
from registry.notifications.service import enqueue
from tests.client import Client
from tests.factories.accounts import make_user


@pytest.fixture
def boss(client: Client) -> Client:
    return client.sign_in(make_user(Role.ADMINISTRATOR))


def put(subject: str = "招待", state: Delivery = Delivery.WAITING, error: str = "") -> Message:
    with transaction():
        message = enqueue(
            address="hanako@test.example",
            locale="ja",
            kind="test",
            subject=subject,
            body="秘密のリンク http://localhost/invitation/abc <script>alert(1)</script>",
        )
        message.state, message.last_error = state, error
        return message


def test_mails_are_listed_by_state_with_their_failures(boss: Client) -> None:
    put("待っている")
    put("だめだった", Delivery.FAILED, "SMTPServerDisconnected: gone")

    page = boss.get("/admin/outbox?state=failed")

    assert ("だめだった" in page.text, "待っている" in page.text) == (True, False)
    assert "SMTPServerDisconnected" in page.text
    assert "待っている" in boss.get("/admin/outbox?address=hanako").text
    assert "当てはまるメールはありません" in boss.get("/admin/outbox?address=nobody").text
    assert "送れなかったメールが 1 通" in boss.get("/admin").text
    assert boss.get("/admin/outbox?state=nonsense").status == 200


def test_a_failed_mail_is_sent_again_by_a_button(boss: Client) -> None:
    message = put("だめだった", Delivery.FAILED, "gone")
    address = f"/admin/outbox/{message.public_id}"

    page = boss.follow(boss.post(f"{address}/retry", at=address, action="retry"))

    assert "送る列に入れました" in page.text
    db.session.refresh(message)
    assert (message.state, message.attempts) == (Delivery.WAITING, 0)
    assert "message.retried" in db.session.scalars(select(AuditEntry.action)).all()


def test_a_mails_text_is_read_in_demo_mode_only(boss: Client, config: Config) -> None:
    message = put()
    address = f"/admin/outbox/{message.public_id}"

    page = boss.get(address)
    assert "秘密のリンク" in page.text
    assert "<script>alert" not in page.html
    assert page.link("http://localhost/invitation/abc")

    boss.app.extensions["musubi_config"] = replace(config, demo=False)
    try:
        page = boss.get(address)
    finally:
        boss.app.extensions["musubi_config"] = config
    assert "秘密" not in page.html
    assert "招待" in page.text
    boss.get("/admin/outbox/nothing", status=404)
