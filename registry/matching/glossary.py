"""The office's own equivalents: an entry's phrases mean the same, whatever dictionaries say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from registry.matching.terms import tokenise
from registry.matching.texts import FIELD_WEIGHTS, Span, Terms, Text, Token

GLOSSARY = "g:"
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
            keys = [units for units in map(_phrase_units, row) if units]
            if len(keys) < 2:
                continue
            for units in keys:
                starts.add(units[0])
                known = entries.setdefault("\x1f".join(units), [])
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
        for _, tokens in terms.per_field():
            units = [
                (unit, token)
                for token in tokens
                for unit in (terms.word(token.term).parts or (token.term,))
            ]
            for first in range(len(units)):
                if units[first][0] in self.starts:
                    found.extend(self._mentions_at(units, first))
        return found

    def _mentions_at(self, units: list[tuple[str, Token]], first: int) -> list[Mention]:
        """Mentions that begin with the unit at `first`."""
        found = []
        for length in range(1, min(_LONGEST, len(units) - first) + 1):
            piece = units[first : first + length]
            for term in self.entries.get("\x1f".join(unit for unit, _ in piece), ()):
                tokens = [token for _, token in piece]
                head, tail = tokens[0], tokens[-1]
                covers = tuple(dict.fromkeys(token.term for token in tokens))
                span = Span(head.span.field, head.start, tail.end)
                found.append(Mention(term, covers, span, FIELD_WEIGHTS[head.field]))
        return found


@lru_cache(maxsize=20_000)
def _phrase_units(phrase: str) -> tuple[str, ...]:
    """The short units of a phrase; empty when it has none or too many."""
    terms = tokenise(Text("", title=phrase))
    units = [unit for t in terms.tokens for unit in (terms.word(t.term).parts or (t.term,))]
    return tuple(units) if len(units) <= _LONGEST else ()
