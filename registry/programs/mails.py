"""Mails of the room: in the reader's language, nothing of the matter in the subject."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.notifications.service import enqueue
from registry.organizations.queries import MailAddress, addresses_of
from registry.programs.kinds import EnrolmentState
from registry.programs.models import Enrolment
from registry.web.i18n import pick


def tell_received(row: Enrolment) -> None:
    """The application came in."""
    for to in addresses_of(row.organization):
        with force_locale(to.locale):
            _send(
                to,
                "application.received",
                _("【結び】申込を受け付けました"),
                _name(row),
                _("結果は、決まりしだいお知らせします。サインインすると、申込の内容を見られます。"),
            )


def tell_decided(row: Enrolment) -> None:
    """The decision, with its reason."""
    accepted = row.state is EnrolmentState.ACCEPTED
    for to in addresses_of(row.organization):
        with force_locale(to.locale):
            _send(
                to,
                "application.decided",
                _("【結び】申込の結果をお知らせします"),
                _name(row),
                _("申込は採択されました。") if accepted else _("申込は不採択となりました。"),
                _("理由：%(reason)s", reason=row.decision_reason) if row.decision_reason else "",
                _("サインインすると、くわしい内容を見られます。"),
            )


def tell_decision_undone(row: Enrolment) -> None:
    """The decision was a mistake."""
    for to in addresses_of(row.organization):
        with force_locale(to.locale):
            _send(
                to,
                "application.undone",
                _("【結び】先にお知らせした結果を取り消します"),
                _name(row),
                _("先にお知らせした申込の結果は誤りでした。あらためてお知らせします。"),
            )


def _name(row: Enrolment) -> str:
    call = row.call
    words = pick(call.title, call.title_en) if call else ""
    return words or pick(row.program.title, row.program.title_en)


def _send(to: MailAddress, kind: str, subject: str, *paragraphs: str) -> None:
    base_url = current_app.extensions["musubi_config"].base_url
    parts = [*filter(None, paragraphs), f"―\n{_('結び')} {base_url}"]
    body = "\n\n".join(parts) + "\n"
    enqueue(address=to.address, locale=to.locale, kind=kind, subject=subject, body=body)
