"""The mail of a check-in: a link, no word about the other side, and no title in its subject."""

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.cases.check_in_models import CheckIn
from registry.notifications.service import enqueue
from registry.notifications.times import morning
from registry.office.settings import office
from registry.organizations.queries import MailAddress, addresses_of
from registry.web.i18n import day, pick


def send_check_in(check: CheckIn, url: str, *, again: bool = False) -> int:
    """Ask every person of a party by a mail of his own; returns how many went out."""
    addresses = addresses_of(check.party.organization)
    for to in addresses:
        with force_locale(to.locale):
            _send(check, to, url, again)
    return len(addresses)


def _send(check: CheckIn, to: MailAddress, url: str, again: bool) -> None:
    desk, organization = office(), check.party.organization
    opening = (
        _("先日、その後の様子をお尋ねしました。行き違いでしたらお許しください。")
        if again
        else _("お引き合わせした件の、その後の様子をお聞かせください。")
    )
    body = _(
        "%(organization)s\n%(name)s 様\n\n"
        "%(opening)s\n\n"
        "件：%(reference)s（成立から %(months)s か月）\n\n"
        "次の画面で 1 つ選び、ボタンを押すだけです。開くだけでは返事になりません。\n\n"
        "%(url)s\n\n"
        "%(until)s まで、何度でも書き直せます。\n"
        "このリンクは貴社・貴団体だけのものです。ほかの方に転送しないでください。\n\n"
        "%(office)s %(section)s",
        organization=pick(organization.name, organization.name_en),
        name=to.name,
        opening=opening,
        reference=check.case.reference,
        months=check.months,
        url=url,
        until=day(check.answer_until),
        office=desk.name,
        section=desk.section,
    )
    enqueue(
        address=to.address,
        locale=to.locale,
        kind="check_in.reminder" if again else "check_in.request",
        subject=_(
            "その後の様子をお聞かせください（%(reference)s）", reference=check.case.reference
        ),
        body=body,
        about=f"case:{check.case.public_id}",
        not_before=morning(),
    )
