"""The outbox, delivered to a real mail server on this machine."""

import email
import email.policy
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask_mailman import Mail
from sqlalchemy import select

from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM
from registry.db import db, now, transaction
from registry.notifications import service, smtp
from registry.notifications.models import Delivery, Message
from registry.notifications.service import LAST_ATTEMPT, Letter, deliver_due, enqueue
from registry.office import settings

SUBJECT = "【結び】髙﨑製作所の「めっき①」に新しい候補があります"
BODY = (
    "お世話になります。\n\n.点で始まる行\nFrom ここから\nhttps://musubi.example/x?a=b&c=d\n"
    + "長" * 1200
)


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(self, _server, _session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), parsed))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    """A mail server, and the app told of it."""
    box = Inbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    before = dict(app.config)
    app.config.update(MAIL_BACKEND="smtp", MAIL_PORT=controller.port, MAIL_SERVER="127.0.0.1")
    Mail().init_app(app)
    yield box
    controller.stop()
    app.config.update({name: before[name] for name in ("MAIL_BACKEND", "MAIL_PORT", "MAIL_SERVER")})
    Mail().init_app(app)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def put(**fields: str) -> Message:
    values = {
        "address": "hanako@test.example",
        "locale": "ja",
        "kind": "test",
        "subject": SUBJECT,
        "body": BODY,
    }
    with transaction():
        return enqueue(**{**values, **fields})


def make_due(message: Message) -> None:
    with transaction():
        message.send_after = now() - timedelta(seconds=1)


def fail(_letter: Letter) -> None:
    raise ConnectionRefusedError(111, "Connection refused")


def test_a_japanese_mail_arrives_as_it_was_written(app: Flask, inbox: Inbox) -> None:
    office = settings.Office(sender_name="みなと市 産業振興課", sender_address="m@minato.example")
    with transaction():
        settings.change(office, viewer=SYSTEM)
    message = put()

    assert deliver_due(smtp.send) == 1

    ((sender, receivers, mail),) = inbox.mails
    assert (sender, receivers) == ("m@minato.example", ["hanako@test.example"])
    assert mail["Subject"].strip() == SUBJECT  # the fold before a long first word is white space
    assert mail["From"].addresses[0].display_name == "みなと市 産業振興課"
    assert mail["From"].addresses[0].addr_spec == "m@minato.example"
    assert mail["To"] == "hanako@test.example"
    assert mail["Message-ID"] == message.message_id
    assert mail["Content-Language"] == "ja"
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == BODY
    db.session.refresh(message)
    assert (message.state, message.attempts, message.last_error) == (Delivery.SENT, 1, "")
    assert message.sent_at
    assert deliver_due(smtp.send) == 0


def test_a_refused_connection_is_tried_again_with_the_same_message_id(
    app: Flask, inbox: Inbox
) -> None:
    message = put()
    port = app.config["MAIL_PORT"]
    app.extensions["mailman"].port = free_port()
    try:
        assert deliver_due(smtp.send) == 0
    finally:
        app.extensions["mailman"].port = port
    db.session.refresh(message)
    assert message.state is Delivery.WAITING
    assert message.last_error.startswith("ConnectionRefusedError")
    assert message.send_after > now() + timedelta(minutes=1)
    assert deliver_due(smtp.send) == 0

    make_due(message)
    assert deliver_due(smtp.send) == 1

    ((_sender, _receivers, mail),) = inbox.mails
    assert mail["Message-ID"] == message.message_id


def test_after_eight_failures_an_administrator_has_to_look_and_may_retry(app: Flask) -> None:
    message = put()
    for _n in range(LAST_ATTEMPT):
        make_due(message)
        deliver_due(fail)
    db.session.refresh(message)
    assert (message.state, message.attempts) == (Delivery.FAILED, LAST_ATTEMPT)
    assert deliver_due(fail) == 0

    with transaction():
        service.retry(message, viewer=SYSTEM)
    sent: list[Letter] = []
    assert deliver_due(sent.append) == 1
    with pytest.raises(DomainError), app.test_request_context(), transaction():
        service.retry(message, viewer=SYSTEM)


