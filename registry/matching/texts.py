"""What goes into the engine: a listing's text, its terms, and places in it."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.packed import Packed, pack

RECIPE = "f1-9"
"""Version of the terms. Stored terms of another recipe must be made again."""
_RECIPE_MARK = zlib.crc32(RECIPE.encode())

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


class Terms:
    """The terms of one text in reading order, with what is known of each.

    English stems carry the prefix `e:`, so that they never meet a Japanese term by accident.
    """

    def __init__(
        self, text: Text, tokens: tuple[Token, ...], words: Mapping[str, Word] | None = None
    ) -> None:
        """Terms that were found just now; kept ones come from `unpack`."""
        self.text = text
        self.tokens, self.words = tokens, words or {}

    @classmethod
    def unpack(cls, raw: bytes, text: Text) -> Terms:
        """Terms from `packed`, whose bytes are trusted; each part is read when it is asked for."""
        terms = cls.__new__(cls)
        terms.text, terms.packed = text, raw
        return terms

    def __eq__(self, other: object) -> bool:
        """Whether text, tokens and what is known of them are the same."""
        if not isinstance(other, Terms):
            return NotImplemented
        return (self.text, self.packed) == (other.text, other.packed)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Terms.unpack, (self.packed, self.text)

    def __repr__(self) -> str:
        return f"Terms({self.text!r}, {self.tokens!r}, {self.words!r})"

    @cached_property
    def packed(self) -> bytes:
        """The terms as bytes, without the text but with its digest."""
        return pack(_RECIPE_MARK, int(self.text.digest, 16), self.weights, self.tokens, self.words)

    @cached_property
    def _read(self) -> tuple[Packed, list[str], dict[str, list[Any]]]:
        found = Packed(self.packed)
        return found, *found.texts()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:  # type: ignore[no-redef]  # set where just found
        """Every occurrence of a term."""
        found, terms, _ = self._read
        return tuple(Token(terms[t], f, s, e) for t, f, s, e in found.tokens())

    @cached_property
    def words(self) -> Mapping[str, Word]:  # type: ignore[no-redef]
        """What is known of the terms."""
        _, terms, known = self._read
        return {terms[int(n)]: Word(tuple(g), tuple(p), w) for n, (g, p, w) in known.items()}

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weighted count of each term, in order of first occurrence."""
        if "packed" in self.__dict__:
            found, terms, _ = self._read
            return dict(zip(terms, found.weights, strict=True))
        counts: dict[str, float] = {}
        for token in self.tokens:
            counts[token.term] = counts.get(token.term, 0.0) + FIELD_WEIGHTS[token.field]
        return counts

    @cached_property
    def hashes(self) -> NDArray[np.uint64]:
        """The hashes of the terms, in the order of `weights`."""
        return Packed(self.packed).hashes

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

    def keep(self) -> str:
        """The terms as a line of letters, to be kept beside the listing."""
        return b64encode(self.packed).decode()

    @classmethod
    def kept(cls, raw: str, text: Text) -> Terms:
        """Read kept terms. Raises StaleTerms when recipe or text are no longer the same."""
        try:
            found = Packed(b64decode(raw, validate=True))
        except ValueError as error:
            raise StaleTerms("unreadable terms") from error
        if found.recipe != _RECIPE_MARK or found.digest != int(text.digest, 16):
            raise StaleTerms("terms of another recipe or another text")
        if not found.is_whole():
            raise StaleTerms("damaged terms")
        return cls.unpack(found.raw, text)
