"""Mails for the administrator's outbox page: some sent, some waiting, one that failed."""

import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from registry.cases.letters import send_request
from registry.cases.models import Answer, Party
from registry.cases.queries import hash_of_token
from registry.common.calendar import now_utc
from registry.config import Config
from registry.db import db
from registry.demo.world import World, moment
from registry.listings.mails import tell_published, tell_returned
from registry.listings.models import Listing, ListingState
from registry.notifications.models import Delivery, Message
from registry.notifications.service import LAST_ATTEMPT

NEWEST = 10
"""So many of the newest published listings were told to their owners."""
WAITING_DAYS = 2
"""Mails younger than this wait in the outbox."""
DEAD_ADDRESS = "hinata@moved-away.example"
REFUSED = "SMTPRecipientsRefused: 550 5.1.1 user unknown"


def load_letters(world: World) -> None:
    """Requests that wait for an answer, with links that work; news of listings; one dead address."""
    for party in _asked(world):
        token = secrets.token_urlsafe(32)
        party.token_hash = hash_of_token(token)
        before = _newest_message()
        send_request(party, f"{_base_url()}/introductions/{token}")
        _date_from(before, party.asked_at or moment(world.today), world)
    for listing in _published(world):
        before = _newest_message()
        tell_published(listing)
        _date_from(before, listing.published_at or moment(world.today), world)
    for listing in world.listings.values():
        if listing.state is ListingState.RETURNED:
            before = _newest_message()
            tell_returned(listing)
            _date_from(before, moment(world.today - timedelta(days=1), 15), world)
    _fail_one()
    db.session.flush()


def _asked(world: World) -> list[Party]:
    """Parties of open cases whose answer is missing."""
    return [
        party
        for case in world.cases.values()
        for party in case.parties
        if case.is_open and party.answer is Answer.PENDING
    ]


def _published(world: World) -> list[Listing]:
    open_ones = [row for row in world.listings.values() if row.is_open]
    open_ones.sort(key=lambda row: row.published_at or row.created_at, reverse=True)
    return open_ones[:NEWEST]


def _newest_message() -> int:
    return db.session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1)) or 0


def _date_from(before: int, at: datetime, world: World) -> None:
    """Put mails written since into the past: sent then, or waiting when that was just now."""
    for message in db.session.scalars(select(Message).where(Message.id > before)):
        message.created_at = message.send_after = at
        if (world.today - at.date()).days >= WAITING_DAYS:
            message.state, message.attempts, message.sent_at = Delivery.SENT, 1, at
        else:
            message.send_after = min(at, now_utc())


def _fail_one() -> None:
    """A mail that the administrator has to look at."""
    message = db.session.scalar(
        select(Message).where(Message.state == Delivery.SENT).order_by(Message.id.desc()).limit(1)
    )
    if message is None:
        return
    message.to_address, message.state, message.sent_at = DEAD_ADDRESS, Delivery.FAILED, None
    message.attempts, message.last_error = LAST_ATTEMPT, REFUSED


def _base_url() -> str:
    config: Config = current_app.extensions["musubi_config"]
    return config.base_url
