"""From a text to its terms: Sudachi's words in Japanese, stems in English.

Japanese: content words in normalized form, without the final ー. Latin: whole words only (`ai` is
never found in `retail`), stems under the prefix `e:`. Numbers alone are no terms; codes with a
letter in them (`5g`, `sus304`) are.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from registry.matching.morphemes import morphemes
from registry.matching.normalise import Normalised, fold, normalise
from registry.matching.texts import FIELDS, Terms, Text, Token, Word
from registry.matching.words import word_list, word_pairs

ENGLISH = "e:"
_LATIN = re.compile(r"(?<![a-z0-9])(?=[0-9]*[a-z])[a-z0-9]+(?:[+\-&][a-z0-9]+)*\+*")
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヶー]")
_WORD = re.compile(r"[^\W\d_]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SHORT_PIECE = 3

_local = threading.local()


def tokenise(text: Text) -> Terms:
    """All terms of a text in reading order, field by field."""
    tokens: list[Token] = []
    words: dict[str, Word] = {}
    for number, name in enumerate(FIELDS):
        folded = _folded(text.field(name))
        found = sorted(_terms(folded.text, words), key=lambda item: item[1:])
        for term, start, end in found:
            tokens.append(Token(term, number, *folded.original(start, end)))
    return Terms(text, tuple(tokens), words)


class Unit(NamedTuple):
    """A morpheme for those who look for phrases: its place in the text given, Sudachi's word
    class, its term if it has one."""

    start: int
    end: int
    kind: tuple[str, str]
    term: str | None


def units(text: str) -> list[Unit]:
    """All morphemes of a text in order."""
    folded = _folded(text)
    found = []
    for start, end, surface, facts in morphemes(folded.text):
        if start < end:
            term = english_term(surface) if surface.isascii() else japanese_term(facts.form)
            found.append(Unit(*folded.original(start, end), facts.kind, term))
    return found


def english_term(word: str) -> str | None:
    """The term of one lower-case Latin word, None for a stop word."""
    if len(word) < 2 or word in word_list("stop_en"):
        return None
    return ENGLISH + stem(word)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball's English stem in one spelling; words with digits stay as they are."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("english")
    word = word_pairs("spelling_en").get(word, word)
    return str(_local.stemmer.stemWord(word)) if word.isalpha() else word


@lru_cache(maxsize=200_000)
def japanese_term(form: str) -> str | None:
    """The term of a normalized form, None for what says nothing."""
    form = fold(form)
    if len(form) >= 3 and form.endswith("ー") and _KATAKANA.fullmatch(form):
        form = form[:-1]
    if not form or form in word_list("stop_ja") or not _WORD.search(form):
        return None
    return None if len(form) == 1 and _KANA.fullmatch(form) else form


def _folded(text: str) -> Normalised:
    return normalise(_SURROGATE.sub("\ufffd", text))


def _terms(text: str, words: dict[str, Word]) -> Iterator[tuple[str, int, int]]:
    """Terms with their bounds in the folded text; `words` learns groups and parts."""
    latin: dict[int, str] = {}
    for match in _LATIN.finditer(text):
        for term, start, end in _latin_terms(match.group(), match.start()):
            latin[start] = term
            words.setdefault(term, Word(written=text[start:end].replace("-", "")))
            yield term, start, end
    for start, end, surface, facts in morphemes(text):
        if start in latin:
            if facts.groups and end - start > 1:
                known = words[latin[start]]
                words[latin[start]] = known._replace(groups=facts.groups)
        elif facts.form and not surface.isascii():
            found = japanese_term(facts.form)
            if found is not None:
                if facts.groups or facts.parts:
                    words.setdefault(found, Word(facts.groups, facts.parts))
                yield found, start, end


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
