"""From a text to its terms: Sudachi's words in Japanese, stems in English.

Japanese: split mode C, content words only, in normalized form, without the final ー. Latin:
whole words only (`ai` is never found in `retail`), stems under the prefix `e:`. Numbers alone are
no terms; codes with a letter in them (`5g`, `sus304`) are.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer
from sudachipy import Dictionary  # type: ignore[import-untyped]  # has no types

from registry.matching.normalise import fold, normalise
from registry.matching.texts import FIELDS, Terms, Text, Token, Word
from registry.matching.words import word_list, word_pairs

ENGLISH = "e:"
_CONTENT = ("名詞", "動詞", "形容詞", "形状詞")
_LATIN = re.compile(r"(?<![a-z0-9])(?=[0-9]*[a-z])[a-z0-9]+(?:[+\-&][a-z0-9]+)*\+*")
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]+")
_WORD = re.compile(r"[^\W\d_]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SHORT_PIECE = 3
_CHUNK = 4000
"""Longest piece handed to Sudachi at once (it refuses texts above some 49,000 bytes)."""

_local = threading.local()
_dictionary_lock = threading.Lock()


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Any:
    """Sudachi's tokenizer of this thread: one must not be shared."""
    if not hasattr(_local, "tokenizer"):
        with _dictionary_lock:
            _local.tokenizer = _dictionary().tokenizer(mode="C")
        _local.stemmer = snowballstemmer.stemmer("english")
    return _local.tokenizer


def tokenise(text: Text) -> Terms:
    """All terms of a text in reading order, field by field."""
    tokens: list[Token] = []
    words: dict[str, Word] = {}
    for number, name in enumerate(FIELDS):
        folded = normalise(_SURROGATE.sub("\ufffd", text.field(name)))
        found = list(_terms(folded.text, words))
        for term, start, end in sorted(found, key=lambda item: (item[1], item[2])):
            tokens.append(Token(term, number, *folded.original(start, end)))
    return Terms(text, tuple(tokens), words)


class Unit(NamedTuple):
    """A morpheme for those who look for phrases: places in the text given, Sudachi's word class."""

    start: int
    end: int
    kind: tuple[str, str]
    term: str | None


def units(text: str) -> list[Unit]:
    """All morphemes of a text in order, with the term of each that has one."""
    folded = normalise(_SURROGATE.sub("\ufffd", text))
    found = []
    for offset, piece in _chunks(folded.text):
        for morpheme in _tokenizer().tokenize(piece):
            start, end = morpheme.begin() + offset, morpheme.end() + offset
            if start < end:
                surface, pos = folded.text[start:end], morpheme.part_of_speech()
                latin = surface.isascii()
                term = english_term(surface) if latin else japanese_term(morpheme.normalized_form())
                found.append(Unit(*folded.original(start, end), (pos[0], pos[1]), term))
    return found


def english_term(word: str) -> str | None:
    """The term of one lower-case Latin word, None for a stop word."""
    if len(word) < 2 or word in word_list("stop_en"):
        return None
    return ENGLISH + stem(word)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball's English stem in one spelling; words with digits stay as they are."""
    _tokenizer()
    word = word_pairs("spelling_en").get(word, word)
    return str(_local.stemmer.stemWord(word)) if word.isalpha() else word


def japanese_term(form: str) -> str | None:
    """The term of a normalized form, None for what says nothing."""
    form = fold(form)
    if len(form) >= 3 and form.endswith("ー") and _KATAKANA.fullmatch(form):
        form = form[:-1]
    if not form or form in word_list("stop_ja") or not _WORD.search(form):
        return None
    if len(form) == 1 and (_HIRAGANA.fullmatch(form) or _KATAKANA.fullmatch(form)):
        return None
    return form


