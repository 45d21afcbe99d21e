"""Help for authors while they write: keywords out of the text, and whether it can be found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.matching.normalise import fold
from registry.matching.terms import ENGLISH, Unit, tokenise, units
from registry.matching.texts import FIELD_WEIGHTS, Text
from registry.matching.words import word_list

FEW = 4
"""Fewer specific words than this and a listing is hardly found."""
_SHORT_TITLE = 2
_LONGEST = 40
_LONGEST_UNIT = 3
"""Letters of the longest unit of measure written in Latin letters: rpm, kWh."""
_GAP = re.compile(r"[\-・·/ ]?")


@dataclass(frozen=True, slots=True)
class Findability:
    """How well a listing can be found.

    `level` is "good", "few" (too few specific words) or "general" (only general ones); `hints`
    are codes for the page: few_words, only_general, no_keywords, short_title.
    """

    specific: int
    general: int
    level: str
    hints: tuple[str, ...]


def propose_keywords(title: str, description: str, limit: int = 8) -> list[str]:
    """Up to `limit` keywords as they stand in the text, the best first.

    Neighbouring nouns are joined (射出 + 成形 → 射出成形); general words are left out; a phrase of
    the title weighs more, so does one that comes again.
    """
    scores: dict[str, float] = {}
    shown: dict[str, str] = {}
    rank = 0
    for text, weight in zip((title, description), FIELD_WEIGHTS, strict=False):
        for phrase in _phrases(text):
            surface = text[phrase[0].start : phrase[-1].end].strip()
            if 2 <= len(surface) <= _LONGEST and "\n" not in surface:
                key = fold(surface)
                shown.setdefault(key, surface)
                gain = weight * (1 + 0.3 * min(len(phrase) - 1, 2)) / (1 + 0.01 * rank)
                scores[key] = scores.get(key, 0.0) + gain
                rank += 1
    chosen: list[str] = []
    for key in sorted(scores, key=lambda key: (-scores[key], key)):
        if len(chosen) >= limit:
            break
        if not any(key in fold(other) or fold(other) in key for other in chosen):
            chosen.append(shown[key])
    return chosen


def assess(text: Text) -> Findability:
    """Count the specific and the general words of a listing, and say what it lacks."""
    terms = tokenise(text)
    distinct = list(dict.fromkeys(token.term for token in terms.tokens))
    general = [term for term in distinct if is_general(term)]
    specific = len(distinct) - len(general)
    hints = []
    if specific == 0:
        hints.append("only_general")
    elif specific < FEW:
        hints.append("few_words")
    if not text.field("keywords").strip():
        hints.append("no_keywords")
    if sum(not is_general(t.term) for t in terms.tokens if t.field == 0) < _SHORT_TITLE:
        hints.append("short_title")
    level = "general" if specific == 0 else "few" if specific < FEW else "good"
    return Findability(specific, len(general), level, tuple(hints))


def is_general(term: str) -> bool:
    """Whether a term says little about what a listing is about (開発, 技術, system, …)."""
    return len(term.removeprefix(ENGLISH)) < 2 or term in word_list("general")


def _phrases(text: str) -> list[list[Unit]]:
    """Runs of neighbouring nouns with their prefixes and suffixes; not of general words alone."""
    phrases: list[list[Unit]] = []
    run: list[Unit] = []
    counted = False
    for unit in units(text):
        measure = counted and _is_measure(unit)
        counted = unit.kind[1] == "数詞" or (counted and unit.kind[0] == "空白")
        if measure:
            phrases.append(run)
            run = []
            continue
        if run and not (_continues(unit) and _GAP.fullmatch(text[run[-1].end : unit.start])):
            phrases.append(run)
            run = []
        if run or _begins(unit):
            run.append(unit)
    phrases.append(run)
    return [phrase for phrase in map(_without_loose_prefix, phrases) if _tells(phrase)]


def _begins(unit: Unit) -> bool:
    return unit.kind[0] == "接頭辞" or _is_noun(unit)


def _continues(unit: Unit) -> bool:
    return unit.kind == ("接尾辞", "名詞的") or _begins(unit)


def _is_noun(unit: Unit) -> bool:
    return unit.kind[0] == "名詞" and unit.kind[1] != "数詞" and unit.term is not None


def _is_measure(unit: Unit) -> bool:
    """Whether a word right behind a number says what is counted: 6mm, 2時間, 30 kg, 5軸."""
    latin = (unit.term or "").startswith(ENGLISH)
    return _is_noun(unit) and (not latin or unit.end - unit.start <= _LONGEST_UNIT)


def _without_loose_prefix(phrase: list[Unit]) -> list[Unit]:
    return phrase[:-1] if phrase and phrase[-1].kind[0] == "接頭辞" else phrase


def _tells(phrase: list[Unit]) -> bool:
    """Whether a phrase has a noun that is not general."""
    return any(_is_noun(unit) and not is_general(unit.term or "") for unit in phrase)
