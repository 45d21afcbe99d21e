"""Addresses in one spelling: 四丁目1番1号, ４－１－１ and 4ー1ー1 are the same lot."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from registry.common import codelists
from registry.common.folding import fold

_POSTCODE = re.compile(r"^〒?\d{3}-?\d{4}")
_DIGIT = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
_NUMERAL = re.compile(
    "[〇一二三四五六七八九十百]+(?=丁目|番|号|条|ノ|-)|(?<=丁目)[一二三四五六七八九十百]+|(?:(?<=番)|(?<=番地))[一二三四五六七八九十百]+"
)
_UNITS = re.compile(r"(\d+)(?:丁目|番町ノ?|番地ノ?|番ノ?|号|ノ(?=\d)|-)(?!室)")
_OLD_MARKS = re.compile("大字|字(?=.)")
_LOT = re.compile(r"^((?:[^\d]|\d+条)*)(\d+(?:-\d+)*)-?(.*)$")
_FLOOR = re.compile(r"\d*-?\d+(?:号室|号|階|f|室)?$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Lot:
    """A folded address: the city as written (may be ""), the town, the numbers, the building."""

    city: str
    town: str
    numbers: str
    building: str

    @property
    def is_exact(self) -> bool:
        """Whether it names one lot: two numbers at least, as in 4-1."""
        return "-" in self.numbers and bool(self.town)


@lru_cache(maxsize=8192)
def read_address(text: str) -> Lot | None:
    """Take an address apart; None for an empty one. Prefecture, 大字 and post code do not count."""
    plain = _SPACES.sub(" ", fold(text)).strip().replace("ー", "-")
    if not plain:
        return None
    plain = _OLD_MARKS.sub("", _POSTCODE.sub("", plain.replace("〒", "")).strip())
    city, rest = _split_city(plain)
    rest = _NUMERAL.sub(lambda found: str(_number(found[0])), rest)
    rest = _UNITS.sub(r"\1-", rest)
    found = _LOT.match(rest)
    if not found:
        return Lot(city, rest, "", "")
    building = _FLOOR.sub("", found[3].strip(" -")).strip(" -")
    return Lot(city, found[1].strip(), found[2], building)


def _number(kanji: str) -> int:
    """二十三 → 23, 二三 → 23, 百 → 100."""
    if not re.search("[十百]", kanji):
        return int("".join(str(_DIGIT[letter]) for letter in kanji))
    total, digit = 0, 0
    for letter in kanji:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = _DIGIT[letter]
    return total + digit


@cache
def _names() -> tuple[frozenset[str], frozenset[str], frozenset[str], int]:
    """Folded names of prefectures, of municipalities, of wards; and the longest length."""
    prefectures = frozenset(fold(place.name_ja) for place in codelists.prefectures())
    cities = list(codelists.municipalities())
    wards = frozenset(fold(ward.name_ja) for city in cities for ward in codelists.wards(city.code))
    names = frozenset(fold(city.name_ja) for city in cities)
    return prefectures, names, wards, max(map(len, prefectures | names | wards))


def _split_city(plain: str) -> tuple[str, str]:
    """The municipality an address begins with, folded, and the rest of it."""
    prefectures, cities, wards, longest = _names()
    rest = _without(prefectures, plain, longest)[1]
    county = re.match("^[^市区町村\\d]{1,5}郡", rest)
    if county and _without(cities, rest[county.end() :], longest)[0]:
        rest = rest[county.end() :]
    city, rest = _without(cities, rest, longest)
    ward, rest = _without(wards, rest, longest)
    return city + ward, rest.strip()


def _without(names: frozenset[str], text: str, longest: int) -> tuple[str, str]:
    for length in range(min(longest, len(text)), 1, -1):
        if text[:length] in names:
            return text[:length], text[length:]
    return "", text
