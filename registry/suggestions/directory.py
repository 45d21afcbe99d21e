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
from registry.matching import (
    Encoder,
    Index,
    Item,
    Keep,
    Lexicon,
    Suggestion,
    Text,
    build_index,
    prepare,
)
from registry.organizations.models import Organization, OrganizationState
from registry.policy.models import PolicyCode
from registry.programs.models import Program
from registry.programs.queries import visible_to as programs_visible_to
from registry.suggestions.matcher import CUTOFF, FOR_MEMBERS, MEMBERS, STAFF, Audience, encoder
from registry.suggestions.matcher import matcher as listings_matcher
from registry.suggestions.texts import place_tags

EMBEDDED_AT_ONCE = 20
"""So many texts are embedded while somebody waits (some 10 ms each); the rest beside, ranked by
words until then."""
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
    lexicon: Lexicon | None = None
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
            if stamp == self.stamp:
                return
            self.stamp = stamp
            later: list[tuple[Key, Text]] = []
            for key in KEYS:
                later += self._refresh(key, EMBEDDED_AT_ONCE - len(later))
            meaning = encoder()
            if later and meaning is not None:
                work = (later, meaning)
                threading.Thread(target=self._embed, args=work, name="meaning", daemon=True).start()

    def _refresh(self, key: Key, budget: int) -> list[tuple[Key, Text]]:
        """Bring one index up to date; returns the texts that are still to be embedded."""
        known, found = self.items.get(key, {}), {}
        changed: list[Item] = []
        later: list[tuple[Key, Text]] = []
        for text in _texts(*key):
            item = known.get(text.ref)
            if item is None or item.terms.text != text:
                now = budget > len(changed)
                item = prepare(text, encoder() if now else None)
                changed.append(item)
                if not now:
                    later.append((key, text))
            found[text.ref] = item
        self.items[key] = found
        if key not in self.indexes or len(changed) > len(found) // 4:
            self._build(key)
        else:
            for ref in known.keys() - found.keys():
                self.indexes[key].remove(ref)
            for item in changed:
                self.indexes[key].add(item)
        return later

    def _embed(self, later: list[tuple[Key, Text]], meaning: Encoder) -> None:
        """Give the remaining texts their vectors, unless they changed meanwhile."""
        items = [(key, prepare(text, meaning)) for key, text in later]
        with self.lock:
            for key, item in items:
                held = self.items.get(key, {})
                if item.ref in held and held[item.ref].terms.text == item.terms.text:
                    held[item.ref] = item
            for key in {key for key, _item in items}:
                self._build(key)

    def _build(self, key: Key) -> None:
        lexicon = self.lexicon or Lexicon()
        self.indexes[key] = build_index(self.items[key].values(), lexicon)


def directory() -> Directory:
    """This process's directory; it belongs to the matcher's database and ends with it."""
    engine = listings_matcher()
    held = current_app.extensions.get("musubi_directory")
    if held is None or held[0] is not engine:
        held = current_app.extensions["musubi_directory"] = (engine, Directory())
    found: Directory = held[1]
    return found


def read_ahead() -> None:
    """Read what changed before somebody waits for it; for the worker that runs beside the pages."""
    directory().follow()


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
