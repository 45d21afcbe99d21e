"""The lists of words that say nothing, read once from `registry/data/matching/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data" / "matching"


@cache
def word_list(name: str) -> frozenset[str]:
    """The lines of `<name>.txt` without comments (#) and empty lines."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def word_pairs(name: str) -> dict[str, str]:
    """The lines of `<name>.txt` as first word → second word."""
    pairs = (line.split(maxsplit=1) for line in word_list(name))
    return dict(pairs)
