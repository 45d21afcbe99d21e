"""The library's mails, in our words and the receiver's language, through the outbox."""

from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security import MailUtil

from registry.accounts.links import absolute
from registry.accounts.models import User
from registry.db import transaction
from registry.notifications.service import enqueue
from registry.office.settings import office


class OutboxMail(MailUtil):
    """Flask-Security's mails go through our outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Write the mail into the outbox, within the view's transaction or in one of its own."""
        kind = template.rpartition("/")[2]
        if kind == "two_factor_rescue":
            write_to_office(kind, user=kwargs["user"])
        else:
            token = kwargs.get("reset_token")
            link = absolute(f"/reset-password/{token}") if token else ""
            write(kind, kwargs["user"], link=link)


def write(kind: str, user: User, **values: Any) -> None:
    """A mail of that kind to a user, in the user's language."""
    with transaction(), force_locale(user.locale):
        enqueue(
            address=user.email,
            locale=user.locale,
            kind=f"account.{kind}",
            subject=_subject(kind),
            body=_body(kind, user, **values),
        )


def write_to_office(kind: str, *, user: User) -> None:
    """Tell the office that somebody cannot sign in."""
    with transaction(), force_locale("ja"):
        enqueue(
            address=office().sender_address,
            locale="ja",
            kind=f"account.{kind}",
            subject=_subject(kind),
            body=_body(kind, user),
        )


def _body(kind: str, user: User, **values: Any) -> str:
    return render_template(
        f"security/email/{kind}.txt",
        user=user,
        office=office(),
        forgotten=absolute("/reset-password"),
        profile=absolute("/account"),
        **values,
    )


def _subject(kind: str) -> str:
    """Without anything secret: subjects are read by many machines."""
    subjects = {
        "reset_instructions": _("パスワードの設定"),
        "reset_notice": _("パスワードが設定されました"),
        "change_notice": _("パスワードが変わりました"),
        "second_factor_set": _("二段階認証が設定されました"),
        "second_factor_removed": _("二段階認証が解かれました"),
        "two_factor_rescue": _("サインインできないという連絡"),
    }
    return _("【結び】%(subject)s", subject=subjects[kind])
