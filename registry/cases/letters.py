"""Mails of an introduction. None holds a word about the other side: links lead to what may be said."""

from collections.abc import Callable

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.cases.models import Case, Party
from registry.notifications.service import enqueue
from registry.notifications.times import morning
from registry.office.settings import office
from registry.organizations.queries import MailAddress, addresses_of
from registry.web.i18n import day, pick

MakeLink = Callable[[str], str]
"""Gives the address of a page: from a token, or from a case's public id."""


def send_request(party: Party, url: str) -> int:
    """Ask every person of a party by a mail of his own; returns how many went out."""
    addresses = addresses_of(party.organization)
    for to in addresses:
        with force_locale(to.locale):
            _request(party, to, url)
    return len(addresses)


def tell_of_consent(parties: list[Party], case: Case, link: MakeLink) -> None:
    """Tell those who agreed that names and contacts now stand on their case page."""
    for party in parties:
        for to in addresses_of(party.organization):
            with force_locale(to.locale):
                _agreed(party, to, case, link(case.public_id))


def send_reminder(party: Party, url: str) -> int:
    """Remind every person of a party once; returns how many mails went out."""
    return _each(party, url, "introduction.reminder", _reminder_words)


def send_last_call(party: Party, url: str) -> int:
    """Tell every person of a party that the last day is near; returns how many mails went out."""
    return _each(party, url, "introduction.last_call", _last_call_words)


def send_words(party: Party) -> int:
    """The office's words to every person of a party; returns how many mails went out."""
    desk, addresses = office(), addresses_of(party.organization)
    for to in addresses:
        with force_locale(to.locale):
            enqueue(
                address=to.address,
                locale=to.locale,
                kind="introduction.words",
                subject=_("お引き合わせのご相談について（%(reference)s）",
                          reference=party.case.reference),
                body=_(
                    "%(organization)s\n%(name)s 様\n\n"
                    "お引き合わせのご相談（%(reference)s）について、担当者からのことばです。\n\n"
                    "%(words)s\n\n%(office)s %(section)s",
                    organization=pick(party.organization.name, party.organization.name_en),
                    name=to.name,
                    reference=party.case.reference,
                    words=party.words,
                    office=desk.name,
                    section=desk.section,
                ),
                about=f"party:{party.public_id}",
            )  # fmt: skip
    return len(addresses)


def _reminder_words(party: Party) -> tuple[str, str]:
    return (
        _("お返事をお待ちしています（%(reference)s）", reference=party.case.reference),
        _("先日お送りしたお引き合わせのご相談（%(reference)s）に、まだお返事をいただいていません。",
          reference=party.case.reference),
    )  # fmt: skip


def _last_call_words(party: Party) -> tuple[str, str]:
    return (
        _("お返事の期限が近づいています（%(reference)s）", reference=party.case.reference),
        _("お引き合わせのご相談（%(reference)s）のお返事の期限が近づいています。"
          "過ぎると、このご相談はいったん終わりになります。",
          reference=party.case.reference),
    )  # fmt: skip


def _each(party: Party, url: str, kind: str, words: Callable[[Party], tuple[str, str]]) -> int:
    """A mail with the party's link to each of its people, in the morning."""
    desk, addresses = office(), addresses_of(party.organization)
    for to in addresses:
        with force_locale(to.locale):
            subject, opening = words(party)
            enqueue(
                address=to.address,
                locale=to.locale,
                kind=kind,
                subject=subject,
                body=_(
                    "%(organization)s\n%(name)s 様\n\n%(opening)s\n"
                    "次の画面で内容を読み、承諾か辞退をお知らせください。開くだけでは返事になりません。"
                    "前にお送りしたリンクも、そのまま使えます。\n\n"
                    "%(url)s\n\n"
                    "返事の期限：%(until)s\n"
                    "双方の承諾がそろうまで、互いの名称と連絡先は伝わりません。\n"
                    "電話などでお返事くださったときは、行き違いですのでご容赦ください。\n\n"
                    "%(office)s %(section)s",
                    organization=pick(party.organization.name, party.organization.name_en),
                    name=to.name,
                    opening=opening,
                    url=url,
                    until=day(party.answer_until),
                    office=desk.name,
                    section=desk.section,
                ),
                about=f"party:{party.public_id}",
                not_before=morning(),
            )
    return len(addresses)


def _request(party: Party, to: MailAddress, url: str) -> None:
    desk = office()
    body = _(
        "%(organization)s\n%(name)s 様\n\n"
        "貴社・貴団体にお引き合わせしたい相手がいます（%(reference)s）。\n"
        "次の画面で内容を読み、承諾か辞退をお知らせください。開くだけでは返事になりません。\n\n"
        "%(url)s\n\n"
        "返事の期限：%(until)s\n"
        "双方の承諾がそろうまで、互いの名称と連絡先は伝わりません。\n"
        "このリンクは貴社・貴団体だけのものです。ほかの方に転送しないでください。\n\n"
        "%(office)s %(section)s",
        organization=pick(party.organization.name, party.organization.name_en),
        name=to.name,
        reference=party.case.reference,
        url=url,
        until=day(party.answer_until),
        office=desk.name,
        section=desk.section,
    )
    enqueue(
        address=to.address,
        locale=to.locale,
        kind="introduction.request",
        subject=_("お引き合わせのご相談（%(reference)s）", reference=party.case.reference),
        body=body,
        about=f"party:{party.public_id}",
    )


def _agreed(party: Party, to: MailAddress, case: Case, url: str) -> None:
    desk = office()
    body = _(
        "%(organization)s\n%(name)s 様\n\n"
        "双方の承諾がそろいました（%(reference)s）。\n"
        "サインインすると、次の画面で相手の名称と連絡先をご覧になれます。\n\n"
        "%(url)s\n\n"
        "サインインをお使いでないときは、担当者からお知らせします。\n\n"
        "%(office)s %(section)s",
        organization=pick(party.organization.name, party.organization.name_en),
        name=to.name,
        reference=case.reference,
        url=url,
        office=desk.name,
        section=desk.section,
    )
    enqueue(
        address=to.address,
        locale=to.locale,
        kind="introduction.agreed",
        subject=_("承諾がそろいました（%(reference)s）", reference=case.reference),
        body=body,
    )
