"""Guard against formulas in text cells: a spreadsheet must show what was typed, not run it."""

import re

# Excel starts a formula at = + - @; tab and line ends are skipped or split before it looks. The
# full-width forms become the plain ones when a Japanese input method or an import folds them.
_STARTS = "=+\\-@＝＋－＠−\t\r\n"
_DANGEROUS = re.compile(rf"'*\s*[{_STARTS}]")
_GUARDED = re.compile(rf"''*\s*[{_STARTS}]")


def guard_cell(text: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula, with ' before it if needed.

    Numbers are not for this function: write them as numbers.
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard_cell(text: str) -> str:
    """Return the text that `guard_cell` was given: unguard_cell(guard_cell(x)) == x."""
    return text[1:] if _GUARDED.match(text) else text
