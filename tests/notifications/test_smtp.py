"""Delivery to a real mail server on this machine: what it refuses, when it is slow, and TLS."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from flask_mailman import Mail

from registry.common.errors import DomainError
from registry.db import db, now, transaction
from registry.notifications import service, smtp
from registry.notifications.models import Delivery, Message
from registry.notifications.service import WAITS, deliver_due, enqueue

SETTINGS = ("MAIL_BACKEND", "MAIL_PORT", "MAIL_SERVER", "MAIL_USE_TLS", "MAIL_TIMEOUT")


class Server:
    """A mail server that answers as it is told, by the receiver's name."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.sessions = 0
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.stalls = False

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # type: ignore[no-untyped-def]  # noqa: N802
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # type: ignore[no-untyped-def]  # noqa: N802
        if refusal := self.rcpt.get(address.partition("@")[0]):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        if self.stalls:
            await asyncio.sleep(3)
        if refusal := self.data.get(envelope.rcpt_tos[0].partition("@")[0]):
            return refusal
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


Start = Callable[..., Server]


@pytest.fixture
def start(app: Flask) -> Iterator[Start]:
    """Starts a mail server, and tells the app of it; further values are the app's settings."""
    started: list[Controller] = []
    before = {name: app.config[name] for name in SETTINGS}

    def run(tls: ssl.SSLContext | None = None, **settings: object) -> Server:
        server = Server()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(
            server, hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=bool(tls)
        )
        controller.start()
        started.append(controller)
        app.config.update(
            {"MAIL_BACKEND": smtp.Backend, "MAIL_PORT": port, "MAIL_SERVER": "localhost"}
        )
        app.config.update(settings)
        Mail().init_app(app)
        return server

    yield run
    for controller in started:
        controller.stop()
    app.config.update(before)
    Mail().init_app(app)


def put(name: str = "hanako", **fields: Any) -> Message:
    values = {
        "address": f"{name}@test.example",
        "locale": "ja",
        "kind": "test",
        "subject": f"{name} へのお知らせ",
        "body": "本文",
    }
    with transaction():
        return enqueue(**{**values, **fields})


def state(message: Message) -> tuple[Delivery, int]:
    db.session.rollback()
    db.session.refresh(message)
    return message.state, message.attempts


def test_a_letter_refused_for_good_is_given_up_at_once_and_the_others_go(start: Start) -> None:
    server = start()
    server.rcpt = {"gone": "550 5.1.1 user unknown", "full": "452 4.2.2 mailbox full"}
    server.data = {"spam": "554 5.7.1 refused"}
    gone, full, spam, good = put("gone"), put("full"), put("spam"), put("good")

    assert deliver_due(smtp.send) == 1

    assert [mail["To"] for mail in server.mails] == ["good@test.example"]
    assert state(gone) == (Delivery.FAILED, 1)
    assert state(spam) == (Delivery.FAILED, 1)
    assert state(full) == (Delivery.WAITING, 1)
    assert state(good) == (Delivery.SENT, 1)
    assert gone.last_error.startswith("SMTPRecipientsRefused")
    assert "user unknown" in gone.last_error
    assert "554" in spam.last_error
    assert "mailbox full" in full.last_error


def test_intervals_grow_and_each_try_carries_the_same_message_id(start: Start) -> None:
    server = start()
    server.data = {"hanako": "451 4.3.0 try again later"}
    message = put()
    waits = []
    for _try in range(len(WAITS)):
        with transaction():
            message.send_after = now() - timedelta(seconds=1)
        before = now()
        deliver_due(smtp.send)
        assert state(message)[0] is Delivery.WAITING
        waits.append(round((message.send_after - before).total_seconds() / 60))
    assert waits == sorted(waits)
    assert waits == [round(wait.total_seconds() / 60) for wait in WAITS]

    server.data = {}
    with transaction():
        message.send_after = now()
    assert deliver_due(smtp.send) == 1
    assert server.mails[0]["Message-ID"] == message.message_id


def test_a_server_that_does_not_answer_ends_the_round(start: Start) -> None:
    server = start(MAIL_TIMEOUT=0.5)
    server.stalls = True
    first, second = put("first"), put("second")

    assert deliver_due(smtp.send) == 0

    assert state(first) == (Delivery.WAITING, 1)
    assert state(second) == (Delivery.WAITING, 0)
    assert "imeout" in first.last_error or "timed out" in first.last_error
    assert server.sessions == 1


def test_a_worker_that_dies_after_sending_repeats_the_mail_under_the_same_id(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    message = put()

    def die(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(service, "_mark", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(smtp.send)
    assert state(message) == (Delivery.WAITING, 1)
    assert deliver_due(smtp.send) == 0

    with transaction():
        message.send_after = now()
    assert deliver_due(smtp.send) == 1

    first, again = server.mails
    assert first["Message-ID"] == again["Message-ID"] == message.message_id
    assert first.get_content() == again.get_content()


def test_every_mail_says_that_a_machine_wrote_it_and_only_some_can_be_ended(start: Start) -> None:
    server = start()
    put("plain")
    url = "https://musubi.example/mail/unsubscribe/token"
    put("reader", unsubscribe_url=url)

    assert deliver_due(smtp.send) == 2

    plain, reader = server.mails
    assert {plain["Auto-Submitted"], reader["Auto-Submitted"]} == {"auto-generated"}
    assert (plain["List-Unsubscribe"], plain["List-Unsubscribe-Post"]) == (None, None)
    assert reader["List-Unsubscribe"] == f"<{url}>"
    assert reader["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plain["Message-ID"].endswith("@localhost>")


def test_a_mail_waits_for_its_hour(start: Start) -> None:
    server = start()
    put("later", not_before=now() + timedelta(hours=3))
    put("past", not_before=now() - timedelta(hours=3))

    assert deliver_due(smtp.send) == 1
    assert [mail["To"] for mail in server.mails] == ["past@test.example"]


def test_an_address_to_end_mails_cannot_change_the_head(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(DomainError):
        put(unsubscribe_url="https://musubi.example/\r\nBcc: x@evil.example")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_mail_goes_over_tls_to_a_server_that_is_vouched_for_and_to_no_other(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, private = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(public, private)
    server = start(tls, MAIL_USE_TLS=True)
    message = put()

    assert deliver_due(smtp.send) == 0
    assert state(message) == (Delivery.WAITING, 1)
    assert "certificate verify failed" in message.last_error.lower()
    assert server.mails == []

    trusted = ssl.create_default_context(cafile=str(public))
    monkeypatch.setattr(smtp.Backend, "tls_context", lambda _self: trusted)
    with transaction():
        message.send_after = now()
    assert deliver_due(smtp.send) == 1
    assert server.mails[0]["Message-ID"] == message.message_id
