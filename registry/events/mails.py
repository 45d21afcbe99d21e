"""Mails of the room: in the reader's language, nothing of the matter in the subject."""

from collections.abc import Callable

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.events.labels import when
from registry.events.models import Edition, Exhibit, Registration, RegistrationState
from registry.notifications.service import enqueue
from registry.organizations.models import Organization
from registry.organizations.queries import addresses_of
from registry.web.i18n import pick

Lines = Callable[[], list[str]]
"""Makes the lines of a mail in the language in force."""


def tell_registered(registration: Registration) -> None:
    """The registration is in, or waits for a place."""

    def lines() -> list[str]:
        if registration.state is RegistrationState.WAITING:
            return [
                _("定員に達しているため、キャンセル待ちとして受け付けました。"),
                _("席が空いたときは、メールで知らせます。"),
            ]
        return [_("参加の申込を受け付けました。")]

    _tell_registration(registration, "registration.made", lines)


def tell_moved_up(registration: Registration) -> None:
    """A place is free now."""
    _tell_registration(
        registration,
        "registration.moved_up",
        lambda: [_("席が空いたので、キャンセル待ちから参加の申込になりました。")],
    )


def tell_cancelled(registration: Registration) -> None:
    """The registration was taken back."""
    _tell_registration(
        registration, "registration.cancelled", lambda: [_("参加の申込を取り消しました。")]
    )


def tell_edition_cancelled(registration: Registration) -> None:
    """The edition will not be held; with the reason."""
    reason = registration.edition.state_reason
    _tell_registration(
        registration,
        "edition.cancelled",
        lambda: [_("このイベントは中止になりました。"), _("理由：%(reason)s", reason=reason)],
    )


def tell_exhibit(exhibit: Exhibit, *, accepted: bool) -> None:
    """An application to exhibit was answered."""

    def lines() -> list[str]:
        if accepted:
            return [_("出展の申込を承認しました。")]
        return [
            _("出展の申込は、お受けできませんでした。"),
            _("理由：%(reason)s", reason=exhibit.cancel_reason),
        ]

    _send(exhibit.organization, exhibit.edition, "exhibit.answered", lines)


def _tell_registration(registration: Registration, kind: str, lines: Lines) -> None:
    def whole() -> list[str]:
        return [*lines(), _("人数：%(people)s 人", people=registration.people)]

    _send(registration.organization, registration.edition, kind, whole)


def _send(organization: Organization, edition: Edition, kind: str, lines: Lines) -> None:
    base_url = current_app.extensions["musubi_config"].base_url
    for to in addresses_of(organization):
        with force_locale(to.locale):
            name = pick(organization.name, organization.name_en)
            text = [
                _("%(name)s 様", name=to.name or name),
                "",
                *lines(),
                _("イベント：%(title)s", title=pick(edition.title, edition.title_en)),
                _("日程：%(days)s", days=when(edition)),
                _("企業・団体：%(name)s", name=name),
                f"{base_url}/editions/{edition.public_id}",
            ]
            enqueue(
                address=to.address,
                locale=to.locale,
                kind=kind,
                subject=_("【結び】イベントの申込についてのお知らせ"),
                body="\n".join(text),
            )
