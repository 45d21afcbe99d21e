"""A second look at links that may join two words by chance, before they are shown to anybody.

Such links keep their little in the score. A verb's kanji in another word (断る, 裁断) is shown only
when JMdict gives both a common meaning; two Japanese words that share a gloss (工具 and 実施 both
have "implement") only when they share two, or a kanji, or it is the first meaning of one and near
the first of the other.
"""

from __future__ import annotations

import re

from registry.matching.lexicon import Lexicon
from registry.matching.terms import ENGLISH

_KANJI = re.compile(r"[一-龥々]")
_COMMON = 0.2
_MAIN = 0.8
"""Products of the strengths with which two entries have a stem."""


def akin(term: str, other: str, kind: str, lexicon: Lexicon) -> bool:
    """Whether a link of a kind between two terms bears a second look."""
    if term.startswith(ENGLISH) or other.startswith(ENGLISH):
        return True
    if kind == "part":
        if term in other or other in term:
            return True
        return any(product >= _COMMON for product in _shared(term, other, lexicon))
    if kind == "translation":
        shared = _shared(term, other, lexicon)
        kanji = set(_KANJI.findall(term)) & set(_KANJI.findall(other))
        return bool(kanji) or len(shared) >= 2 or max(shared, default=0.0) >= _MAIN
    return True


def _shared(term: str, other: str, lexicon: Lexicon) -> list[float]:
    """For each stem that JMdict gives to both terms the product of its strengths."""
    ours, theirs = dict(lexicon.entry(term).stems), dict(lexicon.entry(other).stems)
    return [strength * theirs[stem] for stem, strength in ours.items() if stem in theirs]
