"""How near one term is to another, and by what kind of link.

`links(term, …)` gives for one term of a need every term of a vocabulary that it may meet, each
with a weight in (0, 1] and the kind of link; the same term has weight 1. The rules and their
weights are those of the measured recipe, made stricter where a link could be absurd: spelling
and sound only speak for words that no dictionary knows, parts follow the borders of words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from registry.matching.sound import skeleton
from registry.matching.terms import ENGLISH
from registry.matching.texts import Word
from registry.matching.vocabulary import (
    BEGINNING,
    BONES,
    GROUP,
    KANJI_OF,
    PART_OF,
    PIVOT_OF,
    SHORTEST_SPELLING,
    SLIP,
    SOUND_OF,
    SPELLED,
    VERB,
    Words,
    beginnings,
    block,
    compound_kanji,
    joins,
    kanji_bones,
    lengths_within,
    verb_kanji,
    written,
)

LINKS = ("same", "spelling", "synonym", "translation", "part", "sound", "glossary", "meaning")

TRANSLATION = 0.8
PIVOT = 0.5
SYNONYM = 0.5
PART = 0.5
KANJI = 0.3
OKURIGANA = 0.9
SHORT_FORM = 0.7
SPELLING = 0.6
SOUND = 0.3
GLOSSARY_WEIGHT = 1.0

CROWDED_GROUP = 12
CROWDED_PIVOT = 6
CROWDED_KANJI = 30
SPECIFIC_PIVOT = 50
SPELLING_CUTOFF = 85.0
SOUND_CUTOFF = 84.0
_KATAKANA = re.compile(r"[ァ-ヶー]+")


class Link(NamedTuple):
    """A vocabulary term that a need's term may meet."""

    number: int
    weight: float
    kind: str


def links(term: str, word: Word, vocabulary: Words, concepts: tuple[str, ...] = ()) -> list[Link]:
    """The links of one term, strongest first, one per vocabulary term.

    `concepts` are the glossary entries whose phrase the term belongs to in its own text.
    """
    best: dict[int, Link] = {}
    for link in _candidates(term, word, vocabulary, concepts):
        known = best.get(link.number)
        if known is None or link.weight > known.weight:
            best[link.number] = link
    return sorted(best.values(), key=lambda link: (-link.weight, link.number))


def _candidates(
    term: str, word: Word, vocabulary: Words, concepts: tuple[str, ...]
) -> Iterator[Link]:
    number = vocabulary.number(term)
    if number is not None:
        yield Link(number, 1.0, "same")
    for concept in concepts:
        number = vocabulary.number(concept)
        if number is not None:
            yield Link(number, GLOSSARY_WEIGHT, "glossary")
    yield from _translations(term, vocabulary)
    yield from _synonyms(word, vocabulary)
    yield from _parts(term, word, vocabulary)
    yield from _spellings(term, word, vocabulary)
    yield from _sounds(term, vocabulary)


def _translations(term: str, vocabulary: Words) -> Iterator[Link]:
    if term.startswith(ENGLISH):
        for number, strength in vocabulary.stems(term[len(ENGLISH) :]):
            yield Link(number, TRANSLATION * strength, "translation")
        return
    entry = vocabulary.lexicon.entry(term)
    for stem, strength in entry.stems:
        found = vocabulary.number(ENGLISH + stem)
        if found is not None:
            yield Link(found, TRANSLATION * strength, "translation")
    for number, strength in _pivots(entry.pivots, vocabulary).items():
        yield Link(number, PIVOT * min(1.0, strength), "translation")


def _pivots(glosses: Iterable[str], vocabulary: Words) -> dict[int, float]:
    """Japanese terms that share a one-word gloss; one that few words have says more."""
    found: dict[int, float] = {}
    for gloss in glosses:
        sharing = vocabulary.listed(PIVOT_OF, gloss)
        if len(sharing) <= CROWDED_PIVOT:
            uses = vocabulary.lexicon.uses(gloss)
            strength = math.sqrt(SPECIFIC_PIVOT / max(uses, SPECIFIC_PIVOT))
            for number in sharing:
                found[number] = found.get(number, 0.0) + strength
    return found


def _synonyms(word: Word, vocabulary: Words) -> Iterator[Link]:
    for group in word.groups:
        members = vocabulary.listed(GROUP, str(group))
        if len(members) <= CROWDED_GROUP:
            for number in members:
                yield Link(number, SYNONYM, "synonym")


