"""A whole vocabulary at once: what `vocabulary.py` knows of each term, as arrays over all of them.

The rules are those of `Vocabulary`; the tests compare both over many words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from registry.matching.counting import spread
from registry.matching.hashing import Hashes, Letters, Offsets
from registry.matching.lexicon import GLOSS_TEXTS, MANNER, MOST, RARE, Lexicon, manner_terms
from registry.matching.sound import skeleton
from registry.matching.terms import ENGLISH
from registry.matching.texts import Word
from registry.matching.thesaurus import Thesaurus, find
from registry.matching.vocabulary import LONGEST_COMPOUND, SHORTEST_SPELLING, written
from registry.matching.words import word_list

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
Keyed = tuple[Hashes, Ints]
"""Keys of one kind with the numbers of terms, in order of number."""

_LONG_MARK = ord("ー")
_REPEATED = ord("々")


def within(codes: NDArray[np.uint32], first: str, last: str) -> Mask:
    """Which letters lie between two."""
    inside: Mask = (codes >= ord(first)) & (codes <= ord(last))
    return inside


class Lexemes:
    """The terms of a vocabulary in order of number, with what can be told from their letters and
    from the dictionary."""

    def __init__(self, terms: Sequence[str], words: Sequence[Word], lexicon: Lexicon) -> None:
        """Take the terms; most is worked out when it is asked for."""
        self.terms, self.words, self.lexicon = terms, words, lexicon
        self.letters = Letters.of(terms)
        self.hashes = self.letters.hashes()
        self.order: Ints = np.argsort(self.hashes, kind="stable").astype(np.int32)
        self.sorted: Hashes = self.hashes[self.order]
        prefixed = self.letters.at(1) == ord(":")
        self.english: Mask = prefixed & (self.letters.at(0) == ord("e"))
        self.concept: Mask = prefixed & (self.letters.at(0) == ord("g"))

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, hashes: Hashes) -> Ints:
        """The numbers of terms by their hashes; −1 for terms that are not here."""
        place = find(self.sorted, hashes)
        found: Ints = np.where(place >= 0, self.order[place], -1).astype(np.int32)
        return found

    @cached_property
    def thesaurus(self) -> Thesaurus | None:
        """JMdict as arrays."""
        found = self.lexicon.dictionary
        return found.thesaurus if found is not None else None

    @cached_property
    def entries(self) -> Ints:
        """The dictionary entry of each Japanese term; −1 for none."""
        if self.thesaurus is None:
            return np.full(len(self), -1, dtype=np.int32)
        found = self.thesaurus.entries(self.letters)
        found[self.english] = -1
        return found

    @cached_property
    def stems(self) -> Ints:
        """The dictionary's stem of each English term; −1 for none."""
        if self.thesaurus is None:
            return np.full(len(self), -1, dtype=np.int32)
        return np.where(self.english, self.thesaurus.english(self.hashes), -1).astype(np.int32)

    @cached_property
    def known(self) -> Mask:
        """Which terms a dictionary has."""
        known = self.entries >= 0
        if self.thesaurus is not None:
            known = known | ((self.stems >= 0) & (self.thesaurus.uses[self.stems] > 0))
        return known

    @cached_property
    def glossed(self) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """Term, stem and strength of every translation of the Japanese terms."""
        who = np.flatnonzero(self.entries >= 0)
        if self.thesaurus is None:
            return who.astype(np.int32), who.astype(np.int32), np.zeros(0)
        starts = self.thesaurus.stem_starts
        sizes = starts[self.entries[who] + 1] - starts[self.entries[who]]
        where = spread(starts[self.entries[who]], sizes)
        owners = np.repeat(who, sizes).astype(np.int32)
        return owners, self.thesaurus.stems[where], self.thesaurus.strengths[where]

    @cached_property
    def pivots(self) -> tuple[Ints, Ints]:
        """Term and stem of every one-word gloss of the Japanese terms."""
        who = np.flatnonzero(self.entries >= 0)
        if self.thesaurus is None:
            return who.astype(np.int32), who.astype(np.int32)
        starts = self.thesaurus.pivot_starts
        sizes = starts[self.entries[who] + 1] - starts[self.entries[who]]
        where = spread(starts[self.entries[who]], sizes)
        return np.repeat(who, sizes).astype(np.int32), self.thesaurus.pivots[where]

    @cached_property
    def backgrounds(self) -> NDArray[np.float64]:
        """The share of ordinary texts that hold each term (`Lexicon.background`)."""
        share = np.full(len(self), RARE)
        if self.thesaurus is not None:
            bands = np.where(self.entries >= 0, self.thesaurus.bands[self.entries], 0)
            uses = self.thesaurus.uses[self.stems] * (self.stems >= 0) / GLOSS_TEXTS
            share = np.where(bands > 0, MOST / np.maximum(bands, 1) ** 0.7, RARE)
            share[self.english] = np.clip(uses, RARE, MOST)[self.english]
        known = manner_terms()
        share[[number for number, term in enumerate(self.terms) if term in known]] = MANNER
        return share

    @cached_property
    def groups(self) -> Keyed:
        """Sudachi's synonym groups."""
        pairs = [(g, n) for n, word in enumerate(self.words) for g in word.groups]
        flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return flat[:, 0].astype(np.uint64), flat[:, 1].astype(np.int32)

    @cached_property
    def runs(self) -> tuple[Hashes, Ints, Offsets]:
        """Every run of neighbouring parts of the compounds (`joins`): hash, compound, length."""
        who = [n for n, w in enumerate(self.words) if 2 <= len(w.parts) <= LONGEST_COMPOUND]
        pieces = [piece for n in who for piece in self.words[n].parts]
        letters = Letters.of(pieces)
        counts = np.array([len(self.words[n].parts) for n in who], dtype=np.int64)
        first_piece = np.cumsum(counts) - counts
        starts, ends, owners = [], [], []
        for count in range(2, LONGEST_COMPOUND + 1):
            chosen = np.flatnonzero(counts == count)
            for first in range(count):
                for last in range(first + 1, count + 1):
                    if last - first < count:
                        starts.append(letters.offsets[first_piece[chosen] + first])
                        ends.append(letters.offsets[first_piece[chosen] + last])
                        owners.append(chosen)
        begin, end = np.concatenate(starts), np.concatenate(ends)
        owner = np.array(who, dtype=np.int32)[np.concatenate(owners)]
        kept = end - begin >= 2
        begin, end, owner = begin[kept], end[kept], owner[kept]
        end = end - ((end - begin >= 3) & (letters.codes[end - 1] == _LONG_MARK))
        return letters.pieces(begin, end), owner, end - begin

    @cached_property
    def verbs(self) -> Keyed:
        """Inflected words by their one telling kanji (`verb_kanji`)."""
        codes = self.letters.codes
        kana = self.letters.count(within(codes, "ぁ", "ゖ"))
        first = self.letters.at(0)
        fit = (kana == self.letters.lengths - 1) & (kana > 0) & _kanji(first) & _telling(first)
        return first[fit].astype(np.uint64), np.flatnonzero(fit).astype(np.int32)

    @cached_property
    def compounds(self) -> Keyed:
        """Words of two kanji by each telling one (`compound_kanji`)."""
        first, second = self.letters.at(0), self.letters.at(1)
        fit = (self.letters.lengths == 2) & _kanji(first) & _kanji(second)
        one = np.flatnonzero(fit & _telling(first))
        two = np.flatnonzero(fit & _telling(second) & (first != second))
        numbers = np.concatenate([one, two]).astype(np.int32)
        keys = np.concatenate([first[one], second[two]]).astype(np.uint64)
        order = np.argsort(numbers, kind="stable")
        return keys[order], numbers[order]

    @cached_property
    def bones(self) -> Keyed:
        """Words by their kanji without kana (`kanji_bones`)."""
        codes = self.letters.codes
        bare = self.letters.only(~within(codes, "ぁ", "ゖ"))
        fit = (bare.lengths >= 2) & bare.all_of(_kanji(bare.codes) | (bare.codes == _REPEATED))
        return bare.hashes()[fit], np.flatnonzero(fit).astype(np.int32)

    @cached_property
    def beginnings(self) -> Keyed:
        """Words that end in katakana by their possible short forms (`beginnings`)."""
        katakana = _katakana(self.letters.at(-1)) & _katakana(self.letters.at(-2))
        who = np.flatnonzero(katakana & (self.letters.lengths >= 4))
        sizes = self.letters.lengths[who] - 4
        lengths = spread(np.full(len(who), 3, dtype=np.int64), sizes)
        owners = np.repeat(who, sizes)
        starts = self.letters.offsets[owners]
        return self.letters.pieces(starts, starts + lengths), owners.astype(np.int32)

    @cached_property
    def skeletons(self) -> list[str]:
        """How English words, and katakana that JMdict does not translate, sound; empty for others."""
        katakana = self.letters.all_of(_katakana(self.letters.codes)) & (self.letters.lengths > 0)
        heard = self.english | (katakana & ~self._translated)
        return [
            skeleton(term.removeprefix(ENGLISH)) if spoken else ""
            for term, spoken in zip(self.terms, heard.tolist(), strict=True)
        ]

    @cached_property
    def _translated(self) -> Mask:
        translated = np.zeros(len(self), dtype=bool)
        translated[self.glossed[0]] = True
        return translated

    @cached_property
    def seen(self) -> Letters:
        """The terms' letters as their authors wrote them."""
        return Letters.of([written(t, w) for t, w in zip(self.terms, self.words, strict=True)])

    @cached_property
    def spelled(self) -> Mask:
        """Which terms are long enough to be found by spelling."""
        bare = self.letters.lengths - len(ENGLISH) * self.english
        return ~self.concept & (bare >= self.shortest) & (self.seen.lengths > 0)

    @cached_property
    def shortest(self) -> Offsets:
        """Fewest letters for each term."""
        return np.where(self.english, SHORTEST_SPELLING[True], SHORTEST_SPELLING[False])


def _kanji(codes: NDArray[np.uint32]) -> Mask:
    return within(codes, "\u4e00", "\u9fff")


def _katakana(codes: NDArray[np.uint32]) -> Mask:
    katakana: Mask = within(codes, "ァ", "ヶ") | (codes == _LONG_MARK)
    return katakana


def _telling(codes: NDArray[np.uint32]) -> Mask:
    general = np.array(sorted(map(ord, word_list("general_kanji"))), dtype=np.uint32)
    telling: Mask = ~np.isin(codes, general)
    return telling
