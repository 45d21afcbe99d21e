"""The terms of a listing as bytes: kept beside it, read by the index without being unpacked.

    recipe, checksum u32 · terms, tokens, width u32 · nothing u32 · digest u64 · length f64
    hash of each term u64 · weighted count of each term f32
    each token: term, field, start, end (u16, or u32 where one is larger)
    the terms and what the tokeniser knows of them, as JSON

Terms stand in order of first occurrence. All is little-endian and padded to whole words of 8
bytes, so that the arrays of many listings can be read in one blob.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.matching.hashing import term_hash

HEAD = struct.Struct("<IIIIIIQd")
HEAD_WORDS = HEAD.size // 8
_CHECKED = 8
_NARROW = 1 << 16


def pack(
    recipe: int,
    digest: int,
    weights: Mapping[str, float],
    tokens: Sequence[tuple[str, int, int, int]],
    words: Mapping[str, Sequence[Any]],
) -> bytes:
    """Bytes of the terms; `words` holds a term's groups, parts and writing."""
    places = {term: place for place, term in enumerate(weights)}
    numbers = [n for t in tokens for n in (places[t[0]], t[1], t[2], t[3])]
    width = 2 if max(numbers, default=0) < _NARROW else 4
    count = len(places)
    known = {str(places[term]): facts for term, facts in words.items() if term in places}
    texts = json.dumps([list(places), known], ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(
        (
            struct.pack(f"<{count}Q{count}f", *map(term_hash, places), *weights.values()),
            bytes(4 * (count % 2)),
            struct.pack(f"<{len(numbers)}{'H' if width == 2 else 'I'}", *numbers),
            texts,
        )
    )
    body += b" " * (-len(body) % 8)
    length = float(sum(weights.values()))
    head = HEAD.pack(recipe, 0, count, len(tokens), width, 0, digest, length)
    checksum = zlib.crc32(body, zlib.crc32(head[_CHECKED:]))
    return HEAD.pack(recipe, checksum, count, len(tokens), width, 0, digest, length) + body


class Packed:
    """Packed terms, read part by part."""

    def __init__(self, raw: bytes) -> None:
        """Read the head. Raises ValueError for what is too short."""
        if len(raw) < HEAD.size or len(raw) % 8:
            raise ValueError("packed terms are cut off")
        self.raw = raw
        head = HEAD.unpack_from(raw)
        self.recipe, self._checksum, self._count, self._tokens, self._width = head[:5]
        self.digest, self.length = head[6:]

    def is_whole(self) -> bool:
        """Whether the checksum is right."""
        seen = memoryview(self.raw)
        checksum = zlib.crc32(seen[HEAD.size :], zlib.crc32(seen[_CHECKED : HEAD.size]))
        return bool(checksum == self._checksum)

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """The hash of each term."""
        return np.frombuffer(self.raw, dtype="<u8", count=self._count, offset=HEAD.size)

    @property
    def weights(self) -> list[float]:
        """The weighted count of each term."""
        start = HEAD.size + 8 * self._count
        return list(struct.unpack_from(f"<{self._count}f", self.raw, start))

    def tokens(self) -> list[list[int]]:
        """Each token's term (by place), field, start and end."""
        kind = "<u2" if self._width == 2 else "<u4"
        flat = np.frombuffer(self.raw, kind, count=4 * self._tokens, offset=self._tokens_at)
        return flat.reshape(-1, 4).tolist()  # type: ignore[no-any-return]

    def texts(self) -> tuple[list[str], dict[str, list[Any]]]:
        """The terms, and by place what is known of them."""
        start = self._tokens_at + 4 * self._width * self._tokens
        terms, known = json.loads(self.raw[start:])
        return terms, known

    @property
    def _tokens_at(self) -> int:
        return int(HEAD.size + 8 * self._count + 4 * (self._count + self._count % 2))
