"""The index: items in, ranked and explained suggestions out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from registry.matching.explain import Search, Suggestion, explain
from registry.matching.fuse import Doubles, fuse, score_meaning
from registry.matching.lexicon import Lexicon
from registry.matching.links import Link, links
from registry.matching.meaning import Encoder
from registry.matching.score import QueryTerm, query_terms, score_words
from registry.matching.segment import Item, Mask, Segment
from registry.matching.terms import tokenise
from registry.matching.texts import Text
from registry.matching.vocabulary import Vocabulary

_LIKE = 4
"""A segment is merged with a newer one that has at least a quarter of its items."""
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

    A new item makes a segment of its own; segments of like size are merged, so that an addition
    costs little however many items there are. All are scored with common statistics and one
    vocabulary: the result is that of one segment.
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

    def items(self) -> list[Item]:
        """All items, by ref."""
        with self._lock:
            places = [place for _, place in sorted(self._places.items())]
            return [self._segments[number].items[place] for number, place in places]

    def add(self, item: Item) -> None:
        """Put an item in, in place of the one with the same ref."""
        with self._lock:
            self.remove(item.ref)
            merged = [item]
            while self._segments and len(self._segments[-1]) <= _LIKE * len(merged):
                merged = self._segments.pop().living() + merged
            if not self._segments:
                self._rebuild({i.ref: i for i in merged})
                return
            known, number = len(self._vocabulary), len(self._segments)
            self._segments.append(Segment(merged, self._vocabulary))
            self._places.update({i.ref: (number, place) for place, i in enumerate(merged)})
            if len(self._vocabulary) > known:
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

    def _ranked(self, scores: Doubles, wanted: Mask) -> Iterator[int]:
        """Wanted places by falling score, equal ones by ref."""
        places = np.flatnonzero(wanted)
        places = places[np.argsort(-scores[places], kind="stable")]
        for _, equal in groupby(places.tolist(), key=lambda place: float(scores[place])):
            yield from sorted(equal, key=self._ref)

    def _ref(self, place: int) -> str:
        number, offset = self._segment_of(place)
        return self._segments[number].items[place - offset].ref

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
