"""What may stand in a name: one line that reads as it is written."""

import re
import unicodedata

from registry.common.problem import ValueProblem

_SPACES = re.compile(r"[\s\u3000]+")


class NameProblem(ValueProblem):
    """A text with characters that hide or turn others. Code: hidden(character)."""


def clean_line(text: str) -> str:
    """Return a text of one line with single spaces.

    Raises NameProblem for bidi controls, zero-width and other invisible characters: by them a
    name can look like another one (Unicode TR36). Marks that choose a kanji's variant stay.
    """
    line = _SPACES.sub(" ", text).strip()
    refuse_hidden(line)
    return line


def refuse_hidden(text: str) -> None:
    """Raise NameProblem when a text holds an invisible or turning character; lines may break."""
    for character in text:
        if character in "\r\n\t":
            continue
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            raise NameProblem("hidden", character=f"U+{ord(character):04X}")


def clean_kana(text: str) -> str:
    """Return a reading in full-width katakana with single spaces: かわさき → カワサキ."""
    line = clean_line(unicodedata.normalize("NFKC", text))
    return "".join(
        chr(ord(letter) + 0x60) if "\u3041" <= letter <= "\u3096" else letter for letter in line
    )