def test_one_bad_message_does_not_stop_those_behind_it(app: Flask) -> None:
    bad, good = put(subject="悪い"), put(subject="よい")
    sent = []

    def send(letter: Letter) -> None:
        if letter.subject == "悪い":
            raise UnicodeEncodeError("ascii", "x", 0, 1, "cannot")
        sent.append(letter.subject)

    assert deliver_due(send) == 1
    assert sent == ["よい"]
    db.session.refresh(bad)
    db.session.refresh(good)
    assert (bad.state, good.state) == (Delivery.WAITING, Delivery.SENT)
    assert bad.last_error.startswith("UnicodeEncodeError")


def test_a_worker_that_dies_leaves_the_message_to_the_next_one_after_the_lease(app: Flask) -> None:
    message = put()

    def die(_letter: Letter) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(die)
    sent: list[Letter] = []
    assert deliver_due(sent.append) == 0
    make_due(message)
    assert deliver_due(sent.append) == 1
    assert sent[0].message_id == message.message_id


def test_nobody_waits_for_a_slow_mail_server(app: Flask) -> None:
    """While a letter is on its way, others may write: no transaction is open."""
    put()
    wrote = []

    def slow(_letter: Letter) -> None:
        def write() -> None:
            with app.app_context():
                put(subject="その間に書かれた")
                wrote.append(True)

        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=5)

    deliver_due(slow, limit=1)

    assert wrote == [True]


def test_two_workers_send_each_message_once(app: Flask) -> None:
    for number in range(30):
        put(subject=f"番号 {number}")
    sent: list[str] = []
    failures: list[BaseException] = []
    start = threading.Barrier(3)

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                deliver_due(lambda letter: sent.append(letter.subject))
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert sorted(sent) == sorted(f"番号 {number}" for number in range(30))
    db.session.rollback()
    states = db.session.scalars(select(Message.state)).all()
    assert states == [Delivery.SENT] * 30


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (field, value)
        for field, values in {
            "subject": [
                "件名\r\nBcc: x@evil.example",
                "件名\nX: y",
                "件名\rX: y",
                "件名\0",
                "件名\u2028X",
                "件名\x0bX",
                "件名\x85X",
            ],
            "address": [
                "a@b.example\r\nBcc: x@evil.example",
                "a@b.example, x@evil.example",
                "a@b.example;x@evil.example",
                "a@b.example x@evil.example",
                "<a@b.example>",
                "a@b@c.example",
                "名前 <a@b.example>",
                "nobody",
                "a@b.example\u3000x",
                "",
            ],
        }.items()
        for value in values
    ],
    ids=ascii,
)
def test_what_would_change_a_mails_head_is_refused(app: Flask, field: str, value: str) -> None:
    with app.test_request_context(), pytest.raises(DomainError):
        put(**{field: value})

    assert db.session.scalars(select(Message)).all() == []


def test_a_body_cannot_change_the_head(app: Flask, inbox: Inbox) -> None:
    put(body="本文\r\n\r\nBcc: x@evil.example\r\n.\r\nMAIL FROM:<x@evil.example>\r\n", locale="en")

    assert deliver_due(smtp.send) == 1

    ((_sender, receivers, mail),) = inbox.mails
    assert receivers == ["hanako@test.example"]
    assert mail["Bcc"] is None
    assert "MAIL FROM" in mail.get_content()


def test_a_server_that_refuses_the_receiver_counts_as_a_failure(app: Flask) -> None:
    message = put()

    def refuse(_letter: Letter) -> None:
        raise smtplib.SMTPRecipientsRefused({"hanako@test.example": (550, b"no such user")})

    deliver_due(refuse)

    db.session.refresh(message)
    assert "550" in message.last_error
