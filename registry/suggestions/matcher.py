"""The engine's indexes of this process, kept in step with the database by the audit position."""

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.audit.queries import position as audit_position
from registry.config import Config
from registry.db import db
from registry.listings.models import Listing, ListingKind, ListingState, Visibility
from registry.matching import (
    Encoder,
    Glossary,
    Index,
    Item,
    Keep,
    Lexicon,
    Suggestion,
    Weights,
    build_index,
    current_generation,
    discard,
    is_whole,
    open_dictionary,
    open_encoder,
    open_indexes,
    write_indexes,
)
from registry.suggestions.glossary import entries
from registry.suggestions.indexes import (
    CHECKED_AT_ONCE,
    alone,
    belongs,
    changed_listings,
    check_later,
    newest_terms,
    noted,
    notes,
)
from registry.suggestions.models import ListingTerms
from registry.suggestions.texts import count_published, item_of, other_kind, published_items
from registry.suggestions.weights import RECIPE_RANKING, Ranking, ranking, suggest_by

CUTOFF = 42.0
"""Suggestions below this score are not shown (0–100)."""
FOR_MEMBERS = frozenset({Visibility.PUBLIC, Visibility.MEMBERS})


@dataclass(frozen=True)
class Audience:
    """Which listings a viewer's suggestions are computed on; each has statistics of its own, so
    that a hidden listing never shows in another's score."""

    everything: bool

    def sees(self, listing: Listing) -> bool:
        """Whether a listing belongs to this audience's indexes."""
        return self.everything or listing.visibility in FOR_MEMBERS


STAFF = Audience(everything=True)
MEMBERS = Audience(everything=False)


