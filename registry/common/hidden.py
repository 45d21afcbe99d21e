"""Characters that hide, or turn the text around them: what reads well is not what is stored."""

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BREAKS = frozenset("\r\n\t")
JOINERS = frozenset("\u200c\u200d")
"""They hold an emoji or a letter of other scripts together; in names they may not stand."""


def hidden_character(text: str, *, allowed: frozenset[str] = frozenset()) -> str | None:
    """The first invisible or turning character of a text as "U+202E", or None; lines may break.

    Controls, bidi controls, zero-width and private ones: by them a text can look like another one
    (Unicode TR36), and neither a spreadsheet nor a mail takes them.
    """
    for character in text:
        if character in _BREAKS or character in allowed:
            continue
        if unicodedata.category(character) in _CATEGORIES:
            return f"U+{ord(character):04X}"
    return None
