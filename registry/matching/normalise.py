"""One spelling for one text, with a map back to the original code points.

NFKC, lower case, one hyphen, one long-vowel mark, no tildes, no repeated long-vowel marks, no
blanks between Japanese characters, no accents on Latin letters. Whatever is folded, each
character of the result knows which characters of the original it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_HYPHENS = "˗֊‐‑‒–⁃⁻₋−"
_LONG_VOWELS = "﹣－—―─━ー"
_TILDES = "~∼∾〜〰～"
_MARKS = {
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_LONG_VOWELS, "ー"),
    **dict.fromkeys(_TILDES, ""),
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
}
_JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]"
_BLANK_INSIDE = re.compile(rf"(?<={_JAPANESE})[ \t\u3000]+(?={_JAPANESE})")
_SPECIAL = re.compile("[" + re.escape("".join(_MARKS)).replace("ー", "") + r"\u00c0-\u024f]|ーー")
_HANKAKU_SOUND_MARKS = "\uff9e\uff9f"


@dataclass(frozen=True, slots=True)
class Normalised:
    """Folded text; `starts[i]` and `ends[i]` bound the original characters behind `text[i]`.

    Both are None when every character stayed in its place.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Bounds in the original text of `text[start:end]` (which must not be empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """Fold a text; the result's spans are right for every input."""
    plain = (
        unicodedata.is_normalized("NFKC", text)
        and not _SPECIAL.search(text)
        and not _BLANK_INSIDE.search(text)
    )
    if plain:
        lowered = text.lower()
        if len(lowered) == len(text):
            return Normalised(lowered)
    return _fold(text)


def fold(text: str) -> str:
    """Only the folded text."""
    return normalise(text).text


def _fold(text: str) -> Normalised:
    """The slow path, cluster by cluster."""
    dropped = set[int]()
    for gap in _BLANK_INSIDE.finditer(text):
        dropped.update(range(*gap.span()))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        if start in dropped:
            continue
        for letter in _folded_cluster(text[start:end]):
            if letter == "ー" and letters and letters[-1] == "ー":
                ends[-1] = end
                continue
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return Normalised("".join(letters), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of each character together with the marks that combine with it."""
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or not _combines(text[position]):
            yield start, position
            start = position


def _combines(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 or letter in _HANKAKU_SOUND_MARKS


def _folded_cluster(cluster: str) -> str:
    if cluster in _MARKS:
        return _MARKS[cluster]
    folded = []
    for letter in unicodedata.normalize("NFKC", cluster):
        folded.append(_MARKS[letter] if letter in _MARKS else _without_accent(letter))
    return "".join(folded).lower()


def _without_accent(letter: str) -> str:
    if not "\u00c0" <= letter <= "\u024f":
        return letter
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter
