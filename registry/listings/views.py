"""Pages of the listings room: the list, and one listing."""

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from registry.audit.queries import entries_of, names_of
from registry.common import calendar, codelists
from registry.common.viewer import Viewer
from registry.listings import labels
from registry.listings.cards import card
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.listings.queries import (
    ListingFilter,
    count_submitted,
    found_listings,
    get_listing,
    places_of_listings,
)
from registry.listings.service import consent_is_missing
from registry.listings.states import steps_from
from registry.organizations.labels import way_label
from registry.web.access import allow, viewer
from registry.web.i18n import locale
from registry.web.paging import paginate

bp = Blueprint("listings", __name__)

Word = TypeVar("Word", bound=StrEnum)

PAGE_SIZE = 20


@bp.route("/listings")
@allow("listings.read")
def index() -> ResponseReturnValue:
    """Seeds and needs, newest first, narrowed by what was asked."""
    wanted = _asked_for(viewer())
    page = paginate(found_listings(wanted, viewer()), size=PAGE_SIZE)
    today = calendar.today()
    return render_template(
        "listings/index.html",
        page=page,
        cards=[card(listing, viewer=viewer(), today=today) for listing in page],
        wanted=wanted,
        asked=request.args,
        waiting=count_submitted() if viewer().is_staff else 0,
        labels=labels,
        divisions=[(d.code, d.label(locale())) for d in codelists.divisions()],
        places=[(p.code, p.label(locale())) for p in places_of_listings(viewer())],
    )


@bp.route("/listings/<public_id>")
@allow("listings.read")
def show(public_id: str) -> ResponseReturnValue:
    """One listing as the viewer may read it; its owner and staff also see where it stands."""
    listing = get_listing(public_id, viewer())
    return render_template(
        "listings/show.html",
        card=card(listing, viewer=viewer(), today=calendar.today()),
        listing=listing,
        labels=labels,
        way_label=way_label,
        **_inside(listing, viewer()),
    )


def _inside(listing: Listing, who: Viewer) -> dict[str, object]:
    """What only the owner's members and staff are shown: steps; for staff word and history."""
    owns = who.may("listings.write") and (who.is_staff or who.belongs_to(listing.organization_id))
    entries = entries_of(f"listing:{listing.public_id}") if who.is_staff else []
    return {
        "owns": owns,
        "steps": {s.value for s in steps_from(listing.state, staff=who.is_staff)} if owns else (),
        "history": entries,
        "names": names_of(entries),
        "consent_missing": who.is_staff and consent_is_missing(listing),
    }


def _asked_for(who: Viewer) -> ListingFilter:
    """The filter in the address; what is not understood is left out."""
    asked = request.args
    state = asked.get("state", "")
    return ListingFilter(
        text=asked.get("q", ""),
        kind=_one_of(ListingKind, asked.get("kind")),
        category=_one_of(Category, asked.get("category")),
        division=asked.get("division", ""),
        place=asked.get("place", ""),
        visibility=_one_of(Visibility, asked.get("visibility")),
        state=_one_of(ListingState, state) if who.is_signed_in else None,
        every_state=state == "all",
        own=bool(asked.get("own")) and who.organization_id is not None,
    )


def _one_of(enum: type[Word], text: str | None) -> Word | None:
    try:
        return enum(text) if text else None
    except ValueError:
        return None