def _parts(term: str, word: Word, vocabulary: Words) -> Iterator[Link]:
    """A compound meets its parts, a part the compounds that hold it, 塗る meets 塗装."""
    for run in joins(word):
        number = vocabulary.number(run)
        if number is not None:
            yield Link(number, PART * len(run) / len(term), "part")
    if len(term) >= 2:
        for number in vocabulary.listed(PART_OF, term):
            whole = vocabulary.term(number)
            yield Link(number, PART * min(1.0, len(term) / len(whole)), "part")
    kanji = verb_kanji(term)
    if kanji and len(vocabulary.listed(KANJI_OF, kanji)) <= CROWDED_KANJI:
        for number in vocabulary.listed(KANJI_OF, kanji):
            yield Link(number, KANJI, "part")
    for kanji in compound_kanji(term):
        if len(vocabulary.listed(KANJI_OF, kanji)) <= CROWDED_KANJI:
            for number in vocabulary.listed(VERB, kanji):
                yield Link(number, KANJI, "part")


def _spellings(term: str, word: Word, vocabulary: Words) -> Iterator[Link]:
    """Kana left out, slips, words no dictionary has.

    Slips go by the edit ratio of the words as written, which begin alike (frozen is not
    unfrozen); two known words never meet so. Only words of like length are compared.
    """
    for number in vocabulary.listed(BONES, kanji_bones(term)):
        yield Link(number, OKURIGANA, "spelling")
    yield from _short_forms(term, vocabulary)
    english = term.startswith(ENGLISH)
    letters = written(term, word)
    if len(letters) < SHORTEST_SPELLING[english]:
        return
    table = SLIP if vocabulary.lexicon.knows(term) else SPELLED
    numbers = [
        number
        for length in lengths_within(len(letters), SPELLING_CUTOFF / 100)
        for number in vocabulary.listed(table, block(english, letters[0], length))
    ]
    choices = [written(vocabulary.term(number), vocabulary.word(number)) for number in numbers]
    for number, ratio in _alike(letters, numbers, choices, SPELLING_CUTOFF):
        if vocabulary.term(number) != term:
            yield Link(number, SPELLING * (ratio - 0.75) / 0.25, "spelling")


def _alike(
    letters: str, numbers: list[int], choices: list[str], cutoff: float
) -> Iterator[tuple[int, float]]:
    """Numbers whose words reach an edit ratio (0–100), with the ratio 0–1."""
    if not numbers:
        return
    ratios = process.cdist(
        [letters], choices, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32
    )[0]
    for place in np.flatnonzero(ratios):
        yield numbers[place], float(ratios[place]) / 100


def _short_forms(term: str, vocabulary: Words) -> Iterator[Link]:
    """省エネ meets 省エネルギー when JMdict says of both mostly the same: モデルハウス is no モデル."""
    numbers = list(vocabulary.listed(BEGINNING, term))
    shorter = (vocabulary.number(beginning) for beginning in beginnings(term))
    numbers += [number for number in shorter if number is not None]
    if not numbers:
        return
    stems = {stem for stem, _ in vocabulary.lexicon.entry(term).stems}
    for number in numbers:
        others = {stem for stem, _ in vocabulary.lexicon.entry(vocabulary.term(number)).stems}
        if 2 * len(stems & others) > max(len(stems), len(others)):
            yield Link(number, SHORT_FORM, "spelling")


def _sounds(term: str, vocabulary: Words) -> Iterator[Link]:
    """Katakana that JMdict does not translate against English, by the skeleton of consonants."""
    english = term.startswith(ENGLISH)
    if not english and (not _KATAKANA.fullmatch(term) or vocabulary.lexicon.entry(term).stems):
        return
    bones = skeleton(term.removeprefix(ENGLISH))
    if not bones:
        return
    numbers = [
        number
        for length in lengths_within(len(bones), SOUND_CUTOFF / 100)
        for number in vocabulary.listed(SOUND_OF, block(not english, bones[0], length))
    ]
    choices = [skeleton(vocabulary.term(number).removeprefix(ENGLISH)) for number in numbers]
    for number, ratio in _alike(bones, numbers, choices, SOUND_CUTOFF):
        yield Link(number, SOUND * ratio, "sound")