def _terms(text: str, words: dict[str, Word]) -> Iterator[tuple[str, int, int]]:
    """Terms with their bounds in the folded text; `words` learns groups and parts."""
    latin: dict[int, str] = {}
    for match in _LATIN.finditer(text):
        for term, start, end in _latin_terms(match.group(), match.start()):
            latin[start] = term
            words.setdefault(term, Word(written=text[start:end].replace("-", "")))
            yield term, start, end
    for offset, piece in _chunks(text):
        for morpheme in _whole_words(_tokenizer().tokenize(piece)):
            start, end = morpheme.start + offset, morpheme.end + offset
            if start in latin:
                if morpheme.groups and end - start > 1:
                    known = words[latin[start]]
                    words[latin[start]] = known._replace(groups=morpheme.groups)
            elif morpheme.content and not piece[morpheme.start : morpheme.end].isascii():
                found = japanese_term(morpheme.form)
                if found is not None:
                    if morpheme.groups or morpheme.parts:
                        words.setdefault(found, Word(morpheme.groups, morpheme.parts))
                    yield found, start, end


class _Found(NamedTuple):
    """What is taken from a morpheme of Sudachi."""

    start: int
    end: int
    form: str
    content: bool
    groups: tuple[int, ...]
    parts: tuple[str, ...]


def _whole_words(morphemes: Any) -> Iterator[_Found]:
    """The morphemes; some pairs become one word again.

    Single kanji that the dictionary knows together (at the end of a text Sudachi takes 金型 for
    two suffixes, and 射出成形金型 would lose it); a negation and its noun (無電解 is not 電解).
    """
    waiting: Any = None
    for morpheme in morphemes:
        form = _joined_form(waiting, morpheme) if waiting is not None else ""
        if form:
            yield _Found(waiting.begin(), morpheme.end(), form, True, (), ())
            waiting = None
            continue
        if waiting is not None:
            yield _found(waiting)
        waiting = morpheme if _KANJI.fullmatch(morpheme.surface()) else None
        if waiting is None:
            yield _found(morpheme)
    if waiting is not None:
        yield _found(waiting)


def _joined_form(first: Any, second: Any) -> str:
    """The word that a single kanji and the next morpheme make; empty when they make none."""
    pos = first.part_of_speech()[0]
    if pos == "接頭辞" and first.surface() in word_list("negation"):
        noun = second.part_of_speech()[0] in ("名詞", "形状詞")
        return str(first.surface() + second.normalized_form()) if noun else ""
    if _KANJI.fullmatch(second.surface()):
        return _known_form(first.surface() + second.surface())
    return ""


def _found(morpheme: Any) -> _Found:
    pos = morpheme.part_of_speech()
    content = pos[0] in _CONTENT and pos[1] != "数詞"
    return _Found(
        morpheme.begin(),
        morpheme.end(),
        morpheme.normalized_form() if content else "",
        content,
        tuple(morpheme.synonym_group_ids()),
        _parts(morpheme) if content else (),
    )


def _latin_terms(word: str, start: int) -> Iterator[tuple[str, int, int]]:
    """One word; of a hyphenated word its pieces, and the whole when a piece is short (wi-fi)."""
    pieces = word.split("-")
    if len(pieces) > 1 and all(len(piece) > 1 for piece in pieces):
        place = start
        for piece in pieces:
            yield from _latin_terms(piece, place)
            place += len(piece) + 1
        if min(map(len, pieces)) > _SHORT_PIECE or len(pieces) > 2:
            return
    term = english_term(word.replace("-", ""))
    if term is not None:
        yield term, start, start + len(word)


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


def _parts(morpheme: Any) -> tuple[str, ...]:
    """The short units of a compound as terms; empty for a simple word."""
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
        if _is_known(word[:cut]) and _is_known(word[cut:]):
            return word[:cut], word[cut:]
    return ()


@lru_cache(maxsize=50_000)
def _stem_and_suffix(form: str) -> tuple[str, ...]:
    """A word that the dictionary has and one kanji (歪み計 → 歪み, 計); empty for others."""
    return (form[:-1], form[-1]) if _is_known(form[:-1]) else ()


def _is_known(word: str) -> bool:
    return _known_form(word) != ""


@lru_cache(maxsize=100_000)
def _known_form(word: str) -> str:
    """The normalized form of a noun that Sudachi's dictionary has; empty for others."""
    with _dictionary_lock:
        for morpheme in _dictionary().lookup(word):
            if morpheme.surface() == word and morpheme.part_of_speech()[0] == "名詞":
                return str(morpheme.normalized_form())
    return ""
