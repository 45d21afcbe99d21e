"""How a katakana word and an English word sound, as a skeleton of consonants.

For words that no dictionary knows (names, trade words): センサー and sensor become nearly equal.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jaconv

_FOLDS = (("ph", "f"), ("th", "s"), ("l", "r"), ("v", "b"), ("c", "k"), ("q", "k"), ("z", "s"))
_VOWELS = re.compile(r"(?<!^)[aeiouyw]")
_DOUBLED = re.compile(r"(.)\1+")
_LETTERS = re.compile(r"[a-z]+")
_SHORTEST = 3


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The skeleton of a katakana or lower-case English word; empty when it is too short to tell."""
    latin = word if word.isascii() else jaconv.kana2alphabet(jaconv.kata2hira(word))
    latin = latin.replace("ー", "").replace("ch", "k" if word.isascii() else "ch")
    if not _LETTERS.fullmatch(latin):
        return ""
    for old, new in _FOLDS:
        latin = latin.replace(old, new)
    bones = _DOUBLED.sub(r"\1", _VOWELS.sub("", latin))
    return bones if len(bones) >= _SHORTEST else ""
