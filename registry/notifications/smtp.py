"""Handing a message to the mail server, through Flask-Mailman."""

import smtplib
import ssl
from email.utils import formataddr
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import EmailMessage, Mail
from flask_mailman.backends.smtp import EmailBackend

from registry.config import Config
from registry.db import db
from registry.notifications.service import Letter, Refused, Unreachable
from registry.office.settings import office

mail = Mail()
TIMEOUT = 20
"""Seconds that one word of the mail server may take."""


class Backend(EmailBackend):
    """The library's SMTP, with the server's certificate checked after STARTTLS too (given no
    context, the standard library would take any), and the line hung up when something failed."""

    connection: smtplib.SMTP | None

    def send_messages(self, email_messages: Any) -> int:
        """Send them; an error leaves no connection open."""
        try:
            return int(super().send_messages(email_messages) or 0)
        except BaseException:
            if self.connection:
                self.connection.close()
                self.connection = None
            raise

    def open(self) -> bool:
        """Connect, go over to TLS where that is set, and sign in."""
        if self.connection:
            return False
        if self.use_ssl or not self.use_tls:
            return bool(super().open())
        connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout or TIMEOUT)
        self.connection = connection
        connection.starttls(context=self.tls_context())
        if self.username and self.password:
            connection.login(self.username, self.password)
        return True

    def tls_context(self) -> ssl.SSLContext:
        """What certificates are trusted: the system's authorities."""
        return ssl.create_default_context()


def configure(app: Flask, config: Config) -> None:
    """Set up Flask-Mailman from MUSUBI_SMTP_URL: smtp://user:password@host:port, smtps:// for TLS
    from the first word, smtp+starttls:// for going over to it."""
    url = urlsplit(config.smtp_url or "")
    app.config.update(
        MAIL_BACKEND=Backend if config.smtp_url else "dummy",
        MAIL_SERVER=url.hostname or "127.0.0.1",
        MAIL_PORT=url.port or _usual_port(url.scheme),
        MAIL_USERNAME=unquote(url.username) if url.username else None,
        MAIL_PASSWORD=unquote(url.password) if url.password else None,
        MAIL_USE_SSL=url.scheme == "smtps",
        MAIL_USE_TLS=url.scheme == "smtp+starttls",
        MAIL_TIMEOUT=TIMEOUT,
    )
    mail.init_app(app)


def _usual_port(scheme: str) -> int:
    return {"smtps": 465, "smtp+starttls": 587}.get(scheme, 25)


def sender() -> str:
    """From whom mails come: the name and address that the office set."""
    settings = office()
    db.session.rollback()  # nothing stays open while the mail server is waited for
    return formataddr((settings.sender_name, settings.sender_address))


def send(letter: Letter) -> None:
    """Send one letter. Raises Refused when the server will never take it, Unreachable when it
    takes nothing at all now, smtplib.SMTPException when it may take it later."""
    message = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=sender(),
        to=[letter.to_address],
        headers=_head(letter),
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _words in error.recipients.values()):
            raise Refused from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise Refused from error
        raise
    except (smtplib.SMTPSenderRefused, smtplib.SMTPHeloError, smtplib.SMTPNotSupportedError,
            smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError,
            smtplib.SMTPServerDisconnected) as error:  # fmt: skip
        raise Unreachable from error
    except OSError as error:
        if isinstance(error, smtplib.SMTPException):
            raise
        raise Unreachable from error


def _head(letter: Letter) -> dict[str, Any]:
    """The mail's further lines: no answering machine answers a machine (RFC 3834), and a
    newsletter can be ended by one press (RFC 8058)."""
    lines = {
        "Message-ID": letter.message_id,
        "Content-Language": letter.locale,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.unsubscribe_url:
        lines["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return lines
