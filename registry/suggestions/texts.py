"""A listing as the engine's item: its text, tags, terms and vectors."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from registry.common import codelists
from registry.db import db, now
from registry.listings.models import Listing, ListingKind, ListingState
from registry.matching import (
    RECIPE,
    Encoder,
    Item,
    Passages,
    StaleTerms,
    Terms,
    Text,
    tokenise,
)
from registry.organizations.models import Organization
from registry.suggestions.models import ListingTerms


def text_of(listing: Listing) -> Text:
    """What the engine reads of a listing; spans in reasons refer to these fields."""
    return Text(
        ref=listing.public_id,
        title=listing.title,
        description=listing.description,
        keywords=_keywords_of(listing),
        tags=tags_of(listing),
    )


def _keywords_of(listing: Listing) -> tuple[str, ...]:
    """Its keywords, and what a by-product is called."""
    substance = str(listing.fields.get("substance") or "")
    return tuple(dict.fromkeys([*listing.keywords, *([substance] if substance else [])]))


TAGS = "2"
"""Which texts and tags items carry; what was stored or written of others is made anew."""


def tags_of(listing: Listing) -> frozenset[str]:
    """What filters ask for."""
    return place_tags(listing.organization) | {
        f"category:{listing.category.value}",
        f"visibility:{listing.visibility.value}",
        f"organization:{listing.organization_id}",
    }


def place_tags(organization: Organization) -> frozenset[str]:
    """Its ward and city, its division of industry."""
    place = codelists.municipality(organization.municipality)
    group = codelists.industry(organization.industry) if organization.industry else None
    division = (
        group.division if isinstance(group, codelists.IndustryGroup) else group and group.code
    )
    found = {f"place:{place.code}"} if place else set()
    if place and place.parent:
        found.add(f"place:{place.parent}")
    return frozenset(found | ({f"division:{division}"} if division else set()))


def item_of(listing: Listing, stored: ListingTerms | None) -> Item:
    """The engine's item; terms that are missing or stale are made anew, vectors are left out then."""
    text = text_of(listing)
    terms: Terms | None = None
    passages: Passages | None = None
    if stored is not None:
        try:
            terms = Terms.kept(stored.terms, text)
        except StaleTerms:
            terms = None
        try:
            passages = Passages.from_bytes(stored.vectors, text) if stored.vectors else None
        except StaleTerms:
            passages = None
    return Item(text.ref, terms or tokenise(text), text.tags, passages)


def other_kind(kind: ListingKind) -> ListingKind:
    """What answers a listing of that kind."""
    return ListingKind.SEED if kind is ListingKind.NEED else ListingKind.NEED


def recipe_of(encoder: Encoder | None) -> str:
    """The engine's version: after an upgrade all candidates are sought anew."""
    return f"{RECIPE} {encoder.version if encoder else 'words'} {TAGS}"


def store_terms(listing: Listing, encoder: Encoder | None) -> ListingTerms:
    """Make and keep a listing's terms and vectors."""
    text = text_of(listing)
    row = db.session.get(ListingTerms, listing.id)
    if row is None:
        row = ListingTerms(listing_id=listing.id)
        db.session.add(row)
    row.terms = tokenise(text).keep()
    row.vectors = encoder.embed([text])[0].to_bytes() if encoder else None
    row.listing_version, row.stored_at = listing.version, now()
    row.recipe = recipe_of(encoder)
    db.session.flush()
    return row


def published_with_terms() -> list[tuple[Listing, ListingTerms | None]]:
    """Every published listing with what is stored for the engine."""
    statement = (
        select(Listing, ListingTerms)
        .outerjoin(ListingTerms, ListingTerms.listing_id == Listing.id)
        .where(Listing.state == ListingState.PUBLISHED)
        .options(joinedload(Listing.organization))
        .order_by(Listing.id)
    )
    return [(listing, terms) for listing, terms in db.session.execute(statement)]


def published_items() -> list[tuple[Listing, Item]]:
    """The same as items of the engine."""
    return [(listing, item_of(listing, terms)) for listing, terms in published_with_terms()]


def count_published() -> int:
    """How many listings are published."""
    statement = select(func.count()).where(Listing.state == ListingState.PUBLISHED)
    return db.session.scalar(statement) or 0


def open_items() -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """All published needs and all published seeds with their stored terms, by public id."""
    rows = sorted(published_items(), key=lambda row: row[0].public_id)
    return (
        tuple(item for listing, item in rows if listing.kind is ListingKind.NEED),
        tuple(item for listing, item in rows if listing.kind is ListingKind.SEED),
    )
