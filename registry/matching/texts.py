"""What goes into the engine: a listing's text, its terms, and places in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

RECIPE = "f1-8"
"""Version of the terms. Stored terms of another recipe must be made again."""

FIELDS = ("title", "description", "keywords")
FIELD_WEIGHTS = (1.5, 1.0, 2.0)
"""How much one occurrence counts, in the order of `FIELDS`."""

KEYWORD_JOINT = "、"


class StaleTerms(ValueError):
    """Stored terms or vectors belong to another recipe or to an older text."""


class Span(NamedTuple):
    """A place in one field: code points `start` to `end` (exclusive) of `Text.field(field)`."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A need or a seed as it was written.

    `keywords` is the raw cell (separated by ; 、 ， or ,) or a tuple of keywords; a tuple is
    joined with 、 so that spans have one string to refer to. `tags` serve filters only.
    """

    ref: str
    title: str = ""
    description: str = ""
    keywords: str | tuple[str, ...] = ""
    tags: frozenset[str] = frozenset()

    def field(self, name: str) -> str:
        """The exact string that spans of this field refer to. Raises KeyError for other names."""
        if name == "title":
            return self.title
        if name == "description":
            return self.description
        if name == "keywords":
            raw = self.keywords
            return raw if isinstance(raw, str) else KEYWORD_JOINT.join(raw)
        raise KeyError(name)

    def cut(self, span: Span) -> str:
        """The original text at a span."""
        return self.field(span.field)[span.start : span.end]

    @property
    def digest(self) -> str:
        """Short hash of the three fields: tells that stored terms belong to this very text."""
        joined = "\x1f".join(self.field(name) for name in FIELDS)
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Token(NamedTuple):
    """One occurrence of a term; `field` is an index into `FIELDS`."""

    term: str
    field: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place of the occurrence."""
        return Span(FIELDS[self.field], self.start, self.end)


class Word(NamedTuple):
    """What the tokeniser knows of a term.

    Sudachi's synonym groups, the parts of a compound, an English word as it was written.
    """

    groups: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    written: str = ""


PLAIN = Word()


@dataclass(frozen=True)
class Terms:
    """The terms of one text in reading order, with what is known of each.

    English stems carry the prefix `e:`, so that they never meet a Japanese term by accident.
    """

    text: Text
    tokens: tuple[Token, ...]
    words: Mapping[str, Word] = field(default_factory=dict)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weighted count of each term, in order of first occurrence."""
        counts: dict[str, float] = {}
        for token in self.tokens:
            counts[token.term] = counts.get(token.term, 0.0) + FIELD_WEIGHTS[token.field]
        return counts

    @cached_property
    def length(self) -> float:
        """Sum of the weighted counts."""
        return sum(self.weights.values())

    def word(self, term: str) -> Word:
        """Groups and parts of a term of this text; empty when nothing is known."""
        return self.words.get(term, PLAIN)

    def spans(self, term: str) -> tuple[Span, ...]:
        """All places of a term, title first."""
        return tuple(token.span for token in self.tokens if token.term == term)

    def per_field(self) -> Iterator[tuple[int, list[Token]]]:
        """Field index and its tokens in reading order, for each field."""
        for number in range(len(FIELDS)):
            yield number, [token for token in self.tokens if token.field == number]

    def to_json(self) -> str:
        """The terms without the text, to be kept beside the listing."""
        words = {t: [list(w.groups), list(w.parts), w.written] for t, w in self.words.items()}
        content = {
            "recipe": RECIPE,
            "text": self.text.digest,
            "tokens": [list(token) for token in self.tokens],
            "words": words,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, raw: str, text: Text) -> Terms:
        """Read kept terms. Raises StaleTerms when recipe or text are no longer the same."""
        try:
            content = json.loads(raw)
            if content["recipe"] != RECIPE or content["text"] != text.digest:
                raise StaleTerms("terms of another recipe or another text")
            tokens = tuple(
                Token(str(t), int(f), int(s), int(e)) for t, f, s, e in content["tokens"]
            )
            words = {t: Word(tuple(g), tuple(p), w) for t, (g, p, w) in content["words"].items()}
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise StaleTerms("unreadable terms") from error
        return cls(text, tokens, words)
