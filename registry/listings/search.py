"""Searching listings: the folded texts kept with each, and the condition of a query.

Names of organizations are not kept here: they are looked up in the organization's own row, and
only where the viewer may know whose listing it is. Otherwise a search for a firm's name would
reveal its anonymous listings.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, case, exists, false, or_

from registry.common.folding import fold, fold_name, search_terms
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.listings.categories import words_of
from registry.listings.labels import CATEGORIES
from registry.listings.models import Listing, Visibility
from registry.organizations.models import Organization
from registry.web.i18n import LANGUAGES

MOST_TERMS = 10
"""Further terms of a query are left out: each one costs a scan."""


def refresh(listing: Listing) -> None:
    """Write the folded texts of a listing anew; call it after every change of what it says."""
    listing.search_head = folded(
        [listing.title, *listing.keywords, *_category_words(listing), listing.reference]
    )
    texts = [listing.description, *words_of(listing.fields)]
    listing.search_text = "\n".join(filter(None, (listing.search_head, folded(texts))))


def _category_words(listing: Listing) -> list[str]:
    """The category in both languages, whoever saves the listing."""
    words = []
    for language in LANGUAGES:
        with force_locale(language):
            words.append(str(CATEGORIES[listing.category]))
    return list(dict.fromkeys(words))


def folded(texts: Sequence[str]) -> str:
    """The texts as search keys, one a line, so that no term is found across two of them."""
    return "\n".join(filter(None, (fold(text) for text in texts)))


def matching(query: str, viewer: Viewer) -> ColumnElement[bool] | None:
    """The condition that every term of the query occurs, or that the query names the owner.

    None for an empty query. A partner searches in what it may read: title and keywords of a
    listing that is for members.
    """
    terms = search_terms(query)[:MOST_TERMS]
    if not terms:
        return None
    text: Any = Listing.search_text
    if viewer.role is Role.PARTNER:
        text = case(
            (Listing.visibility == Visibility.PUBLIC, Listing.search_text),
            else_=Listing.search_head,
        )
    every_term = and_(
        *(or_(text.contains(term, autoescape=True), named(term, viewer)) for term in terms)
    )
    return or_(every_term, named(query, viewer))


def named(name: str, viewer: Viewer) -> ColumnElement[bool]:
    """The condition that the owner's name holds these words and the viewer may know the owner."""
    key = fold_name(name)
    if not key:
        return false()
    owner = exists().where(
        Organization.id == Listing.organization_id,
        Organization.name_key.contains(key, autoescape=True),
    )
    return and_(knows_owner(viewer), owner)


def knows_owner(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that the viewer may see whose listing it is; `queries.may_see_name` in SQL."""
    if viewer.is_staff:
        return Listing.id.is_not(None)
    told: ColumnElement[bool] = Listing.anonymous.is_(False)
    if viewer.role is Role.PARTNER:
        told = and_(told, Listing.visibility == Visibility.PUBLIC)
    if viewer.organization_id is None:
        return told
    return or_(told, Listing.organization_id == viewer.organization_id)
