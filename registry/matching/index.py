"""The index: items in, ranked and explained suggestions out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from registry.matching.expand import Compass, Links, count_links
from registry.matching.explain import Search, Suggestion, explain
from registry.matching.fuse import score_meaning, weight_of
from registry.matching.kernel import Kernel, Lists
from registry.matching.lexicon import Lexicon
from registry.matching.mapped import build_main
from registry.matching.meaning import Encoder
from registry.matching.rank import Ranked, rank
from registry.matching.reach import Reach
from registry.matching.score import query_of, values_of
from registry.matching.segment import Item, Mask, Segment, build_segment
from registry.matching.sweep import Sweep
from registry.matching.terms import tokenise
from registry.matching.texts import Text
from registry.matching.vocabulary import Vocabulary
from registry.matching.warming import current_kernel

_LIKE = 4
"""A segment is merged with a newer one that has at least a quarter of its items."""
_SMALL = 64
"""An index of no more items is made anew at each change."""
_SPARE = 6
"""So many more are ranked than asked for, because some are carried by nothing."""


@dataclass(frozen=True, slots=True)
class Keep:
    """A filter over tags: all of the first, one of the second unless empty, none of the third.

    With `refs` only these items pass, whatever their tags; those in `no_refs` never do.
    """

    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    refs: frozenset[str] | None = None
    no_refs: frozenset[str] = frozenset()

    def mask(self, segment: Segment) -> Mask:
        """Which items of a segment pass."""
        mask: Mask = np.ones(len(segment), dtype=bool)
        for tag in self.all_of:
            mask &= segment.tagged(tag)
        for tag in self.none_of:
            mask &= ~segment.tagged(tag)
        if self.any_of:
            mask &= np.logical_or.reduce([segment.tagged(tag) for tag in self.any_of])
        if self.refs is not None:
            mask &= _at(segment, self.refs)
        if self.no_refs:
            mask &= ~_at(segment, self.no_refs)
        return mask


def _at(segment: Segment, refs: frozenset[str]) -> Mask:
    """Where the items of these refs stand."""
    mask: Mask = np.zeros(len(segment), dtype=bool)
    for ref in refs:
        place = segment.items.find(ref)
        if place is not None:
            mask[place] = True
    return mask


class Index:
    """Items of one kind, ready to be suggested. Safe to use from several threads.

    The main segment has its vocabulary, the segments of new items share another; new segments of
    like size are merged, so that an addition costs little however many items there are. All are
    scored with common statistics.
    """

    def __init__(
        self, items: Iterable[Item], lexicon: Lexicon, kernel: Kernel | None = None
    ) -> None:
        """Index the items; of several with one ref the last counts."""
        self.lexicon = lexicon
        self._given = kernel
        self._lock = threading.RLock()
        self._mapped = 0
        self._rebuild({item.ref: item for item in items})

    @classmethod
    def over(
        cls,
        mains: Sequence[Segment],
        average: float,
        lexicon: Lexicon,
        kernel: Kernel | None = None,
    ) -> Index:
        """An index whose main segments are mapped; they are never made anew in this process.

        Slices of one segment (`assemble.cut`) answer as the whole.
        """
        index = cls([], lexicon, kernel)
        index._segments, index._average, index._mapped = list(mains), average, len(mains)
        index._compass = Compass(lexicon)
        return index

    @property
    def fresh(self) -> int:
        """Changes beside the main segment: items added to it and taken out of it."""
        mains = max(self._mapped, 1)
        changed = sum(segment.dead for segment in self._segments[:mains])
        return sum(map(len, self._segments[mains:])) + changed

    def _rebuild(self, items: dict[str, Item]) -> None:
        if len(items) > _SMALL:
            main, self._average = build_main(items.values(), self.lexicon)
        else:
            ordered = [items[ref] for ref in sorted(items)]
            self._average = sum(item.terms.length for item in ordered) / max(len(ordered), 1)
            main = build_segment(ordered, Reach(Vocabulary(self.lexicon)), self._average)
        self._segments = [main]
        self._fresh = Reach(Vocabulary(self.lexicon))
        self._compass = Compass(self.lexicon)

    def __len__(self) -> int:
        """How many items can be suggested."""
        return sum(len(segment) - segment.dead for segment in self._segments)

    @property
    def refs(self) -> frozenset[str]:
        """The refs of all items."""
        with self._lock:
            return frozenset(
                segment.items.ref(int(place))
                for segment in self._segments
                for place in np.flatnonzero(segment.alive)
            )

    def items(self) -> list[Item]:
        """All items, by ref."""
        with self._lock:
            living = [item for segment in self._segments for item in segment.living()]
            return sorted(living, key=lambda item: item.ref)

    def add(self, item: Item) -> None:
        """Put an item in, in place of the one with the same ref."""
        with self._lock:
            self._take_out(item.ref)
            if not self._mapped and len(self) <= _SMALL:
                self._rebuild({i.ref: i for i in [*self.items(), item]})
                return
            merged = [item]
            while len(self._segments) > self._mapped and (
                len(self._segments[-1]) <= _LIKE * len(merged)
            ):
                merged = self._segments.pop().living() + merged
                if not self._segments:
                    self._rebuild({i.ref: i for i in merged})
                    return
            self._segments.append(build_segment(merged, self._fresh, self._average))

    def remove(self, ref: str) -> None:
        """Take an item out; nothing happens when there is none of that ref."""
        with self._lock:
            if self._take_out(ref) and not self._mapped and len(self) <= _SMALL:
                self._rebuild({item.ref: item for item in self.items()})

    def _take_out(self, ref: str) -> bool:
        for segment in self._segments:
            place = segment.find(ref)
            if place is not None:
                segment.take_out(place)
                return True
        return False

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
            if not search.query.terms or not len(self):
                return []
            count = limit + _SPARE
            while True:
                ranked = self._rank(search, keep, count)
                suggestions: list[Suggestion] = []
                for found in ranked.found:
                    if len(suggestions) >= limit or found.score < cutoff:
                        return suggestions
                    if found.ref != item.ref and (told := explain(search, found)) is not None:
                        suggestions.append(told)
                if len(suggestions) >= limit or ranked.floor <= cutoff or count > len(self):
                    return suggestions
                count *= 4

    def rank(
        self,
        item: Item,
        *,
        limit: int = 10,
        keep: Keep | Callable[[str], bool] | None = None,
    ) -> list[tuple[str, float]]:
        """The order alone: refs and scores of the best, whether or not a reason carries them."""
        with self._lock:
            search = self._search(item)
            if not search.query.terms or not len(self):
                return []
            found = self._rank(search, keep, limit + 1).found
            return [(f.ref, f.score) for f in found if f.ref != item.ref][:limit]

    def _search(self, item: Item) -> Search:
        """What the need's terms reach, and what each is worth."""
        kernel = self._given or current_kernel()
        mentions = self.lexicon.glossary.mentions(item.terms)
        query = query_of(item.terms, mentions)
        links: dict[int, Links] = {}
        frequencies = np.zeros(len(query.terms), dtype=np.int64)
        for segment in self._segments:
            reach = segment.reach
            if id(reach) not in links:
                links[id(reach)] = self._compass.links(reach, query, item.terms, kernel)
            frequencies += count_links(segment, query, links[id(reach)])
        backgrounds = self._compass.backgrounds(query.terms)
        values = values_of(query.weights, backgrounds, frequencies, len(self))
        return Search(item, mentions, query, values, links, weight_of(frequencies))

    def _rank(
        self, search: Search, keep: Keep | Callable[[str], bool] | None, count: int
    ) -> Ranked:
        kernel = self._given or current_kernel()
        meanings = score_meaning(search.need.passages, self._segments, search.weight, kernel)
        sweeps = []
        for segment in self._segments:
            links = search.links[id(segment.reach)]
            lists = Lists(links.numbers, links.weights, links.groups, search.values)
            sweeps.append(Sweep(segment, lists, kernel, self._mask(segment, keep)))
        return rank(sweeps, meanings, count)

    def _mask(self, segment: Segment, keep: Keep | Callable[[str], bool] | None) -> Mask | None:
        """Which items may be suggested; None for all."""
        if isinstance(keep, Keep):
            mask: Mask = segment.alive & keep.mask(segment)
            return mask
        if keep is not None:
            passed = [keep(segment.items.ref(place)) for place in range(len(segment))]
            mask = np.array(passed, dtype=bool)
            mask &= segment.alive
            return mask
        return segment.alive if segment.dead else None


def build_index(items: Iterable[Item], lexicon: Lexicon) -> Index:
    """An index over items: over seeds it answers needs, over needs it answers seeds."""
    return Index(items, lexicon)


def prepare(text: Text, encoder: Encoder | None = None) -> Item:
    """Tokenise a text and, with an encoder, embed it."""
    passages = encoder.embed([text])[0] if encoder is not None else None
    return Item(text.ref, tokenise(text), text.tags, passages)
