"""Cells with several codes of a program's lists, by code or name in either language."""

import re
from collections.abc import Callable, Iterable

from registry.common.codelists import divisions
from registry.common.folding import fold
from registry.exchange import cells, codes
from registry.organizations.queries import home_city
from registry.programs import choices

BETWEEN = re.compile(r"[;；\n]+")
"""What stands between codes: their names have 、 and commas in them."""


def listed(name: str, kept: Iterable[str]) -> list[str]:
    """The words of codes, with their group before them."""
    return choices.words_of(name, kept, "ja")


def named(name: str, text: str) -> str:
    """The code of a list by its code, its words, or its words with the group before them; of words
    that several groups have none. Raises CellProblem listed."""
    wanted = fold(text)
    known = choices.codes(name)
    if text in known:
        return text
    for spell in (_whole, _short):
        found = [code for code, row in known.items() if wanted in map(fold, spell(row))]
        if len(found) == 1:
            return found[0]
    raise cells.CellProblem("listed", text=text.strip()[:40])


def _whole(row: choices.Code) -> tuple[str, ...]:
    return row.label("ja"), row.label("en")


def _short(row: choices.Code) -> tuple[str, ...]:
    return row.label_ja, row.label_en


def several(read: Callable[[str], str]) -> Callable[[str], list[str]]:
    """A cell of several, each once, in their order."""

    def reads(text: str) -> list[str]:
        parts = [part.strip() for part in BETWEEN.split(text) if part.strip()]
        return list(dict.fromkeys(read(part) for part in parts))

    return reads


def words(name: str) -> tuple[Callable[[str], list[str]], Callable[[Iterable[str]], str]]:
    """How a cell with codes of a list is read and written."""
    return several(lambda text: named(name, text)), lambda kept: ";".join(listed(name, kept))


def division(text: str) -> str:
    """The code of an industrial division by its letter, name or both: E, 製造業, E 製造業. Raises
    CellProblem industry, for a group within a division too."""
    code = codes.industry(text)
    if code not in {row.code for row in divisions()}:
        raise cells.CellProblem("industry", text=text.strip()[:40])
    return code


def area(text: str) -> str:
    """The code of a municipality; of several with one name the one near home. Raises CellProblem
    place."""
    home = home_city()
    found = choices.find_area(text, home.code if home else "")
    if found is None:
        raise cells.CellProblem("place", text=text.strip()[:40])
    return found


def areas(text: str) -> list[str]:
    """Municipalities between 、 or semicolons."""
    return several(area)(re.sub(r"[、,，]", ";", text))
