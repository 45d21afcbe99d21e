"""Mails of the room: in the reader's language, nothing of the matter in the subject."""

from collections.abc import Iterable

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.notifications.service import enqueue
from registry.organizations.models import Invitation, Organization
from registry.organizations.queries import MailAddress, addresses_of
from registry.web.i18n import pick


def tell_approved(organization: Organization) -> None:
    """The registration is approved."""
    for to in addresses_of(organization):
        with force_locale(to.locale):
            _send(
                to,
                "organization.approved",
                _("【結び】登録が承認されました"),
                _(
                    "「%(name)s」の登録が承認され、公開されました。",
                    name=pick(organization.name, organization.name_en),
                ),
                _("サインインすると、ニーズとシーズを登録できます。"),
            )


def tell_returned(organization: Organization) -> None:
    """The registration needs correction; with the reason."""
    for to in addresses_of(organization):
        with force_locale(to.locale):
            _send(
                to,
                "organization.returned",
                _("【結び】登録の内容を確かめてください"),
                _(
                    "「%(name)s」の登録を差し戻しました。",
                    name=pick(organization.name, organization.name_en),
                ),
                _("理由：%(reason)s", reason=organization.state_reason),
                _("サインインして「わが社のページ」で直し、もう一度提出してください。"),
            )


def tell_archived(organization: Organization) -> None:
    """The registration has ended; with the reason."""
    for to in addresses_of(organization):
        with force_locale(to.locale):
            _send(
                to,
                "organization.archived",
                _("【結び】登録を終了しました"),
                _(
                    "「%(name)s」の登録を終了しました。",
                    name=pick(organization.name, organization.name_en),
                ),
                _("理由：%(reason)s", reason=organization.state_reason),
            )


def tell_restored(organization: Organization) -> None:
    """The registration is in force again."""
    for to in addresses_of(organization):
        with force_locale(to.locale):
            _send(
                to,
                "organization.restored",
                _("【結び】登録を再開しました"),
                _(
                    "「%(name)s」の登録を再開しました。",
                    name=pick(organization.name, organization.name_en),
                ),
            )


def send_verification(invitation: Invitation, link: str) -> None:
    """To an applicant: prove that the address is yours. Holds nothing that was typed."""
    with force_locale(invitation.locale):
        _send(
            _to(invitation),
            "joining.verify",
            _("【結び】メールアドレスの確認"),
            _("参加の申込を受け付けました。次のページを開き、ボタンを押してください。"),
            link,
            _("リンクは 14 日間有効です。心当たりがなければ、このメールは捨ててください。"),
        )


def send_known_address(address: str, locale: str) -> None:
    """To somebody who applies with an address that has an account already."""
    with force_locale(locale):
        _send(
            MailAddress(address, locale, ""),
            "joining.known",
            _("【結び】すでに参加しています"),
            _("このメールアドレスには、すでにアカウントがあるか、申込が届いています。"),
            _(
                "アカウントがあれば、サインインするか、パスワードを再設定してください。申込には事務局が答えます。"
            ),
            _("心当たりがなければ、このメールは捨ててください。"),
        )


def send_invitation(invitation: Invitation, link: str) -> None:
    """The link by which the invited person makes an account."""
    with force_locale(invitation.locale):
        whose = (
            [
                _(
                    "所属：%(name)s",
                    name=pick(invitation.organization.name, invitation.organization.name_en),
                )
            ]
            if invitation.organization
            else []
        )
        _send(
            _to(invitation),
            "joining.invitation",
            _("【結び】参加の招待"),
            _("結び（企業・大学・支援制度を結ぶ登録簿）に招待されました。"),
            *whose,
            _("次のページで氏名とパスワードを決めると、参加できます。"),
            link,
            _("リンクは 14 日間有効です。心当たりがなければ、このメールは捨ててください。"),
        )


def send_declined(invitation: Invitation) -> None:
    """To an applicant whom the office does not accept; with the reason."""
    with force_locale(invitation.locale):
        _send(
            _to(invitation),
            "joining.declined",
            _("【結び】参加の申込について"),
            _("申し訳ありませんが、参加の申込をお受けできませんでした。"),
            _("理由：%(reason)s", reason=invitation.state_reason),
        )


def _to(invitation: Invitation) -> MailAddress:
    return MailAddress(invitation.email, invitation.locale, invitation.name)


def _send(to: MailAddress, kind: str, subject: str, *paragraphs: str) -> None:
    base_url = current_app.extensions["musubi_config"].base_url
    enqueue(
        address=to.address,
        locale=to.locale,
        kind=kind,
        subject=subject,
        body="\n\n".join(_without_empty([*paragraphs, f"―\n{_('結び')} {base_url}"])) + "\n",
    )


def _without_empty(paragraphs: Iterable[str]) -> list[str]:
    return [paragraph for paragraph in paragraphs if paragraph]
