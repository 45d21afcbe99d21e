"""A listing as a viewer may read it: what a list, a page or a preview shows, and nothing more."""

from dataclasses import dataclass
from datetime import date

from registry.common.calendar import tokyo_day
from registry.common.viewer import Viewer
from registry.listings.categories import shown_fields
from registry.listings.models import Listing
from registry.listings.queries import is_redacted, may_see_name, owner_line

NEW_DAYS = 14
SUMMARY = 90


@dataclass(frozen=True)
class Card:
    """One listing for one viewer. `owner` is the name, or the blind line where `named` is false;
    redacted ones have neither summary nor fields."""

    listing: Listing
    owner: str
    named: bool
    redacted: bool
    summary: str
    fields: list[tuple[str, str]]
    days_left: int
    is_new: bool


def card(listing: Listing, *, viewer: Viewer, today: date) -> Card:
    """The listing as the viewer may read it."""
    redacted, named = is_redacted(listing, viewer), may_see_name(listing, viewer)
    told = dict(listing.fields)
    if listing.hide_place and not named:
        told.pop("at", None)
    since = tokyo_day(listing.published_at) if listing.published_at else None
    return Card(
        listing=listing,
        owner=owner_line(listing, viewer),
        named=named,
        redacted=redacted,
        summary="" if redacted else shortened(listing.description),
        fields=[] if redacted else shown_fields(listing.category, told),
        days_left=(listing.valid_until - today).days,
        is_new=listing.is_open and since is not None and (today - since).days <= NEW_DAYS,
    )


def shortened(text: str, most: int = SUMMARY) -> str:
    """The beginning of a text on one line, with … where it goes on."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
