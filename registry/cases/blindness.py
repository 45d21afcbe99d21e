"""Texts that the other side may read before consent: nothing in them may name anybody."""

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.cases.listing_models import CaseListing, further_of
from registry.cases.models import Case, Party, Side
from registry.common.errors import DomainError
from registry.common.folding import fold, fold_name
from registry.listings.labels import CATEGORIES
from registry.listings.models import Listing
from registry.organizations.blind import blind_line
from registry.organizations.models import Organization
from registry.web.i18n import listed

SHORTEST = 3
"""Folded names shorter than this would hit by chance."""


def default_blind_summary(listing: Listing) -> str:
    """Category and keywords of a listing, without the words that name its owner."""
    words = [word for word in listing.keywords if not names_somebody(word, listing.organization)]
    with force_locale("ja"):
        category = str(CATEGORIES[listing.category])
    return f"{category}：{'、'.join(words)}" if words else category


def names_somebody(text: str, organization: Organization) -> bool:
    """Whether a text holds a name, address or number by which the organization is known.

    Compared in folded form, so that width, kana and spaces do not hide a name.
    """
    flat, named = fold(text).replace(" ", ""), fold_name(text)
    return any(
        len(key) >= SHORTEST and (key in flat or key in named) for key in _known_by(organization)
    )


def refuse_identifying(text: str, organization: Organization, field: str) -> None:
    """Raises DomainError at the field when the text names the organization or one of its people."""
    if names_somebody(text, organization):
        raise DomainError(
            _(
                "この紹介文は承諾の前に相手が読みます。「%(name)s」の名称や連絡先を除いてください。",
                name=organization.name,
            ),
            field=field,
        )


def blind_field(party: Party) -> str:
    """What kind of organization a party is: industry, ward and size band."""
    hide = any(listing.hide_place for listing in listings_of(party))
    return blind_line(party.organization, hide_place=hide)


def category_of(party: Party) -> str:
    """The categories of the listings by which the party came in; empty without one."""
    found = dict.fromkeys(str(CATEGORIES[one.category]) for one in listings_of(party))
    return listed(list(found))


def blind_summary(party: Party) -> str:
    """What staff wrote about the party for the others: of its side's main listing, unless that is
    another's while the party brought its own, and of each further one."""
    case: Case = party.case
    main = {
        Side.NEED: case.blind_summary_need,
        Side.SEED: case.blind_summary_seed,
        Side.OTHER: party.role,
    }[party.side]
    further = [row.blind_summary for row in _further_of(party)]
    parts = [*([main] if _main_of(party) or not further else []), *further]
    return "\n".join(part for part in parts if part)


def listings_of(party: Party) -> list[Listing]:
    """The needs and seeds by which a party is in the case: its own ones, the main one first."""
    main = _main_of(party)
    return [*([main] if main else []), *(row.listing for row in _further_of(party))]


def _main_of(party: Party) -> Listing | None:
    case: Case = party.case
    listing = {Side.NEED: case.need, Side.SEED: case.seed}.get(party.side)
    return listing if listing and listing.organization_id == party.organization_id else None


def _further_of(party: Party) -> list[CaseListing]:
    case: Case = party.case
    owner = party.organization_id
    return [row for row in further_of(case) if row.listing.organization_id == owner]


def _known_by(organization: Organization) -> set[str]:
    texts = [
        organization.kana,
        organization.name_en,
        organization.address,
        organization.website.removeprefix("https://").removeprefix("http://").strip("/"),
        organization.corporate_number or "",
    ]
    for contact in organization.contacts:
        texts += [contact.name, contact.email, contact.phone]
    keys = {fold(text).replace(" ", "") for text in texts}
    keys |= {fold_name(organization.name), fold_name(organization.name_en)}
    return keys - {""}
