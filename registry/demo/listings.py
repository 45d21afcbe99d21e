"""Loading seeds and needs in every state."""

import json
from datetime import date, datetime, timedelta

from registry.accounts.models import User
from registry.db import db
from registry.demo.files import is_yes, rows
from registry.demo.organizations import WAYS, add_consent
from registry.demo.world import COORDINATOR, World, moment
from registry.listings import search
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.organizations.models import ConsentWay

WAITING = (1, 4, 2, 5, 3, 6)
"""For how many days those that wait for review have waited, in turn: some too long."""
PROXY_EVERY = 9
"""Every so many firms' listing without an account was entered by staff, with the firm's word."""
RETURNED_WORDS = "量と形が分かると探しやすくなります。おおよその数を書き足してください。"
CLOSED_WORDS = "引き合わせが実り、募集を終えました。"


def load_listings(world: World) -> None:
    """Listings in the order of their publication, numbered so; unpublished ones come last."""
    found = sorted(rows("listings"), key=lambda row: _sort_day(row, world))
    numbers = dict.fromkeys(ListingKind, 0)
    waiting = 0
    for row in found:
        kind = ListingKind(row["kind"])
        numbers[kind] += 1
        listing = _listing(row, kind, numbers[kind], world)
        if listing.state in (ListingState.SUBMITTED, ListingState.RETURNED):
            listing.submitted_at = _submitted(WAITING[waiting % len(WAITING)], world)
            waiting += 1
        search.refresh(listing)
        db.session.add(listing)
        world.listings[row["key"]] = listing
    db.session.flush()
    _enter(world)
    for listing in world.listings.values():
        world.log(
            "listing.created",
            f"listing:{listing.public_id}",
            actor=listing.entered_by,
            title=listing.title,
            state=listing.state,
        )


def _sort_day(row: dict[str, str], world: World) -> date:
    return world.day(row["published"]) or world.today


def _submitted(days: int, world: World) -> datetime:
    return moment(world.today - timedelta(days=days), 11)


def _listing(row: dict[str, str], kind: ListingKind, number: int, world: World) -> Listing:
    state, published = ListingState(row["state"]), world.day(row["published"])
    begun = published or world.today
    listing = Listing(
        public_id=world.ids.of(f"listing:{row['key']}"),
        number=number,
        kind=kind,
        organization=world.organizations[row["organization"]],
        category=Category(row["category"]),
        fields={name: value for name, value in json.loads(row["fields"]).items() if value},
        title=row["title"],
        description=row["description"],
        keywords=[word for word in row["keywords"].split(";") if word],
        language=row["language"],
        visibility=Visibility(row["visibility"]),
        anonymous=is_yes(row["anonymous"]),
        valid_until=begun + timedelta(days=int(row["valid_days"])),
        state=state,
        illustrative=is_yes(row["illustrative"]),
        created_at=moment(begun - timedelta(days=2), 9 + number % 8),
    )
    if published:
        listing.submitted_at = moment(published - timedelta(days=1), 9 + number % 8)
        # The hours differ, so that the newest stand in one order on every page.
        listing.published_at = moment(published, 9 + number % 7, number % 60)
    match state:
        case ListingState.RETURNED:
            listing.state_reason = RETURNED_WORDS
        case ListingState.EXPIRED:
            listing.ended_at = moment(listing.valid_until + timedelta(days=1), 0, 5)
        case ListingState.CLOSED:
            listing.state_reason = CLOSED_WORDS
    return listing


def _enter(world: World) -> None:
    """Who typed each: the firm's member, or for some firms staff by the firm's word."""
    staff = world.users[COORDINATOR]
    owners = {row["key"]: row["organization"] for row in rows("listings")}
    proxies = 0
    for key, listing in world.listings.items():
        listing.entered_by = world.members.get(owners[key])
        if listing.entered_by is None and listing.published_at is not None:
            proxies += 1
            if proxies % PROXY_EVERY == 0:
                _enter_by_word(key, listing, staff, WAYS[proxies // PROXY_EVERY % 2], world)
    db.session.flush()


def _enter_by_word(key: str, listing: Listing, staff: User, way: ConsentWay, world: World) -> None:
    submitted = listing.submitted_at
    on = submitted.date() if submitted else world.today
    listing.entered_by = staff
    listing.consent = add_consent(
        world,
        listing.organization,
        key=f"consent:listing:{key}",
        about=f"案件の代行入力と公開（{listing.reference}）",
        way=way,
        on=on,
        recorder_id=staff.id,
    )
