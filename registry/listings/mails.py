"""What the organization hears about its listings by mail, each person in their language."""

from collections.abc import Callable

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.config import Config
from registry.listings.models import Listing
from registry.notifications.service import enqueue
from registry.office.settings import office
from registry.organizations.queries import addresses_of
from registry.web.i18n import day

Words = Callable[[], tuple[str, str]]
"""Gives subject and text in the language in force."""


def tell_published(listing: Listing) -> None:
    """The listing is on the list now."""
    _tell(
        listing,
        "listing.published",
        lambda: (
            _("案件 %(ref)s を公開しました", ref=listing.reference),
            _(
                "期限は %(until)s です。2 週間前にもう一度お知らせします。\n"
                "合いそうな相手が見つかったときは、担当者から連絡します。",
                until=day(listing.valid_until),
            ),
        ),
    )


def tell_returned(listing: Listing) -> None:
    """The office asks for a correction."""
    _tell(
        listing,
        "listing.returned",
        lambda: (
            _("案件 %(ref)s の手直しをお願いします", ref=listing.reference),
            _(
                "次の理由で差し戻しました。直して、もう一度出してください。\n\n%(reason)s",
                reason=listing.state_reason,
            ),
        ),
    )


def tell_expiring(listing: Listing) -> None:
    """The listing ends soon unless it is renewed."""
    _tell(
        listing,
        "listing.expiring",
        lambda: (
            _("案件 %(ref)s の期限が近づいています", ref=listing.reference),
            _(
                "%(until)s に期限が来て、一覧から外れます。"
                "まだ相手を探しているときは、下のページで期限を延ばしてください。",
                until=day(listing.valid_until),
            ),
        ),
    )


def _tell(listing: Listing, kind: str, words: Words) -> None:
    """One mail to each address of the organization, with the link to the listing."""
    config: Config = current_app.extensions["musubi_config"]
    link = f"{config.base_url}/listings/{listing.public_id}"
    settings = office()
    for to in addresses_of(listing.organization):
        with force_locale(to.locale):
            subject, text = words()
            greeting = _("%(name)s 様", name=to.name)
            what = _(
                "案件：%(reference)s %(title)s", reference=listing.reference, title=listing.title
            )
        body = f"{greeting}\n\n{text}\n\n{what}\n{link}\n\n{settings.name} {settings.section}\n"
        enqueue(address=to.address, locale=to.locale, kind=kind, subject=subject, body=body)
