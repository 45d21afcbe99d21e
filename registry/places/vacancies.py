"""A vacancy as a seed among the listings: made, kept up to date and closed with the ledger.

Whoever keeps a facility decides once that its vacancies are shown (`announce`). From then on every
change of its ledger, in the same transaction, and the worker every day, bring the listing in line:
free units open it, none close it. `Place.listing_id` names the newest listing of the facility.
"""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import record
from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, transaction
from registry.listings import service as listings
from registry.listings.content import Content
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.organizations.models import Organization, OrganizationState
from registry.places.locking import lock
from registry.places.models import Place, PlaceKind, PlaceUse
from registry.places.queries import family, free_units

SOURCE = "施設の空き（自動）"
"""The source of such a listing: it tells that nobody wrote it by hand."""
FULL = "空きがなくなりました。"
VALID = timedelta(days=180)
RENEWED_BEFORE = timedelta(days=30)


def owner_of(place: Place) -> Organization | None:
    """Whose the listing is: the place's owner, else who runs its program; None when neither is an
    approved organization."""
    candidates = [
        place.organization,
        place.program.operator_organization if place.program else None,
    ]
    return next(
        (row for row in candidates if row and row.state is OrganizationState.APPROVED), None
    )


def announce(place: Place, *, viewer: Viewer, today: date | None = None) -> None:
    """Show the vacancies of a facility among the listings from now on."""
    if place.parent_id is not None:
        raise DomainError(_("空きは、施設ごとに案件として案内します。"))
    if owner_of(place) is None:
        raise DomainError(
            _("持ち主か、制度の運営の企業・団体が登録されていないので、案件にできません。")
        )
    lock(place)
    if place.listing_id is not None:
        raise DomainError(_("空きは、もう案件として案内しています。"))
    today = today or calendar.today()
    free = free_units(place, today)
    if not free:
        raise DomainError(_("今日は空きがありません。空きが出たら案内してください。"))
    _open(place, free, today)
    record(actor=viewer, action="place.announced", subject=f"place:{place.public_id}")


def silence(place: Place, *, viewer: Viewer) -> None:
    """Show the vacancies no longer: undoes `announce`. The listing closes."""
    lock(place)
    if place.listing_id is None:
        raise DomainError(_("空きは、案件として案内していません。"))
    _close(place)
    place.listing_id = None
    db.session.flush()
    record(actor=viewer, action="place.silenced", subject=f"place:{place.public_id}")


def refresh(place: Place, today: date | None = None) -> bool:
    """Bring the listing of the place's facility in line; returns whether anything changed.

    Call it in the transaction of a change of the ledger or of the place.
    """
    root = place.parent or place
    if root.listing_id is None:
        return False
    lock(root)
    today = today or calendar.today()
    free = free_units(root, today)
    listing = db.session.get_one(Listing, root.listing_id, with_for_update=True)
    is_open = listing.state is ListingState.PUBLISHED
    if not free or owner_of(root) is None:
        return _close(root) if is_open else False
    if not is_open:
        return _open(root, free, today)
    return _update(root, listing, free, today)


def refresh_all(today: date) -> int:
    """Bring all listings of vacancies in line: days pass without anybody writing. Returns how many
    changed. Each in its own transaction."""
    kept = select(Place.id).where(Place.listing_id.is_not(None)).order_by(Place.id)
    numbers = list(db.session.scalars(kept))
    changed = 0
    for number in numbers:
        with transaction():
            changed += refresh(db.session.get_one(Place, number), today)
    return changed


def _open(place: Place, free: int, today: date) -> bool:
    owner = owner_of(place)
    if owner is None:
        return False
    listing = listings.create_listing(
        _content(place, free, today + VALID),
        kind=ListingKind.SEED,
        organization=owner,
        viewer=SYSTEM,
        today=today,
    )
    listing.source = SOURCE
    listing.illustrative = place.illustrative
    listings.submit_listing(listing, viewer=SYSTEM, today=today, publish=True)
    place.listing_id = listing.id
    db.session.flush()
    return True


def _update(place: Place, listing: Listing, free: int, today: date) -> bool:
    before = listing.version
    near_end = listing.valid_until < today + RENEWED_BEFORE
    until = today + VALID if near_end else listing.valid_until
    listings.change_listing(
        listing, _content(place, free, until), version=None, viewer=SYSTEM, today=today
    )
    return listing.version != before


def _close(place: Place) -> bool:
    listing = db.session.get(Listing, place.listing_id) if place.listing_id else None
    if listing is None or listing.state is not ListingState.PUBLISHED:
        return False
    listings.close_listing(listing, reason=FULL, viewer=SYSTEM)
    return True


def _content(place: Place, free: int, until: date) -> Content:
    """The words of the listing, in Japanese like the place's own name."""
    land = place.kind is PlaceKind.LAND
    parts = [
        f"この案件は、施設「{place.name}」の空きから自動で作られています。",
        place.description,
        f"所在地：{place.address}" if place.address else "",
        f"料金：{place.fee}" if place.fee else "",
    ]
    area = _area(place)
    return Content(
        category=Category.LAND if land else Category.FACILITY,
        title=f"{place.name[:40]} の空き（{free} 区画）",
        visibility=Visibility.PUBLIC,
        valid_until=until,
        description="\n".join(part for part in parts if part)[:2000],
        keywords=("工業用地", "土地", "用地") if land else ("入居", "貸室", "施設"),
        fields={"area_m2": area} if area else {},
    )


def _area(place: Place) -> float | None:
    """The largest area that one can have, in square metres."""
    found = db.session.scalars(
        select(Place.area_m2).where(
            family(place), Place.use == PlaceUse.TENANCY, Place.area_m2.is_not(None)
        )
    )
    return max(filter(None, found), default=None)
