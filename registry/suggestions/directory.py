"""Programs and organizations as the engine reads them, in indexes of this process.

They are few beside the listings and change seldom: their texts are read again when something
changed, and only what reads otherwise than before is tokenised and embedded anew.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from registry.common.viewer import VISITOR
from registry.db import db
from registry.listings.models import Listing, ListingState
from registry.matching import Index, Item, Keep, Suggestion, Text, build_index, prepare
from registry.organizations.models import Organization, OrganizationState
from registry.policy.models import PolicyCode
from registry.programs.models import Program
from registry.programs.queries import visible_to as programs_visible_to
from registry.suggestions.matcher import CUTOFF, FOR_MEMBERS, MEMBERS, STAFF, Audience, encoder
from registry.suggestions.matcher import matcher as listings_matcher
from registry.suggestions.texts import place_tags

EMBEDDED_AT_ONCE = 200
"""So many texts are embedded in one turn (some 10 ms each); further ones wait for the next and
are ranked by words until then."""
MOST_TITLES = 40
"""Titles and keywords of so many of an organization's listings stand in its text."""


class Shelf(StrEnum):
    """What is looked for."""

    PROGRAMS = "programs"
    ORGANIZATIONS = "organizations"


Key = tuple[Shelf, Audience]
KEYS: tuple[Key, ...] = (
    (Shelf.PROGRAMS, MEMBERS),
    (Shelf.ORGANIZATIONS, STAFF),
    (Shelf.ORGANIZATIONS, MEMBERS),
)


@dataclass
class Directory:
    """Indexes of programs, and of organizations for each audience, each with its own statistics."""

    indexes: dict[Key, Index] = field(default_factory=dict)
    items: dict[Key, dict[str, Item]] = field(default_factory=dict)
    stamp: tuple[Any, ...] = ()
    lexicon: object = None
    waiting: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)

    def ask(
        self,
        shelf: Shelf,
        text: Text,
        *,
        audience: Audience = MEMBERS,
        limit: int = 10,
        keep: Keep | None = None,
        cutoff: float = CUTOFF,
    ) -> list[Suggestion]:
        """What is nearest to a text, best first. Programs are the same for everybody."""
        self.follow()
        key = (shelf, MEMBERS if shelf is Shelf.PROGRAMS else audience)
        item = prepare(text, encoder())
        return self.indexes[key].suggest(item, limit=limit, cutoff=cutoff, keep=keep)

    def texts(self, shelf: Shelf, audience: Audience) -> dict[str, Text]:
        """All texts of a shelf by public id, as they were read last."""
        self.follow()
        return {ref: item.terms.text for ref, item in self.items[shelf, audience].items()}

    def follow(self) -> None:
        """Take in what changed since the last time."""
        with self.lock:
            engine = listings_matcher()
            engine.follow()
            stamp = _stamp()
            if engine.lexicon is not self.lexicon:
                self.indexes, self.lexicon, self.stamp = {}, engine.lexicon, ()
            if stamp == self.stamp and not self.waiting:
                return
            self.stamp, self.waiting = stamp, False
            budget = EMBEDDED_AT_ONCE
            for key in KEYS:
                budget = self._refresh(key, budget)

    def _refresh(self, key: Key, budget: int) -> int:
        """Bring one index up to date; returns how many texts may still be embedded."""
        known, found = self.items.get(key, {}), {}
        changed = []
        for text in _texts(*key):
            item = known.get(text.ref)
            stale = item is None or item.terms.text != text
            if stale or (item is not None and item.passages is None and encoder() and budget > 0):
                with_meaning = encoder() if budget > 0 else None
                item = prepare(text, with_meaning)
                budget -= with_meaning is not None
                changed.append(item)
            if item is not None:
                found[text.ref] = item
                self.waiting = self.waiting or (item.passages is None and encoder() is not None)
        gone = known.keys() - found.keys()
        self.items[key] = found
        if key not in self.indexes or len(changed) > len(found) // 4:
            self.indexes[key] = build_index(found.values(), listings_matcher().lexicon)
        else:
            for ref in gone:
                self.indexes[key].remove(ref)
            for item in changed:
                self.indexes[key].add(item)
        return budget


def directory() -> Directory:
    """This process's directory; it belongs to the matcher's database and ends with it."""
    engine = listings_matcher()
    held = current_app.extensions.get("musubi_directory")
    if held is None or held[0] is not engine:
        held = current_app.extensions["musubi_directory"] = (engine, Directory())
    found: Directory = held[1]
    return found


def organization_text(organization: Organization, listings: Iterable[Listing]) -> Text:
    """What an organization does: its summary, its listings' titles and keywords. Its name is left
    out: it would tie firms by 製作所."""
    shown = list(listings)[:MOST_TITLES]
    lines = [organization.summary, *(listing.title for listing in shown)]
    words = dict.fromkeys(word for listing in shown for word in listing.keywords)
    return Text(
        ref=organization.public_id,
        description="\n".join(line for line in lines if line),
        keywords=tuple(words),
        tags=place_tags(organization),
    )


def program_text(program: Program) -> Text:
    """What a program is about, with the words of its place in the policy tree."""
    code: PolicyCode | None = program.policy_code
    return Text(
        ref=program.public_id,
        title=program.title,
        description=program.summary,
        keywords=tuple(dict.fromkeys([*program.keywords, *(code.aliases if code else ())])),
    )


def _texts(shelf: Shelf, audience: Audience) -> list[Text]:
    if shelf is Shelf.PROGRAMS:
        return [program_text(row) for row in db.session.scalars(programs_visible_to(VISITOR))]
    listings: dict[int, list[Listing]] = {}
    for listing in db.session.scalars(_open_listings(audience)).unique():
        listings.setdefault(listing.organization_id, []).append(listing)
    approved = select(Organization).where(Organization.state == OrganizationState.APPROVED)
    texts = [
        organization_text(row, listings.get(row.id, []))
        for row in db.session.scalars(approved.order_by(Organization.id))
    ]
    return [text for text in texts if text.description]


def _open_listings(audience: Audience) -> Any:
    """Open listings; for members those whose owner they may know."""
    statement = select(Listing).where(Listing.state == ListingState.PUBLISHED).order_by(Listing.id)
    if audience is STAFF:
        return statement
    return statement.where(Listing.anonymous.is_(False), Listing.visibility.in_(FOR_MEMBERS))


def _stamp() -> tuple[Any, ...]:
    """Changes whenever a program, an organization or a listing does."""
    found: list[Any] = []
    for table in (Program, Organization, Listing):
        statement = select(func.count(), func.max(table.updated_at), func.sum(table.version))
        found.append(tuple(db.session.execute(statement).one()))
    return tuple(found)
