"""A first look over very many vectors: few numbers of one byte each instead of all.

The directions in which the vectors differ most are found once, with the segment; a look gives
the cosine roughly. Whoever may be among the best is then compared exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST = 20_000
"""Fewer vectors are compared one by one."""
WIDTH = 128
_SAMPLE = 1 << 14
_STEP = 1 << 13
_MOST = 127


class Coarse(NamedTuple):
    """Directions (a column each), the vectors along them in `scale`ths, and the vectors' sum."""

    basis: NDArray[np.float32]
    codes: NDArray[np.int8]
    scale: NDArray[np.float64]
    total: NDArray[np.float64]

    def ask(self, vector: NDArray[np.float32]) -> tuple[NDArray[np.int8], float]:
        """A need's vector in codes, and what one unit of a product of codes is in cosine."""
        along = vector @ self.basis
        most = float(np.abs(along).max()) or 1.0
        codes = np.rint(along * (_MOST / most)).astype(np.int8)
        return codes, most / _MOST * float(self.scale[0])


def coarsen(vectors: NDArray[np.float32], present: NDArray[np.bool_]) -> Coarse | None:
    """The coarse form of a segment's vectors; None when there are too few to need it."""
    known = np.flatnonzero(present)
    if len(known) < LEAST or vectors.shape[1] < 2 * WIDTH:
        return None
    sample = vectors[known[:: -(-len(known) // _SAMPLE)]]
    _, directions = np.linalg.eigh(sample.T @ sample)
    basis = np.ascontiguousarray(directions[:, : -WIDTH - 1 : -1], dtype=np.float32)
    scale = 1.2 * float(np.abs(sample @ basis).max()) / _MOST
    codes = np.empty((len(vectors), WIDTH), dtype=np.int8)
    total = np.zeros(vectors.shape[1])
    for start in range(0, len(vectors), _STEP):
        part = np.asarray(vectors[start : start + _STEP])
        along = np.rint(part @ basis / np.float32(scale))
        codes[start : start + _STEP] = np.clip(along, -_MOST, _MOST)
        total += part.sum(axis=0, dtype=np.float64)
    return Coarse(basis, codes, np.array([scale]), total)