@dataclass
class Matcher:
    """Indexes of seeds and of needs for each audience, in step with the database.

    Of a large registry the main part lies in files that all processes share; `written` tells from
    how many listings on.
    """

    dictionary: Path
    folder: Path
    written: int = 200
    position: int = -1
    stored_at: datetime | None = None
    generation: str | None = None
    indexes: dict[tuple[Audience, ListingKind], Index] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _ranking: tuple[int, Ranking] = (-1, RECIPE_RANKING)

    def suggest(
        self,
        listing: Listing,
        *,
        audience: Audience = STAFF,
        limit: int = 10,
        keep: Keep | None = None,
        cutoff: float = CUTOFF,
        weights: Weights | None = None,
    ) -> list[Suggestion]:
        """Seeds for a need, needs for a seed: at most `limit`, best first, none of the same
        organization."""
        keep = keep or Keep()
        own = frozenset({f"organization:{listing.organization_id}"})
        item = item_of(listing, db.session.get(ListingTerms, listing.id))
        keep = replace(keep, none_of=keep.none_of | own)
        other = other_kind(listing.kind)
        return self.ask(
            item, other, audience=audience, limit=limit, keep=keep, cutoff=cutoff, weights=weights
        )

    def ask(
        self,
        item: Item,
        kind: ListingKind,
        *,
        audience: Audience = STAFF,
        limit: int = 10,
        keep: Keep | None = None,
        cutoff: float = CUTOFF,
        weights: Weights | None = None,
    ) -> list[Suggestion]:
        """Listings of a kind that answer a text, registered or not: at most `limit`, best first,
        by the weights in force unless others are given."""
        self.follow()
        weights = weights or self.ranking().weights
        index = self.indexes[audience, kind]
        return suggest_by(weights, index, item, limit=limit, cutoff=cutoff, keep=keep)

    def ranking(self) -> Ranking:
        """By what suggestions are ranked; asked of the database when the log went on."""
        position, found = self._ranking
        if position != self.position:
            position, found = self._ranking = self.position, ranking()
        return found

    def follow(self) -> None:
        """Take in what changed since the last time; two small queries when nothing did."""
        with self.lock:
            position, stored_at = audit_position(), newest_terms()
            replaced = current_generation(self.folder) != self.generation
            if position == self.position and stored_at == self.stored_at and not replaced:
                return
            known = 0 <= self.position <= position and not replaced
            if not known or self._glossary_changed():
                self._open(position, stored_at)
            if (position, stored_at) != (self.position, self.stored_at):
                self._take_in()
            self.position, self.stored_at = position, stored_at

    def merge(self) -> None:
        """Write all listings as a new generation; every process opens it at its next suggestion.

        A crash in the midst of it leaves the generation in force.
        """
        lexicon = self._read_lexicon()
        with alone(self.folder):
            self._write(lexicon, audit_position(), newest_terms())

    def due(self) -> bool:
        """Whether so much stands beside the files that they should be written anew."""
        with self.lock:
            return self.generation is not None and any(
                index.fresh > max(self.written, len(index) // 10) for index in self.indexes.values()
            )

    def _open(self, position: int, stored_at: datetime | None) -> None:
        """Open the files, or make the indexes from the stored terms where there are none to use."""
        self.lexicon = self._read_lexicon()
        if self._map(position):
            return
        if not position or count_published() < self.written:
            rows = published_items()
            self.indexes = {
                key: build_index(items, self.lexicon) for key, items in _split(rows).items()
            }
            self.generation = current_generation(self.folder)
            self.position, self.stored_at = position, stored_at
            return
        with alone(self.folder):
            if self._map(position):
                return
            self._write(self.lexicon, position, stored_at)
            if not self._map(position):
                raise RuntimeError("an index just written cannot be opened")

    def _map(self, position: int) -> bool:
        """Open the generation in force, if it is whole and belongs to this database."""
        stored = open_indexes(self.folder, self.lexicon)
        if stored is None or not belongs(stored.notes, position):
            return False
        if stored.size < CHECKED_AT_ONCE:
            if not is_whole(self.folder, stored.generation):
                discard(self.folder, stored.generation)
                return False
        else:
            check_later(self.folder, stored.generation)
        self.indexes = {key: stored.indexes[_name(*key)] for key in _keys()}
        self.generation = stored.generation
        self.position, self.stored_at = noted(stored.notes)
        return True

    def _write(self, lexicon: Lexicon, position: int, stored_at: datetime | None) -> None:
        items = {_name(*key): found for key, found in _split(published_items()).items()}
        write_indexes(self.folder, items, lexicon, notes(position, stored_at))

    def _read_lexicon(self) -> Lexicon:
        rows = ([row.japanese, row.english, *row.synonyms] for row in entries())
        return Lexicon(open_dictionary(self.dictionary), Glossary.from_rows(rows))

    def _take_in(self) -> None:
        for listing in changed_listings(self.position, self.stored_at):
            item = None
            if listing.state is ListingState.PUBLISHED:
                item = item_of(listing, db.session.get(ListingTerms, listing.id))
            for (audience, kind), index in self.indexes.items():
                if item is not None and listing.kind is kind and audience.sees(listing):
                    index.add(item)
                else:
                    index.remove(listing.public_id)

    def _glossary_changed(self) -> bool:
        return bool(
            db.session.scalar(
                select(AuditEntry.position)
                .where(
                    AuditEntry.position > self.position, AuditEntry.action.startswith("glossary.")
                )
                .limit(1)
            )
        )


def _keys() -> Iterator[tuple[Audience, ListingKind]]:
    return ((audience, kind) for audience in (STAFF, MEMBERS) for kind in ListingKind)


def _name(audience: Audience, kind: ListingKind) -> str:
    """The folder of an index."""
    return f"{'staff' if audience.everything else 'members'}-{kind.value}"


def _split(rows: list[tuple[Listing, Item]]) -> dict[tuple[Audience, ListingKind], list[Item]]:
    """The items of each index."""
    return {
        (audience, kind): [i for row, i in rows if row.kind is kind and audience.sees(row)]
        for audience, kind in _keys()
    }


def matcher() -> Matcher:
    """This process's matcher."""
    config: Config = current_app.extensions["musubi_config"]
    found: Matcher = current_app.extensions.setdefault(
        "musubi_matcher", Matcher(dictionary_folder(config), config.data / "index")
    )
    return found


def merge_due() -> int:
    """Write the index files anew when much stands beside them; for the worker. 1 when it did."""
    own = matcher()
    own.follow()
    if not own.due():
        return 0
    own.merge()
    return 1


def dictionary_folder(config: Config) -> Path:
    """Where the bilingual dictionary stands: beside the installed packages it is built from, so that
    all data folders share it; in the data folder where that place is not ours to write."""
    shared = Path(sys.prefix) / "share" / "musubi"
    writable = shared if shared.exists() else Path(sys.prefix)
    return (shared if os.access(writable, os.W_OK) else config.data) / "dictionary"


def encoder() -> Encoder | None:
    """This process's encoder of meaning, or None where its package is missing."""
    if "musubi_encoder" not in current_app.extensions:
        current_app.extensions["musubi_encoder"] = open_encoder()
    found: Encoder | None = current_app.extensions["musubi_encoder"]
    return found
