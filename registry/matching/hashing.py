"""A 64-bit hash of terms that numpy can work out for thousands of strings and their pieces at once.

hash(s) = Σ (code point + 1) · M^place, modulo 2^64. The hash of a piece of a string follows from
running sums, without touching the string again. Two terms of a registry meet in one hash with a
chance of about one in a hundred million for a million terms; look-ups compare the terms as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Offsets = NDArray[np.int64]

MULTIPLIER = 0xD1342543DE82EF95
_MASK = (1 << 64) - 1
_INVERSE = pow(MULTIPLIER, -1, 1 << 64)
_SPREAD = 0x9E3779B97F4A7C15


@lru_cache(maxsize=200_000)
def term_hash(term: str) -> int:
    """The hash of one term."""
    value = 0
    for letter in reversed(term):
        value = (value * MULTIPLIER + ord(letter) + 1) & _MASK
    return value


def keyed(kind: int, value: int) -> int:
    """A key of one kind of look-up: unlike kinds do not meet."""
    return ((value + kind * _SPREAD) * MULTIPLIER) & _MASK


def keyed_all(kind: int, values: Hashes) -> Hashes:
    """The same for many values."""
    keys: Hashes = (values + np.uint64((kind * _SPREAD) & _MASK)) * np.uint64(MULTIPLIER)
    return keys


def powers(count: int, base: int = MULTIPLIER) -> Hashes:
    """The first powers of the multiplier."""
    found = np.full(count, base, dtype=np.uint64)
    found[:1] = 1
    np.multiply.accumulate(found, out=found)
    return found


class Letters:
    """Many strings as one array of code points: string `n` is `codes[offsets[n]:offsets[n + 1]]`."""

    def __init__(self, codes: NDArray[np.uint32], offsets: Offsets) -> None:
        """Take the arrays; running sums are made here."""
        self.codes, self.offsets = codes, offsets
        self.lengths: Offsets = np.diff(offsets)
        self._sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        weighted = (codes.astype(np.uint64) + np.uint64(1)) * powers(len(codes))
        np.cumsum(weighted, out=self._sums[1:])
        self._back = powers(len(codes) + 1, _INVERSE)

    @classmethod
    def of(cls, strings: Sequence[str]) -> Letters:
        """The letters of strings."""
        codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        offsets = np.zeros(len(strings) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, strings), dtype=np.int64), out=offsets[1:])
        return cls(codes, offsets)

    def __len__(self) -> int:
        """How many strings."""
        return len(self.lengths)

    def hashes(self) -> Hashes:
        """The hash of each string."""
        return self.pieces(self.offsets[:-1], self.offsets[1:])

    def pieces(self, starts: Offsets, ends: Offsets) -> Hashes:
        """The hashes of pieces, by places in `codes`."""
        found: Hashes = (self._sums[ends] - self._sums[starts]) * self._back[starts]
        return found

    def only(self, kept: NDArray[np.bool_]) -> Letters:
        """The strings without the letters that are not kept."""
        before = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum(kept, out=before[1:])
        return Letters(self.codes[kept], before[self.offsets])

    def all_of(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which strings (empty ones too) have only letters of a mask."""
        every: NDArray[np.bool_] = self.count(mask) == self.lengths
        return every

    def count(self, mask: NDArray[np.bool_]) -> Offsets:
        """How many letters of a mask each string has."""
        before = np.zeros(len(mask) + 1, dtype=np.int64)
        np.cumsum(mask, out=before[1:])
        return before[self.offsets[1:]] - before[self.offsets[:-1]]

    def at(self, place: int) -> NDArray[np.uint32]:
        """The letter at a place of each string, from its end when negative; 0 where there is none."""
        where = self.offsets[:-1] + place if place >= 0 else self.offsets[1:] + place
        inside = self.lengths > (place if place >= 0 else -place - 1)
        found = np.zeros(len(self), dtype=np.uint32)
        found[inside] = self.codes[where[inside]]
        return found
