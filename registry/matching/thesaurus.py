"""JMdict's table as arrays: what bulk look-ups of a whole vocabulary need, mapped and shared.

Derived from the table, beside which it lies; made again when it is missing or of another table.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.matching.hashing import Hashes, Letters, Offsets

Ints = NDArray[np.int32]
_LAYOUT = 1
_HIRAGANA = (0x3041, 0x3096)
_TO_KATAKANA = 0x60


class Thesaurus(NamedTuple):
    """Entries in order of the terms' hashes, stems (by number) in order of their letters.

    `stems` and `strengths` belong to entry `n` from `stem_starts[n]` on, `pivots` from
    `pivot_starts[n]` on. `stem_hashes` are of the bare stems, `stem_order` sorts them.
    """

    hashes: Hashes
    bands: NDArray[np.uint8]
    stem_starts: Offsets
    stems: Ints
    strengths: NDArray[np.float64]
    pivot_starts: Offsets
    pivots: Ints
    stem_hashes: Hashes
    english_hashes: Hashes
    stem_order: Ints
    uses: Ints

    def entries(self, letters: Letters) -> Ints:
        """The entry of each Japanese term, as written or in katakana; −1 where there is none."""
        found = find(self.hashes, letters.hashes())
        missing = np.flatnonzero(found < 0)
        if len(missing):
            hiragana = (letters.codes >= _HIRAGANA[0]) & (letters.codes <= _HIRAGANA[1])
            raised = letters.codes + np.where(hiragana, np.uint32(_TO_KATAKANA), np.uint32(0))
            again = Letters(raised.astype(np.uint32), letters.offsets).hashes()
            found[missing] = find(self.hashes, again[missing])
        return found

    def english(self, hashes: Hashes) -> Ints:
        """The stem of each English term (hash with its prefix); −1 where there is none."""
        order = self.stem_order
        place = find(self.english_hashes[order], hashes)
        return np.where(place >= 0, order[place], -1).astype(np.int32)


def find(ordered: Hashes, sought: Hashes) -> Ints:
    """The places of hashes in ascending ones; −1 where they are not."""
    if not len(ordered):
        return np.full(len(sought), -1, dtype=np.int32)
    place = np.minimum(np.searchsorted(ordered, sought), len(ordered) - 1)
    return np.where(ordered[place] == sought, place, -1).astype(np.int32)


def open_thesaurus(table: Path) -> Thesaurus:
    """The arrays of a table, mapped; made first where they are missing or of another one."""
    seal = f"{_LAYOUT}-{table.stat().st_size}-{table.stat().st_mtime_ns}"
    folder = table.parent / f"{table.stem}-{seal}"
    if not folder.exists():
        found = _arrays(table)
        try:
            _write(folder, found)
        except OSError:
            return found
    return Thesaurus(*(_map(folder / f"{name}.npy") for name in Thesaurus._fields))


def _map(path: Path) -> NDArray[Any]:
    return np.load(path, mmap_mode="r").view(np.ndarray)  # type: ignore[no-any-return]


def _write(folder: Path, arrays: Thesaurus) -> None:
    """The folder appears by rename; of two writers one wins."""
    half = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    half.mkdir()
    for name, array in arrays._asdict().items():
        np.save(half / f"{name}.npy", array)
    try:
        os.replace(half, folder)
    except OSError:
        for path in half.iterdir():
            path.unlink()
        half.rmdir()


def _arrays(table: Path) -> Thesaurus:
    address = f"{table.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as base:
        rows = base.execute("SELECT term, stems, pivots, band FROM entries").fetchall()
        uses = base.execute("SELECT stem, uses FROM stems ORDER BY stem").fetchall()
    numbers = {stem: number for number, (stem, _) in enumerate(uses)}
    hashes = Letters.of([row[0] for row in rows]).hashes()
    order = np.argsort(hashes)
    rows = [rows[place] for place in order.tolist()]
    stems = [json.loads(row[1]) for row in rows]
    pivots = [[numbers[word] for word in row[2].split() if word in numbers] for row in rows]
    english = Letters.of(["e:" + stem for stem, _ in uses]).hashes()
    return Thesaurus(
        hashes[order],
        np.array([row[3] for row in rows], dtype=np.uint8),
        _starts(stems),
        np.array([numbers[word] for found in stems for word, _ in found], dtype=np.int32),
        np.array([strength for found in stems for _, strength in found], dtype=np.float64),
        _starts(pivots),
        np.array([number for found in pivots for number in found], dtype=np.int32),
        Letters.of([stem for stem, _ in uses]).hashes(),
        english,
        np.argsort(english).astype(np.int32),
        np.array([count for _, count in uses], dtype=np.int32),
    )


def _starts(lists: Sequence[Sequence[Any]]) -> Offsets:
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, lists), dtype=np.int64, count=len(lists)), out=starts[1:])
    return starts
