"""The library's views change everything or nothing, and do not stand in each other's way."""

import threading

import pytest
from flask import Flask
from flask_security.core import _default_messages
from sqlalchemy import func, select

from registry.accounts.messages import MESSAGES
from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.audit.queries import verify
from registry.db import db
from registry.notifications.models import Message
from tests.client import PASSWORD, Client
from tests.factories.accounts import make_user

NEW = "かわさきの長い合い言葉"
UNUSED = (
    "CHANGE_EMAIL",
    "CODE_HAS",
    "CONFIRM",
    "EMAIL_ALREADY",
    "EMAIL_CONFIRMED",
    "ALREADY_CONFIRMED",
    "FAILED_TO_SEND",
    "GENERIC_US",
    "IDENTITY",
    "INVALID_CONFIRMATION",
    "INVALID_INPUT",
    "INVALID_LOGIN_TOKEN",
    "LOGIN_E",
    "OAUTH",
    "PASSWORDLESS",
    "PASSWORD_BREACHED",
    "PASSWORD_TOO_SIMPLE",
    "PHONE",
    "REFRESH_TOKEN",
    "US",
    "WEBAUTHN",
)
"""Beginnings of messages of parts that are switched off."""


def change(client: Client, *, status: int = 302) -> None:
    client.post(
        "/account/password",
        {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW},
        containing="new_password",
        status=status,
    )


def test_a_change_that_cannot_be_logged_does_not_happen(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    client.sign_in(user)
    stored, uniquifier = user.password, user.fs_uniquifier

    def refuse(**_kwargs: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr("registry.accounts.traces.record", refuse)
    change(client, status=500)

    db.session.expire_all()
    assert (user.password, user.fs_uniquifier) == (stored, uniquifier)
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_a_mail_that_cannot_be_written_undoes_the_change(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    client.sign_in(user)
    stored = user.password

    def refuse(**_kwargs: object) -> None:
        raise RuntimeError("no outbox")

    monkeypatch.setattr("registry.accounts.mails.enqueue", refuse)
    change(client, status=500)

    db.session.expire_all()
    assert user.password == stored
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert "user.password_changed" not in actions


def test_eight_people_change_their_passwords_at_once(app: Flask) -> None:
    people = [make_user() for _n in range(8)]
    browsers = [Client(app).sign_in(user) for user in people]
    db.session.rollback()
    start, failures = threading.Barrier(len(browsers)), []

    def work(browser: Client) -> None:
        try:
            start.wait()
            change(browser)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    db.session.rollback()
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions.count("user.password_changed") == 8
    assert len(set(db.session.scalars(select(User.fs_uniquifier)))) == 8
    assert verify().bad_position is None


def test_every_message_of_a_part_in_use_is_in_our_words(app: Flask) -> None:
    missing = [
        key for key in _default_messages if key not in MESSAGES and not key.startswith(UNUSED)
    ]

    assert missing == []
    with app.test_request_context("/?lang=ja"):
        plain = [key for key, (text, _tone) in MESSAGES.items() if str(text).isascii()]
    assert plain == []
