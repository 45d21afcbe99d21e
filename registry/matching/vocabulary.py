"""The terms of a segment, and the look-up tables by which they can be found from other terms."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator

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
_LONGEST_COMPOUND = 8
SHORTEST_SPELLING = {True: 5, False: 3}
"""Fewest letters of a term that is compared by spelling; the key tells whether it is English."""


def joins(word: Word) -> Iterator[str]:
    """Every run of neighbouring parts of a compound, at least two characters, not the whole."""
    count = len(word.parts)
    if not 2 <= count <= _LONGEST_COMPOUND:
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


def spelling_block(english: bool, first: str, length: int) -> str:
    """Where terms of one first letter and length stand, to be compared by spelling."""
    return f"{int(english)}{first}{length}"


def sound_block(english: bool, first: str, length: int) -> str:
    """The same for skeletons of sound."""
    return f"{int(english)}{first}{length}"


def lengths_within(length: int, cutoff: float) -> range:
    """Lengths that a word may have whose edit ratio with one of `length` reaches a cutoff.

    The ratio is at most 2 · the shorter / the sum of both lengths.
    """
    least = math.ceil(length * cutoff / (2 - cutoff) - 1e-9)
    return range(max(1, least), math.floor(length * (2 - cutoff) / cutoff + 1e-9) + 1)


class Vocabulary:
    """Terms by number. Grows by `add`; what it says depends only on the terms it holds."""

    def __init__(self, lexicon: Lexicon) -> None:
        """An empty vocabulary; glosses come from the lexicon's dictionary."""
        self.lexicon = lexicon
        self.terms: list[str] = []
        self.words: list[Word] = []
        self.ids: dict[str, int] = {}
        self.by_group: dict[int, list[int]] = defaultdict(list)
        self.by_part: dict[str, list[int]] = defaultdict(list)
        self.by_stem: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.by_pivot: dict[str, list[int]] = defaultdict(list)
        self.by_sound: dict[str, list[int]] = defaultdict(list)
        self.by_kanji: dict[str, list[int]] = defaultdict(list)
        self.by_verb: dict[str, list[int]] = defaultdict(list)
        self.by_bones: dict[str, list[int]] = defaultdict(list)
        self.by_beginning: dict[str, list[int]] = defaultdict(list)
        self.by_spelling: dict[str, list[int]] = defaultdict(list)
        self.by_slip: dict[str, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        """How many terms."""
        return len(self.terms)

    def written(self, number: int) -> str:
        """A term's letters as its author wrote them."""
        return written(self.terms[number], self.words[number])

    def add(self, term: str, word: Word = PLAIN) -> int:
        """The number of a term, which is new or known."""
        number = self.ids.get(term)
        if number is not None:
            return number
        number = self.ids[term] = len(self.terms)
        self.terms.append(term)
        self.words.append(word)
        for group in word.groups:
            self.by_group[group].append(number)
        for part in dict.fromkeys(joins(word)):
            self.by_part[part].append(number)
        kanji = verb_kanji(term)
        if kanji:
            self.by_verb[kanji].append(number)
        for kanji in compound_kanji(term):
            self.by_kanji[kanji].append(number)
        bones = kanji_bones(term)
        if bones:
            self.by_bones[bones].append(number)
        for beginning in beginnings(term):
            self.by_beginning[beginning].append(number)
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
            self.by_pivot[pivot].append(number)
        if not entry.stems and _KATAKANA.fullmatch(term):
            self._add_sound(number, False, term)

    def _add_sound(self, number: int, english: bool, word: str) -> None:
        bones = skeleton(word)
        if bones:
            self.by_sound[sound_block(english, bones[0], len(bones))].append(number)

    def _add_spelling(self, number: int, english: bool, term: str) -> None:
        """Terms long enough to be compared by spelling; apart, those that no dictionary has."""
        letters = len(term) - (len(ENGLISH) if english else 0)
        if term.startswith(GLOSSARY) or letters < SHORTEST_SPELLING[english]:
            return
        seen = written(term, self.words[number])
        block = spelling_block(english, seen[0], len(seen))
        self.by_spelling[block].append(number)
        if not self.lexicon.knows(term):
            self.by_slip[block].append(number)
