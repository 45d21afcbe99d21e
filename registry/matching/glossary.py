"""The office's own equivalents: an entry's phrases mean the same, whatever dictionaries say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from registry.matching.terms import tokenise
from registry.matching.texts import FIELD_WEIGHTS, FIELDS, Span, Terms, Text, Token

GLOSSARY = "g:"
_LEAD = 2
"""Most kanji of a prefix that is no term."""
_KANJI = re.compile(r"[\u3005\u4e00-\u9fff]+")
_LONGEST = 8
"""Most short units that an entry's phrase may have."""


class Mention(NamedTuple):
    """An entry's phrase in a text: the entry's term, the terms it covers, the place."""

    term: str
    covers: tuple[str, ...]
    span: Span
    weight: float


@dataclass(frozen=True)
class Glossary:
    """Entries by the joined short units of each phrase."""

    entries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[str]]) -> Glossary:
        """Each row holds the phrases of one entry: Japanese, English, synonyms, in any order.

        Empty cells are skipped; a row with fewer than two usable phrases says nothing.
        """
        entries: dict[str, list[str]] = {}
        starts = set[str]()
        for number, row in enumerate(rows):
            keys = [(lead, units) for lead, units in map(_phrase_units, row) if units]
            if len(keys) < 2:
                continue
            for lead, units in keys:
                starts.add(units[0])
                known = entries.setdefault(_key(lead, units), [])
                known.append(f"{GLOSSARY}{number}")
        return cls({key: tuple(value) for key, value in entries.items()}, frozenset(starts))

    def __bool__(self) -> bool:
        """Whether there is any entry."""
        return bool(self.entries)

    def mentions(self, terms: Terms) -> list[Mention]:
        """Where the entries' phrases stand in a text, title first."""
        found: list[Mention] = []
        if not self.entries:
            return found
        for number, tokens in terms.per_field():
            field = terms.text.field(FIELDS[number])
            units = [
                (unit, token)
                for token in tokens
                for unit in (terms.word(token.term).parts or (token.term,))
            ]
            for first in range(len(units)):
                if units[first][0] in self.starts:
                    found.extend(self._mentions_at(units, first, field))
        return found

    def _mentions_at(self, units: list[tuple[str, Token]], first: int, field: str) -> list[Mention]:
        """Mentions that begin with the unit at `first`, or with a prefix just before it."""
        found = []
        start = units[first][1].start
        opens = first == 0 or units[first - 1][1] is not units[first][1]
        leads = [
            "",
            *(field[start - n : start] for n in range(1, _LEAD + 1) if opens and start >= n),
        ]
        for length in range(1, min(_LONGEST, len(units) - first) + 1):
            piece = units[first : first + length]
            tokens = [token for _, token in piece]
            for lead in leads:
                for term in self.entries.get(_key(lead, [unit for unit, _ in piece]), ()):
                    covers = tuple(dict.fromkeys(token.term for token in tokens))
                    span = Span(tokens[0].span.field, start - len(lead), tokens[-1].end)
                    found.append(Mention(term, covers, span, FIELD_WEIGHTS[tokens[0].field]))
        return found


def _key(lead: str, units: Sequence[str]) -> str:
    """By what a phrase is found: its short units, and the prefix before them that is no term."""
    return (f"{lead}\x1e" if lead else "") + "\x1f".join(units)


@lru_cache(maxsize=20_000)
def _phrase_units(phrase: str) -> tuple[str, tuple[str, ...]]:
    """The short units of a phrase and the kanji before them that are no term (副 in 副生物);
    no units when it has none or too many."""
    terms = tokenise(Text("", title=phrase))
    units = [unit for t in terms.tokens for unit in (terms.word(t.term).parts or (t.term,))]
    if not units or len(units) > _LONGEST:
        return "", ()
    lead = phrase[: terms.tokens[0].start].strip()
    if not _KANJI.fullmatch(lead):
        return "", tuple(units)
    return (lead, tuple(units)) if len(lead) <= _LEAD else ("", ())
