"""Handing a message to the mail server, through Flask-Mailman."""

from email.utils import formataddr
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import EmailMessage, Mail

from registry.config import Config
from registry.db import db
from registry.notifications.service import Letter
from registry.office.settings import office

mail = Mail()


def configure(app: Flask, config: Config) -> None:
    """Set up Flask-Mailman from MUSUBI_SMTP_URL (smtp://user:password@host:port, smtps for TLS)."""
    url = urlsplit(config.smtp_url or "")
    app.config.update(
        MAIL_BACKEND="smtp" if config.smtp_url else "dummy",
        MAIL_SERVER=url.hostname or "127.0.0.1",
        MAIL_PORT=url.port or 25,
        MAIL_USERNAME=unquote(url.username) if url.username else None,
        MAIL_PASSWORD=unquote(url.password) if url.password else None,
        MAIL_USE_SSL=url.scheme == "smtps",
        MAIL_USE_TLS=url.scheme == "smtp+starttls",
        MAIL_TIMEOUT=20,
    )
    mail.init_app(app)


def sender() -> str:
    """From whom mails come: the name and address that the office set."""
    settings = office()
    db.session.rollback()  # nothing stays open while the mail server is waited for
    return formataddr((settings.sender_name, settings.sender_address))


def send(letter: Letter) -> None:
    """Send one letter. Raises OSError or smtplib.SMTPException when it is not taken."""
    EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=sender(),
        to=[letter.to_address],
        headers={"Message-ID": letter.message_id, "Content-Language": letter.locale},
    ).send()
