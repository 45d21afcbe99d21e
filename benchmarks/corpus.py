"""Listings by rule for the measurements: words of JMdict by Zipf, some English, some misspelt.

Every word is tokenised once and listings are put together from such words with particles between
them, so that a million listings take minutes instead of an hour; the terms are those that the
engine's tokeniser gives for each word alone. Listings are the same at every run.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import random
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from registry.matching import Encoder, Item, Passages, Terms, Text, Token, tokenise

PARTICLES = ("の", "を", "で", "に", "と", "が", "から", "による")
NOISE = 0.03
"""Share of longer words with a slip of the pen."""
BLOCK = 2_000
_WORDS, _TITLE, _KEYWORDS = 48, 4, 44
_POOL = 4_096

Piece = tuple[str, list[tuple[str, int, int]], dict[str, Any]]
_shared: Any = None
_known: dict[str, Piece] = {}


class Corpus:
    """Words with their running weights; makes the listing of any number."""

    def __init__(self, table: Path, meaning: bool) -> None:
        """Read the pool of words from the built dictionary."""
        rng = random.Random(1)
        with sqlite3.connect(table) as base:
            rows = base.execute("SELECT term, stems, band FROM entries WHERE length(term) > 1")
            pool = [
                (t, json.loads(s)[0][0], b or 60) for t, s, b in rows if b or rng.random() < 0.1
            ]
        self.words = [term if rng.random() > 0.15 else f" {stem} " for term, stem, _ in pool]
        self.weights = np.cumsum([1 / band for _, _, band in pool])
        self.meaning = meaning
        _tokenise_all(self.words)

    def block(self, start: int, prefix: str) -> list[Item]:
        """Some listings of fifty words; needs (prefix N) are others than seeds (S)."""
        rng = np.random.default_rng([start, ord(prefix)])
        drawn = rng.random((BLOCK, _WORDS)) * self.weights[-1]
        chosen = np.searchsorted(self.weights, drawn).tolist()
        particles = rng.integers(0, len(PARTICLES), (BLOCK, _WORDS)).tolist()
        slips = np.where(
            rng.random((BLOCK, _WORDS)) < NOISE, rng.integers(1, 5, (BLOCK, _WORDS)), 0
        ).tolist()
        return [
            self._item(start + n, prefix, chosen[n], particles[n], slips[n]) for n in range(BLOCK)
        ]

    def _item(
        self, number: int, prefix: str, chosen: list[int], particles: list[int], slips: list[int]
    ) -> Item:
        pieces = [
            piece(self.words[word]) if not slip else piece(slipped(self.words[word], slip))
            for word, slip in zip(chosen, slips, strict=True)
        ]
        texts = ["", "", ""]
        tokens: list[Token] = []
        for place, (word, spots, _) in enumerate(pieces):
            field = 0 if place < _TITLE else 1 if place < _KEYWORDS else 2
            shift = len(texts[field])
            tokens += [Token(term, field, shift + a, shift + b) for term, a, b in spots]
            texts[field] += word + ("、" if field == 2 else PARTICLES[particles[place]])
            if field == 1 and place % 8 == 3:
                texts[field] += "。"
        words = {term: known for _, _, facts in pieces for term, known in facts.items()}
        text = Text(f"{prefix}{number:07}", texts[0], texts[1], texts[2][:-1])
        terms = Terms.unpack(Terms(text, tuple(tokens), words).packed, text)
        vectors = Drawn(number, prefix, text.digest) if self.meaning else None
        return Item(text.ref, terms, frozenset(), vectors)

    def seeds(self, size: int, processes: int = 2) -> Iterator[Item]:
        """Listings in order, made by several processes."""
        global _shared
        _shared = self
        context = multiprocessing.get_context("fork")
        with context.Pool(processes) as pool:
            for block in pool.imap(_block, range(0, size, BLOCK)):
                yield from block[: max(0, size - int(block[0].ref[1:]))]

    def needs(self, count: int) -> list[Item]:
        """Needs like the listings."""
        return self.block(0, "N")[:count]


class Drawn(Passages):
    """Vectors that are drawn anew whenever they are asked for, so that a million fit in memory."""

    def __init__(self, number: int, prefix: str, digest: str) -> None:
        """Only what they are drawn by is kept."""
        for name, value in (("_seed", (number, len(prefix), ord(prefix[0]))), ("digest", digest)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "version", Encoder.version)
        object.__setattr__(self, "spans", ())

    @property
    def vectors(self) -> np.ndarray[Any, np.dtype[np.float32]]:  # type: ignore[override]
        """Whole and head: each near one of many common directions, as texts of one trade are."""
        number, _, prefix = self._seed  # type: ignore[attr-defined]
        places = (number * np.array([7919, 104729, 15485863, 179424673]) + prefix) % _POOL
        rows = _directions()[places].reshape(2, 2, -1)
        mixed = rows[:, 0] + 0.7 * rows[:, 1]
        return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)  # type: ignore[no-any-return]


@cache
def _directions() -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.random.default_rng(5).standard_normal((_POOL, 512)).astype(np.float32)


def _tokenise_all(words: list[str]) -> None:
    """Every word of the pool once, in two processes."""
    blocks = [words[start : start + 1000] for start in range(0, len(words), 1000)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for found in pool.imap(_pieces, blocks):
            _known.update((made[0], made) for made in found)


def _pieces(words: list[str]) -> list[Piece]:
    return [piece(word) for word in words]


def piece(word: str) -> Piece:
    """A word with its terms and what is known of them."""
    if word not in _known:
        _known[word] = _piece(word)
    return _known[word]


def _piece(word: str) -> Piece:
    terms = tokenise(Text("", word))
    return word, [(t.term, t.start, t.end) for t in terms.tokens], dict(terms.words)


@cache
def slipped(word: str, which: int) -> str:
    """A word with two letters changed round or one left out, in one of a few ways."""
    if len(word) <= 4:
        return word
    slips = random.Random(f"{word}{which}")
    place = slips.randrange(len(word) - 2)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return slips.choice((swapped, word[:place] + word[place + 1 :]))


def _block(start: int) -> list[Item]:
    gc.disable()
    found: list[Item] = _shared.block(start, "S")
    return found
