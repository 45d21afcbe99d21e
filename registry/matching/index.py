"""The index: items in, ranked and explained suggestions out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from registry.matching.explain import Search, Suggestion, explain
from registry.matching.fuse import fuse, score_meaning
from registry.matching.lexicon import Lexicon
from registry.matching.links import Link, links
from registry.matching.meaning import Encoder
from registry.matching.score import QueryTerm, query_terms, score_words
from registry.matching.segment import Item, Mask, Segment
from registry.matching.terms import tokenise
from registry.matching.texts import Text
from registry.matching.vocabulary import Vocabulary

_SMALL_DELTA = 64
_SHARE_OF_DELTA = 0.1
_KEPT_LINKS = 200_000


@dataclass(frozen=True, slots=True)
class Keep:
    """A filter over tags: all of the first, one of the second unless empty, none of the third."""

    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()

    def mask(self, segment: Segment) -> Mask:
        """Which items of a segment pass."""
        mask: Mask = np.ones(len(segment), dtype=bool)
        for tag in self.all_of:
            mask &= segment.tagged(tag)
        for tag in self.none_of:
            mask &= ~segment.tagged(tag)
        if self.any_of:
            mask &= np.logical_or.reduce([segment.tagged(tag) for tag in self.any_of])
        return mask


class Index:
    """Items of one kind, ready to be suggested. Safe to use from several threads.

    A new item goes to a small second segment, which is merged into the first when it has grown;
    both are scored with common statistics, so that the result is that of one segment.
    """

    def __init__(self, items: Iterable[Item], lexicon: Lexicon) -> None:
        """Index the items; of several with one ref the last counts."""
        self.lexicon = lexicon
        self._lock = threading.RLock()
        self._rebuild({item.ref: item for item in items})

    def _rebuild(self, items: dict[str, Item]) -> None:
        self._vocabulary = Vocabulary(self.lexicon)
        main = Segment([items[ref] for ref in sorted(items)], self._vocabulary)
        self._segments = [main]
        self._places = {item.ref: (0, place) for place, item in enumerate(main.items)}
        self._links: dict[tuple[str, tuple[str, ...]], list[Link]] = {}

    def __len__(self) -> int:
        """How many items can be suggested."""
        return len(self._places)

    @property
    def refs(self) -> frozenset[str]:
        """The refs of all items."""
        return frozenset(self._places)

    def items(self) -> Iterator[Item]:
        """All items, by ref."""
        with self._lock:
            for ref in sorted(self._places):
                number, place = self._places[ref]
                yield self._segments[number].items[place]

    def add(self, item: Item) -> None:
        """Put an item in, in place of the one with the same ref."""
        with self._lock:
            self.remove(item.ref)
            newer = self._segments[1:]
            delta = [i for s in newer for place, i in enumerate(s.items) if s.alive[place]]
            delta.append(item)
            if len(delta) > max(_SMALL_DELTA, _SHARE_OF_DELTA * len(self)):
                self._rebuild({**{i.ref: i for i in self.items()}, item.ref: item})
                return
            segment = Segment(delta, self._vocabulary)
            self._segments = [self._segments[0], segment]
            self._places.update({i.ref: (1, place) for place, i in enumerate(segment.items)})
            self._links.clear()

    def remove(self, ref: str) -> None:
        """Take an item out; nothing happens when there is none of that ref."""
        with self._lock:
            found = self._places.pop(ref, None)
            if found is not None:
                number, place = found
                self._segments[number].take_out(place)

    def suggest(
        self,
        item: Item,
        *,
        limit: int = 10,
        cutoff: float = 0.0,
        keep: Keep | Callable[[str], bool] | None = None,
    ) -> list[Suggestion]:
        """At most `limit` items scoring `cutoff` or more, best first, equal scores by ref.

        `keep` is asked before anything is ranked; an item is never suggested to itself (the same
        ref); what nothing carries is not suggested, and a need without any word that says something
        gets no suggestion.
        """
        with self._lock:
            search = self._search(item)
            if not search.query:
                return []
            scores = fuse(search.words.coverage, search.meaning)
            wanted = self._mask(keep) & (scores >= cutoff)
            wanted &= (search.words.coverage > 0) | (search.meaning.above > 0)
            found: list[Suggestion] = []
            for place in self._ranked(scores, wanted):
                if len(found) >= limit:
                    break
                number, offset = self._segment_of(place)
                segment = self._segments[number]
                if segment.items[place - offset].ref != item.ref:
                    score = float(scores[place])
                    suggestion = explain(search, segment, place - offset, offset, score)
                    if suggestion is not None:
                        found.append(suggestion)
            return found

    def _search(self, item: Item) -> Search:
        """Score all items for one need."""
        query = query_terms(item.terms, self.lexicon)
        words = score_words(query, self._segments, self._find)
        meaning = score_meaning(item.passages, self._segments)
        mentions = self.lexicon.glossary.mentions(item.terms)
        return Search(item, mentions, query, words, meaning, self._vocabulary, self._find)

    def _find(self, term: QueryTerm) -> list[Link]:
        """The links of a need's term, kept until the vocabulary grows."""
        key = (term.term, term.concepts)
        found = self._links.get(key)
        if found is None:
            found = links(term.term, term.word, self._vocabulary, term.concepts)
            if len(self._links) > _KEPT_LINKS:
                self._links.clear()
            self._links[key] = found
        return found

    def _mask(self, keep: Keep | Callable[[str], bool] | None) -> Mask:
        masks = []
        for segment in self._segments:
            mask = segment.alive.copy()
            if isinstance(keep, Keep):
                mask &= keep.mask(segment)
            elif keep is not None:
                mask &= np.array([keep(item.ref) for item in segment.items], dtype=bool)
            masks.append(mask)
        return np.concatenate(masks)

    def _ranked(self, scores: np.ndarray, wanted: Mask) -> Iterator[int]:
        """Wanted places by falling score, then by ref."""
        places = np.flatnonzero(wanted)
        for place in places[np.argsort(-scores[places], kind="stable")]:
            yield int(place)

    def _segment_of(self, place: int) -> tuple[int, int]:
        """Number and first place of the segment that holds a place of the whole."""
        offset = 0
        for number, segment in enumerate(self._segments):
            if place < offset + len(segment):
                return number, offset
            offset += len(segment)
        raise IndexError(place)


def build_index(items: Iterable[Item], lexicon: Lexicon) -> Index:
    """An index over items: over seeds it answers needs, over needs it answers seeds."""
    return Index(items, lexicon)


def prepare(text: Text, encoder: Encoder | None = None) -> Item:
    """Tokenise a text and, with an encoder, embed it."""
    passages = encoder.embed([text])[0] if encoder is not None else None
    return Item(text.ref, tokenise(text), text.tags, passages)
