"""How near one term is to another, and by what kind of link.

`links(term, …)` gives for one term of a need every term of a vocabulary that it may meet, each
with a weight in (0, 1] and the kind of link; the same term has weight 1. The rules and their
weights are those of the measured recipe, made stricter where a link could be absurd: spelling
and sound only speak for words that no dictionary knows, parts follow the borders of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from registry.matching.sound import skeleton
from registry.matching.terms import ENGLISH
from registry.matching.texts import Word
from registry.matching.vocabulary import SHORTEST_SPELLING, Vocabulary, joins

LINKS = ("same", "spelling", "synonym", "translation", "part", "sound", "glossary", "meaning")

TRANSLATION = 0.8
PIVOT = 0.4
SYNONYM = 0.5
PART = 0.5
SPELLING = 0.4
SOUND = 0.3
GLOSSARY_WEIGHT = 1.0

_CROWDED_GROUP = 12
_CROWDED_PIVOT = 6
_SPELLING_CUTOFF = 85.0
_SOUND_CUTOFF = 84.0
_KATAKANA = re.compile(r"[ァ-ヶー]+")


class Link(NamedTuple):
    """A vocabulary term that a need's term may meet."""

    number: int
    weight: float
    kind: str


def links(
    term: str, word: Word, vocabulary: Vocabulary, concepts: tuple[str, ...] = ()
) -> list[Link]:
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
    term: str, word: Word, vocabulary: Vocabulary, concepts: tuple[str, ...]
) -> Iterator[Link]:
    number = vocabulary.ids.get(term)
    if number is not None:
        yield Link(number, 1.0, "same")
    for concept in concepts:
        if concept in vocabulary.ids:
            yield Link(vocabulary.ids[concept], GLOSSARY_WEIGHT, "glossary")
    yield from _translations(term, vocabulary)
    yield from _synonyms(word, vocabulary)
    yield from _parts(term, word, vocabulary)
    yield from _spellings(term, vocabulary)
    yield from _sounds(term, vocabulary)


def _translations(term: str, vocabulary: Vocabulary) -> Iterator[Link]:
    if term.startswith(ENGLISH):
        for number, strength in vocabulary.by_stem.get(term[len(ENGLISH) :], ()):
            yield Link(number, TRANSLATION * strength, "translation")
        return
    entry = vocabulary.lexicon.entry(term)
    for stem, strength in entry.stems:
        found = vocabulary.ids.get(ENGLISH + stem)
        if found is not None:
            yield Link(found, TRANSLATION * strength, "translation")
    for pivot in entry.pivots:
        sharing = vocabulary.by_pivot.get(pivot, ())
        if len(sharing) <= _CROWDED_PIVOT:
            for number in sharing:
                yield Link(number, PIVOT, "translation")


def _synonyms(word: Word, vocabulary: Vocabulary) -> Iterator[Link]:
    for group in word.groups:
        members = vocabulary.by_group.get(group, ())
        if len(members) <= _CROWDED_GROUP:
            for number in members:
                yield Link(number, SYNONYM, "synonym")


def _parts(term: str, word: Word, vocabulary: Vocabulary) -> Iterator[Link]:
    """A compound meets its parts, and a part the compounds that hold it."""
    for run in joins(word):
        number = vocabulary.ids.get(run)
        if number is not None:
            yield Link(number, PART * len(run) / len(term), "part")
    if len(term) >= 2:
        for number in vocabulary.by_part.get(term, ()):
            whole = vocabulary.terms[number]
            yield Link(number, PART * min(1.0, len(term) / len(whole)), "part")


def _spellings(term: str, vocabulary: Vocabulary) -> Iterator[Link]:
    """Slips and words no dictionary has, by the edit ratio: two known words never meet so."""
    english = term.startswith(ENGLISH)
    letters = term.removeprefix(ENGLISH)
    known = vocabulary.lexicon.knows(term)
    numbers = (vocabulary.misspelled if known else vocabulary.spelled)[english]
    if not numbers or len(letters) < SHORTEST_SPELLING[english]:
        return
    choices = [vocabulary.terms[n].removeprefix(ENGLISH) for n in numbers]
    ratios = process.cdist(
        [letters], choices, scorer=fuzz.ratio, score_cutoff=_SPELLING_CUTOFF, dtype=np.float32
    )[0]
    for place in np.flatnonzero(ratios):
        ratio = float(ratios[place]) / 100
        if ratio < 1:
            yield Link(numbers[place], SPELLING * (ratio - 0.75) / 0.25, "spelling")


def _sounds(term: str, vocabulary: Vocabulary) -> Iterator[Link]:
    """Katakana that JMdict does not translate against English, by the skeleton of consonants."""
    english = term.startswith(ENGLISH)
    if not english and (not _KATAKANA.fullmatch(term) or vocabulary.lexicon.entry(term).stems):
        return
    bones = skeleton(term.removeprefix(ENGLISH))
    others = vocabulary.by_skeleton[not english]
    if not bones or not others:
        return
    for other, ratio, _ in process.extract(
        bones, others.keys(), scorer=fuzz.ratio, score_cutoff=_SOUND_CUTOFF, limit=None
    ):
        for number in others[other]:
            yield Link(number, SOUND * ratio / 100, "sound")
