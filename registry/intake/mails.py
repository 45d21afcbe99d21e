"""Mails of the room: the subject names a number only; nothing of the matter stands in it."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.accounts.models import User
from registry.intake.models import Enquiry, Survey, SurveyCopy
from registry.notifications.service import enqueue
from registry.organizations.queries import addresses_of
from registry.web.i18n import day


def send_verification(enquiry: Enquiry, link: str) -> None:
    """To a visitor: prove that the address is yours. Holds nothing that was typed."""
    with force_locale(enquiry.locale):
        _send(
            enquiry.email,
            enquiry.locale,
            "intake.verify",
            _("【結び】メールアドレスの確認"),
            _("次のページを開き、ボタンを押すと、お問い合わせが事務局に届きます。"),
            link,
            _("心当たりがなければ、このメールは捨ててください。何も届きません。"),
        )


def send_receipt(enquiry: Enquiry) -> None:
    """To who asked: the number under which it is kept."""
    with force_locale(enquiry.locale):
        due = day(enquiry.due_on)
        _send(
            enquiry.email,
            enquiry.locale,
            "intake.received",
            _("【結び】受付番号 %(reference)s", reference=enquiry.reference),
            _(
                "お問い合わせを受け付けました。受付番号は %(reference)s です。",
                reference=enquiry.reference,
            ),
            _("%(day)sまでにお答えします。", day=due) if due else "",
        )


def tell_handler(enquiry: Enquiry, handler: User, link: str) -> None:
    """To who is to answer: a number and a link."""
    with force_locale(handler.locale):
        _send(
            handler.email,
            handler.locale,
            "intake.routed",
            _("【結び】お問い合わせが届いています（%(reference)s）", reference=enquiry.reference),
            _("あなたの担当のお問い合わせがあります。次のページで読み、答えてください。"),
            link,
        )


def tell_addressee(enquiry: Enquiry, link: str) -> None:
    """To the members of the organization that is asked."""
    if enquiry.addressee is None:
        return
    for to in addresses_of(enquiry.addressee):
        with force_locale(to.locale):
            _send(
                to.address,
                to.locale,
                "intake.requested",
                _("【結び】依頼が届いています（%(reference)s）", reference=enquiry.reference),
                _(
                    "貴社への依頼・お問い合わせがあります。サインインして、次のページで読み、答えてください。"
                ),
                link,
            )


def send_answer(enquiry: Enquiry, text: str) -> None:
    """To who asked: the answer itself."""
    with force_locale(enquiry.locale):
        _send(
            enquiry.email,
            enquiry.locale,
            "intake.answered",
            _("【結び】受付番号 %(reference)s へのお答え", reference=enquiry.reference),
            _(
                "お問い合わせ（受付番号 %(reference)s）にお答えします。",
                reference=enquiry.reference,
            ),
            text,
        )


def send_survey(copy: SurveyCopy, survey: Survey, link: str) -> int:
    """The survey's link to an organization's members or contacts. Return how many mails went out;
    the link is the same for all of them."""
    found = addresses_of(copy.organization)
    for to in found:
        with force_locale(to.locale):
            _send(
                to.address,
                to.locale,
                "survey.sent",
                _("【結び】アンケートのお願い"),
                _("「%(title)s」にご協力ください。サインインは要りません。", title=survey.title),
                link,
                _("%(day)sまでにお答えください。", day=day(survey.closes_on)),
            )
    return len(found)


def _send(address: str, locale: str, kind: str, subject: str, *paragraphs: str) -> None:
    base_url = current_app.extensions["musubi_config"].base_url
    parts = [*filter(None, paragraphs), f"―\n{_('結び')} {base_url}"]
    body = "\n\n".join(parts) + "\n"
    enqueue(address=address, locale=locale, kind=kind, subject=subject, body=body)
