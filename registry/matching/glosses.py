"""The glosses of a dictionary entry as English stems with their strength."""

from __future__ import annotations

import re

from registry.matching.normalise import fold
from registry.matching.terms import stem
from registry.matching.words import word_list

GLOSSES = 8
_GLOSS_WORDS = 3
_LATER_GLOSS = 0.2
_NEGATIONS = ("non", "not", "no")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ENGLISH_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _gloss_stems(gloss: str) -> list[str]:
    """The stems of a gloss without brackets and function words."""
    words = _ENGLISH_WORD.findall(fold(_BRACKETS.sub(" ", gloss)))
    small = word_list("stop_gloss")
    pieces = [piece for word in words for piece in word.split("-") if len(piece) > 1]
    return [stem(piece) for piece in pieces if piece not in small]


def entry_stems(senses: list[tuple[int, list[str]]]) -> tuple[dict[str, float], list[str], int]:
    """Strength of each stem, the one-word glosses of the first sense, and how many glosses."""
    strengths: dict[str, float] = {}
    pivots: list[str] = []
    count = 0
    for index, glosses in senses:
        for rank, gloss in enumerate(glosses):
            words = _gloss_stems(gloss)
            if not 1 <= len(words) <= _GLOSS_WORDS or count >= GLOSSES:
                count += 1
                continue
            count += 1
            strength = 1 / len(words) / (1 + index) / (1 + _LATER_GLOSS * rank)
            for word in (word for word in words if word not in _NEGATIONS):
                strengths[word] = max(strengths.get(word, 0.0), strength)
            if index == 0 and len(words) == 1 and words[0] not in _NEGATIONS:
                pivots.append(words[0])
    return strengths, pivots, count
