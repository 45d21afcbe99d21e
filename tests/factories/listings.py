"""Seeds and needs for tests."""

from datetime import UTC, date, datetime
from itertools import count

from registry.db import db, transaction
from registry.listings import search
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_listing(kind: ListingKind = ListingKind.NEED, **fields: object) -> Listing:
    """A published, public listing of a new organization."""
    number = next(_numbers)
    values: dict[str, object] = {
        "number": number,
        "category": Category.TECHNOLOGY,
        "title": f"試験の案件{number}",
        "description": "試験のための案件です。",
        "keywords": [],
        "visibility": Visibility.PUBLIC,
        "valid_until": date(2027, 11, 25),
        "state": ListingState.PUBLISHED,
        "published_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    values.update(fields)
    if "organization" not in values and "organization_id" not in values:
        values["organization_id"] = make_organization().id
    organization = values.pop("organization", None)
    if organization is not None:
        values["organization_id"] = organization.id  # type: ignore[attr-defined]
    listing = Listing(kind=kind, **{"fields": {}, **values})
    search.refresh(listing)
    with transaction():
        db.session.add(listing)
    return listing


def make_need(**fields: object) -> Listing:
    return make_listing(ListingKind.NEED, **fields)


def make_seed(**fields: object) -> Listing:
    return make_listing(ListingKind.SEED, **fields)
