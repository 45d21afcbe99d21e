"""Reading codes by their names: industries and municipalities, in any spelling. Pure."""

import re
import unicodedata
from functools import cache, lru_cache

from registry.common import codelists
from registry.common.folding import fold
from registry.exchange.cells import CellProblem, narrow


@cache
def _industries() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in (*codelists.divisions(), *codelists.industries()):
        for name in (entry.name_ja, entry.name_en):
            known[fold(name)] = entry.code
            known[fold(f"{entry.code} {name}")] = entry.code
    return known


@lru_cache(maxsize=4096)
def industry(text: str) -> str:
    """The code of an industry written as code, name or both: E, 24, 2441, 24 金属製品製造業.

    Raises CellProblem industry.
    """
    plain = narrow(text).upper()
    head = re.match(r"([A-T]|[0-9]{1,4})(?![0-9A-Z])", plain)
    if plain.isdigit() and len(plain) == 1:
        plain = f"0{plain}"
    if codelists.industry(plain) is not None:
        return plain[:4]
    if (code := _industries().get(fold(text))) is not None:
        return code
    if head and codelists.industry(head[1]) is not None:
        rest = re.sub(r"^[A-T0-9]+[:：.．・\s\-]*", "", unicodedata.normalize("NFKC", text))
        if _industries().get(fold(rest)) == head[1]:
            return head[1]
    raise CellProblem("industry", text=text.strip()[:40])


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Folded name → codes; wards also with their city before them."""
    known: dict[str, set[str]] = {}
    everything = [
        *codelists.prefectures(),
        *codelists.municipalities(),
        *(ward for city in codelists.municipalities() for ward in codelists.wards(city.code)),
    ]
    for place in everything:
        city = codelists.municipality(place.parent) if place.parent else None
        names = {place.name_ja, place.name_en, place.full_label("ja"), place.full_label("en")}
        if city:
            names |= {city.name_ja + place.name_ja, f"{place.name_en}, {city.name_en}"}
        for name in names:
            known.setdefault(fold(name), set()).add(place.code)
    return {name: tuple(sorted(codes)) for name, codes in known.items()}


@lru_cache(maxsize=4096)
def place(text: str) -> str:
    """The code of a municipality or ward written as code or name. Raises CellProblem: place,
    places for a name that several have."""
    plain = narrow(text)
    if plain.isdigit():
        found = codelists.municipality(plain.zfill(5) if len(plain) < 5 else plain)
        if found is None:
            raise CellProblem("place", text=text.strip()[:40])
        return found.code
    codes = _places().get(fold(text), ())
    if not codes:
        raise CellProblem("place", text=text.strip()[:40])
    if len(codes) > 1:
        raise CellProblem("places", text=text.strip()[:40])
    return codes[0]


@cache
def _beginnings() -> re.Pattern[str]:
    """What an address begins with: a municipality or ward, with or without what it lies in."""
    names: set[str] = set()
    for name, codes in _written().items():
        if len(codes) == 1:
            names.add(name)
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("(?:" + "|".join(map(re.escape, longest)) + ")")


@cache
def _written() -> dict[str, tuple[str, ...]]:
    known: dict[str, set[str]] = {}
    for city in codelists.municipalities():
        prefecture = codelists.municipality(f"{city.prefecture}000")
        for spot in (city, *codelists.wards(city.code)):
            local = spot.name_ja if spot is city else city.name_ja + spot.name_ja
            known.setdefault(local, set()).add(spot.code)
            if prefecture:
                known.setdefault(prefecture.name_ja + local, set()).add(spot.code)
    return {name: tuple(codes) for name, codes in known.items()}


def split_address(address: str) -> tuple[str, str]:
    """Municipality code and the rest of an address that begins with it: 川崎市幸区堀川町72 →
    (14132, 堀川町72). ("", address) when it begins with none that is known."""
    found = _beginnings().match(address)
    if not found:
        return "", address
    return _written()[found[0]][0], address[found.end() :].strip()
