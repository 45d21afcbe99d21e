"""Reading whole columns at once where all cells are of the plain sort. Pure.

Each function returns the values, None where a cell is blank, or None for the whole column when a
cell needs to be looked at by itself.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

_UNUSUAL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u1680\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2e80-\u2fdf\u3000\ud800-\uf8ff\ufe00-\ufe0f"
    "\ufeff\uff61-\uff9f\ufff0-\uffff\U000101fd-\U000e01ef（）()㈱㈲㈳㈶]|  "
)
_HIRAGANA = re.compile("[\u3041-\u3096Ａ-Ｚａ-ｚ０-９]")
_WEBSITE = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9_./-]*)?").fullmatch

Many = Callable[[list[str]], list[Any] | None]


def lines(longest: int, *, brackets: bool = False, kana: bool = False) -> Many:
    """Plain lines of at most so many characters; `brackets` may stand in them."""

    def read(cells: list[str]) -> list[Any] | None:
        joined = "\n".join(cells)
        tested = (
            joined.replace("（", "").replace("）", "").replace("(", "").replace(")", "")
            if (brackets)
            else joined
        )
        if joined.count("\n") != max(0, len(cells) - 1) or _UNUSUAL.search(tested):
            return None
        if kana and _HIRAGANA.search(joined):
            return None
        if cells and max(map(len, cells)) > longest:
            return None
        return [cell or None for cell in cells]

    return read


def corporate_numbers(cells: list[str]) -> list[Any] | None:
    """Numbers of 13 ASCII digits, all with a right check digit."""
    joined = "".join(cells)
    filled = [cell for cell in cells if cell]
    if not filled:
        return [None] * len(cells)
    if not (joined.isascii() and joined.isdigit()) or any(len(cell) != 13 for cell in filled):
        return None
    digits = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(-1, 13) - ord("0")
    weights = np.array([2, 1] * 6, dtype=np.int64)
    expected = 9 - (digits[:, 1:].astype(np.int64) @ weights) % 9
    return [cell or None for cell in cells] if (digits[:, 0] == expected).all() else None


def websites(cells: list[str]) -> list[Any] | None:
    """Plain addresses with their scheme."""
    if not all(_WEBSITE(cell) and len(cell) <= 200 for cell in cells if cell):
        return None
    return [cell or None for cell in cells]
