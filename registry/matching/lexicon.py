"""What the engine knows of words beyond the texts: JMdict's table and the office's glossary."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from registry.matching.dictionary import UNKNOWN, Dictionary, Entry
from registry.matching.glossary import Glossary
from registry.matching.terms import tokenise
from registry.matching.texts import Text
from registry.matching.words import word_list

MANNER = 0.3
MOST = 0.05
RARE = 0.001
GLOSS_TEXTS = 10_000
_KATAKANA_OF_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True)
class Lexicon:
    """Both may be missing: then the engine knows fewer links, and still works."""

    dictionary: Dictionary | None = None
    glossary: Glossary = field(default_factory=Glossary)

    def entry(self, term: str) -> Entry:
        """JMdict on a Japanese term, tried as written and in katakana."""
        if self.dictionary is None:
            return UNKNOWN
        found = self.dictionary.entry(term)
        if found is UNKNOWN:
            found = self.dictionary.entry(term.translate(_KATAKANA_OF_HIRAGANA))
        return found

    def uses(self, stem: str) -> int:
        """How many of JMdict's terms have an English stem in their glosses."""
        return 0 if self.dictionary is None else self.dictionary.uses(stem)

    def knows(self, term: str) -> bool:
        """Whether a dictionary has the word: then a similar spelling is another word, no slip."""
        if self.dictionary is None:
            return False
        if term.startswith("e:"):
            return self.dictionary.uses(term[2:]) > 0
        return self.entry(term) is not UNKNOWN

    def background(self, term: str) -> float:
        """Share of ordinary texts of a listing's length that hold the term, roughly."""
        if term in manner_terms():
            return MANNER
        if self.dictionary is None:
            return RARE
        if term.startswith("e:"):
            return min(MOST, max(RARE, self.dictionary.uses(term[2:]) / GLOSS_TEXTS))
        band = self.entry(term).band
        return MOST / band**0.7 if band else RARE


@cache
def manner_terms() -> frozenset[str]:
    """The terms of `manner.txt`: what firms say of themselves, whatever they offer or need."""
    lines = word_list("manner")
    return frozenset(token.term for line in lines for token in tokenise(Text("", line)).tokens)
