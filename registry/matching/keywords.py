"""Help for authors while they write: keywords out of the text, and whether it can be found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.matching.terms import ENGLISH, tokenise
from registry.matching.texts import FIELD_WEIGHTS, Terms, Text, Token
from registry.matching.words import word_list

FEW = 4
"""Fewer specific words than this and a listing is hardly found."""
_SHORT_TITLE = 2
_LONGEST = 20
_GAP = re.compile(r"[\-・·/ ]?")
_CONTENT_KANA = re.compile(r"^[ぁ-ゖ]+$")
_VERB_ENDING = re.compile(r"[ぁ-ゖ]$")


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
    terms = tokenise(Text("", title=title, description=description))
    scores: dict[str, float] = {}
    shown: dict[str, str] = {}
    for rank, phrase in enumerate(_phrases(terms)):
        first, last = phrase[0], phrase[-1]
        field = terms.text.field(first.span.field)
        surface = field[first.start : last.end].strip()
        if not 2 <= len(surface) <= 2 * _LONGEST:
            continue
        key = "".join(token.term for token in phrase)
        shown.setdefault(key, surface)
        gain = FIELD_WEIGHTS[first.field] * (1 + 0.3 * min(len(phrase) - 1, 2))
        scores[key] = scores.get(key, 0.0) + gain / (1 + 0.01 * rank)
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    chosen: list[str] = []
    for key in ranked:
        surface = shown[key]
        if not any(surface in other or other in surface for other in chosen):
            chosen.append(surface)
        if len(chosen) == limit:
            break
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


def _phrases(terms: Terms) -> list[list[Token]]:
    """Runs of neighbouring nouns without a general word alone."""
    phrases: list[list[Token]] = []
    for _, tokens in terms.per_field():
        run: list[Token] = []
        for token in tokens:
            if run and _joined(terms, run[-1], token):
                run.append(token)
            else:
                phrases.append(run)
                run = [token] if _is_noun(terms, token) else []
        phrases.append(run)
    return [p for p in phrases if p and not all(is_general(token.term) for token in p)]


def _is_noun(terms: Terms, token: Token) -> bool:
    """Nouns end in kanji, katakana or Latin; inflected words in hiragana."""
    surface = terms.text.cut(token.span)
    return not _VERB_ENDING.search(surface) and not _CONTENT_KANA.match(surface)


def _joined(terms: Terms, left: Token, right: Token) -> bool:
    """Whether two tokens make one phrase: both nouns, at most a joint between them."""
    if not _is_noun(terms, left) or not _is_noun(terms, right):
        return False
    gap = terms.text.field(left.span.field)[left.end : right.start]
    length = sum(len(part) for part in (left.term, right.term))
    return bool(_GAP.fullmatch(gap)) and right.start >= left.end and length <= _LONGEST
