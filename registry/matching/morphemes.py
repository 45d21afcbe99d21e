"""Sudachi's morphemes, with some words put together again that it takes apart.

Split mode C; one tokenizer per thread, since one must not be shared; what is known of a word of
the dictionary is read from it once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from sudachipy import Dictionary  # type: ignore[import-untyped]  # has no types

from registry.matching.normalise import fold
from registry.matching.words import word_list

_CONTENT = ("名詞", "動詞", "形容詞", "形状詞")
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_CHUNK = 4000
"""Longest piece handed to Sudachi at once (it refuses texts above some 49,000 bytes)."""
_KEPT = 200_000

_local = threading.local()
_dictionary_lock = threading.Lock()


class Facts(NamedTuple):
    """What is known of a word wherever it stands.

    Normalized form (empty unless it is a content word), word class, synonym groups, short units.
    """

    form: str
    kind: tuple[str, str]
    groups: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()


class Morpheme(NamedTuple):
    """A word at a place of a text."""

    start: int
    end: int
    surface: str
    facts: Facts


_facts: dict[int, Facts] = {}


def morphemes(text: str) -> Iterator[Morpheme]:
    """All morphemes of a folded text of any length, in order."""
    for offset, piece in _chunks(text):
        yield from _whole_words(_read(piece, offset))


def _read(piece: str, offset: int) -> Iterator[Morpheme]:
    for found in _tokenizer().tokenize(piece):
        start, end = found.begin(), found.end()
        facts = _facts.get(found.word_id()) or _learn(found)
        yield Morpheme(offset + start, offset + end, piece[start:end], facts)


def _whole_words(found: Iterator[Morpheme]) -> Iterator[Morpheme]:
    """Single kanji that the dictionary knows together become a word, so do negation and noun.

    At the end of a text Sudachi takes 金型 for two suffixes, and 射出成形金型 would lose it; and
    無電解 is not 電解.
    """
    waiting: Morpheme | None = None
    for morpheme in found:
        if waiting is not None:
            form = _joined_form(waiting, morpheme)
            if form:
                surface = waiting.surface + morpheme.surface
                yield Morpheme(waiting.start, morpheme.end, surface, Facts(form, _NOUN))
                waiting = None
                continue
            yield waiting
        waiting = morpheme if _KANJI.fullmatch(morpheme.surface) else None
        if waiting is None:
            yield morpheme
    if waiting is not None:
        yield waiting


_NOUN = ("名詞", "普通名詞")


def _joined_form(first: Morpheme, second: Morpheme) -> str:
    """The word that a single kanji and the next morpheme make; empty when they make none."""
    if first.facts.kind[0] == "接頭辞" and first.surface in word_list("negation"):
        noun = second.facts.kind[0] in ("名詞", "形状詞")
        return first.surface + second.facts.form if noun and second.facts.form else ""
    if _KANJI.fullmatch(second.surface):
        return known_form(first.surface + second.surface)
    return ""


def _learn(morpheme: Any) -> Facts:
    """The facts of a word, remembered when the dictionary has it: numbers of others are not its."""
    facts = _look(morpheme)
    if not morpheme.is_oov():
        if len(_facts) > _KEPT:
            _facts.clear()
        _facts[morpheme.word_id()] = facts
    return facts


def _look(morpheme: Any) -> Facts:
    pos = morpheme.part_of_speech()
    kind = (pos[0], pos[1])
    if pos[0] not in _CONTENT or pos[1] == "数詞":
        return Facts("", kind, tuple(morpheme.synonym_group_ids()))
    groups = tuple(morpheme.synonym_group_ids())
    return Facts(fold(morpheme.normalized_form()), kind, groups, _parts(morpheme))


def _parts(morpheme: Any) -> tuple[str, ...]:
    """The short units of a compound in normalized form; empty for a simple word."""
    surface = morpheme.surface()
    pieces = [piece.normalized_form() for piece in morpheme.split("A", add_single=False)]
    if not pieces and morpheme.is_oov() and _KATAKANA.fullmatch(surface):
        pieces = list(_katakana_pieces(surface))
    if not pieces and len(surface) >= 3 and surface[-1] in word_list("suffix_kanji"):
        pieces = list(_stem_and_suffix(morpheme.normalized_form()))
    if len(pieces) < 2 or pieces[0] in word_list("negation"):
        return ()
    folded = (fold(piece) for piece in pieces)
    return tuple(p[:-1] if len(p) >= 3 and p.endswith("ー") else p for p in folded)


@lru_cache(maxsize=50_000)
def _katakana_pieces(word: str) -> tuple[str, ...]:
    """An unknown katakana compound cut in two known words, the first as long as possible."""
    for cut in range(len(word) - 2, 1, -1):
        if word[cut] in "ーッャュョァィゥェォン":
            continue
        if known_form(word[:cut]) and known_form(word[cut:]):
            return word[:cut], word[cut:]
    return ()


@lru_cache(maxsize=50_000)
def _stem_and_suffix(form: str) -> tuple[str, ...]:
    """A word that the dictionary has and one kanji (歪み計 → 歪み, 計); empty for others."""
    return (form[:-1], form[-1]) if known_form(form[:-1]) else ()


@lru_cache(maxsize=100_000)
def known_form(word: str) -> str:
    """The normalized form of a noun that Sudachi's dictionary has; empty for others."""
    with _dictionary_lock:
        for morpheme in _dictionary().lookup(word):
            if morpheme.surface() == word and morpheme.part_of_speech()[0] == "名詞":
                return str(morpheme.normalized_form())
    return ""


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces short enough for Sudachi, cut after a sentence where possible."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            cut = max(text.rfind(mark, start, end) for mark in "。\n 、")
            end = cut + 1 if cut > start else end
        yield start, text[start:end]
        start = end


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Any:
    """Sudachi's tokenizer of this thread."""
    if not hasattr(_local, "tokenizer"):
        with _dictionary_lock:
            _local.tokenizer = _dictionary().tokenizer(mode="C")
    return _local.tokenizer
