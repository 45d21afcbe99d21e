"""The terms of a segment, and the look-up tables by which they can be found from other terms."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

from registry.matching.glossary import GLOSSARY
from registry.matching.lexicon import Lexicon
from registry.matching.sound import skeleton
from registry.matching.terms import ENGLISH
from registry.matching.texts import PLAIN, Word
from registry.matching.words import word_list

_KATAKANA = re.compile(r"[ァ-ヶー]+")
_VERB = re.compile(r"([\u4e00-\u9fff])[ぁ-ゖ]+")
_COMPOUND = re.compile(r"[\u4e00-\u9fff]{2}")
_KATAKANA_END = re.compile(r"[ァ-ヶー]{2}$")
_KANA = re.compile(r"[ぁ-ゖ]")
_KANJI = re.compile(r"[\u3005\u4e00-\u9fff]+")
LONGEST_COMPOUND = 8
GROUP, PART_OF, VERB, KANJI_OF, BONES = "g", "p", "v", "k", "b"
BEGINNING, PIVOT_OF, SOUND_OF, SPELLED, SLIP = "s", "o", "h", "w", "m"
"""Kinds of keys by which terms are found."""
SHORTEST_SPELLING = {True: 5, False: 3}
"""Fewest letters of a term that is compared by spelling; the key tells whether it is English."""


def joins(word: Word) -> Iterator[str]:
    """Every run of neighbouring parts of a compound, at least two characters, not the whole."""
    count = len(word.parts)
    if not 2 <= count <= LONGEST_COMPOUND:
        return
    for first in range(count):
        for last in range(first + 1, count + 1):
            if last - first < count:
                run = "".join(word.parts[first:last])
                if len(run) >= 2:
                    yield run.removesuffix("ー") if len(run) >= 3 else run


def verb_kanji(term: str) -> str:
    """The kanji of an inflected word with one kanji (塗る → 塗); empty for others."""
    found = _VERB.fullmatch(term)
    return found.group(1) if found and found.group(1) not in word_list("general_kanji") else ""


def beginnings(term: str) -> Iterator[str]:
    """The possible short forms of a word that ends in katakana (省エネルギー → 省エネ)."""
    if len(term) >= 4 and _KATAKANA_END.search(term):
        yield from (term[:length] for length in range(3, len(term) - 1))


def kanji_bones(term: str) -> str:
    """The kanji of a word without its kana (引っ張り, 引張 → 引張); empty below two kanji."""
    bones = _KANA.sub("", term)
    return bones if len(bones) >= 2 and _KANJI.fullmatch(bones) else ""


def compound_kanji(term: str) -> tuple[str, ...]:
    """The telling kanji of a word of two kanji (塗装 → 塗, 装); empty for others."""
    if not _COMPOUND.fullmatch(term):
        return ()
    return tuple(k for k in dict.fromkeys(term) if k not in word_list("general_kanji"))


def written(term: str, word: Word) -> str:
    """A term's letters as its author wrote them: stems would hide where a slip lies."""
    return word.written or term.removeprefix(ENGLISH)


def block(english: bool, first: str, length: int) -> str:
    """Where words of one first letter and length stand, to be compared with each other."""
    return f"{int(english)}{first}{length}"


def lengths_within(length: int, cutoff: float) -> range:
    """Lengths that a word may have whose edit ratio with one of `length` reaches a cutoff.

    The ratio is at most 2 · the shorter / the sum of both lengths.
    """
    least = math.ceil(length * cutoff / (2 - cutoff) - 1e-9)
    return range(max(1, least), math.floor(length * (2 - cutoff) / cutoff + 1e-9) + 1)


class Words(Protocol):
    """What links ask of a vocabulary, in memory or mapped."""

    lexicon: Lexicon

    def __len__(self) -> int:
        """How many terms."""

    def number(self, term: str) -> int | None:
        """The number of a term."""

    def term(self, number: int) -> str:
        """The term of a number."""

    def word(self, number: int) -> Word:
        """What the tokeniser knew of it."""

    def listed(self, kind: str, key: str) -> Sequence[int]:
        """The terms that are found by a key."""

    def stems(self, stem: str) -> Sequence[tuple[int, float]]:
        """The terms that JMdict translates so, with the strength."""


class Vocabulary:
    """Terms by number. Grows by `add`; what it says depends only on the terms it holds."""

    def __init__(self, lexicon: Lexicon) -> None:
        """An empty vocabulary; glosses come from the lexicon's dictionary."""
        self.lexicon = lexicon
        self.terms: list[str] = []
        self.words: list[Word] = []
        self.ids: dict[str, int] = {}
        self.tables: dict[str, list[int]] = defaultdict(list)
        self.by_stem: dict[str, list[tuple[int, float]]] = defaultdict(list)

    def __len__(self) -> int:
        """How many terms."""
        return len(self.terms)

    def number(self, term: str) -> int | None:
        """The number of a term; None when it is not here."""
        return self.ids.get(term)

    def term(self, number: int) -> str:
        """The term of a number."""
        return self.terms[number]

    def word(self, number: int) -> Word:
        """What the tokeniser knew of it."""
        return self.words[number]

    def listed(self, kind: str, key: str) -> Sequence[int]:
        """The terms that are found by a key, in order of number."""
        return self.tables.get(kind + key, ())

    def stems(self, stem: str) -> Sequence[tuple[int, float]]:
        """The terms that JMdict translates so, with the strength."""
        return self.by_stem.get(stem, ())

    def add(self, term: str, word: Word = PLAIN) -> int:
        """The number of a term, which is new or known."""
        number = self.ids.get(term)
        if number is not None:
            return number
        number = self.ids[term] = len(self.terms)
        self.terms.append(term)
        self.words.append(word)
        for group in word.groups:
            self.tables[f"{GROUP}{group}"].append(number)
        for part in dict.fromkeys(joins(word)):
            self.tables[PART_OF + part].append(number)
        kanji = verb_kanji(term)
        if kanji:
            self.tables[VERB + kanji].append(number)
        for kanji in compound_kanji(term):
            self.tables[KANJI_OF + kanji].append(number)
        bones = kanji_bones(term)
        if bones:
            self.tables[BONES + bones].append(number)
        for beginning in beginnings(term):
            self.tables[BEGINNING + beginning].append(number)
        english = term.startswith(ENGLISH)
        self._add_spelling(number, english, term)
        if english:
            self._add_sound(number, True, term[len(ENGLISH) :])
        else:
            self._add_glosses(number, term)
        return number

    def _add_glosses(self, number: int, term: str) -> None:
        entry = self.lexicon.entry(term)
        for stem, strength in entry.stems:
            self.by_stem[stem].append((number, strength))
        for pivot in entry.pivots:
            self.tables[PIVOT_OF + pivot].append(number)
        if not entry.stems and _KATAKANA.fullmatch(term):
            self._add_sound(number, False, term)

    def _add_sound(self, number: int, english: bool, word: str) -> None:
        bones = skeleton(word)
        if bones:
            self.tables[SOUND_OF + block(english, bones[0], len(bones))].append(number)

    def _add_spelling(self, number: int, english: bool, term: str) -> None:
        """Terms long enough to be compared by spelling; apart, those that no dictionary has."""
        letters = len(term) - (len(ENGLISH) if english else 0)
        if term.startswith(GLOSSARY) or letters < SHORTEST_SPELLING[english]:
            return
        seen = written(term, self.words[number])
        place = block(english, seen[0], len(seen))
        self.tables[SPELLED + place].append(number)
        if not self.lexicon.knows(term):
            self.tables[SLIP + place].append(number)
