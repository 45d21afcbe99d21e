"""Handing a message to the mail server, through Flask-Mailman."""

from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail

from registry.config import Config
from registry.notifications.models import Message

mail = Mail()


def configure(app: Flask, config: Config, sender: str) -> None:
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
        MAIL_DEFAULT_SENDER=sender,
    )
    mail.init_app(app)


def send(message: Message) -> None:
    """Send one message. Raises OSError or smtplib.SMTPException."""
    EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=current_app.config["MAIL_DEFAULT_SENDER"],
        to=[message.to_address],
        headers={"Message-ID": message.message_id, "Content-Language": message.locale},
    ).send()
