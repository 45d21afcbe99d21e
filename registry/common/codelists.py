"""Code lists of the state: industries (日本標準産業分類) and municipalities, as data."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from registry.common.resources import read_rows

# 第14次改定: 令和5年総務省告示第256号, in force since 2024-04-01.
JSIC_REVISION = "14"

MunicipalityKind = Literal["prefecture", "city", "ward", "special_ward", "town", "village"]


@dataclass(frozen=True)
class CodeName:
    """A code with its name in both languages."""

    code: str
    name_ja: str
    name_en: str

    def label(self, locale: str = "ja") -> str:
        """Return the name; every locale but en reads Japanese."""
        return self.name_en if locale == "en" else self.name_ja


@dataclass(frozen=True)
class Division(CodeName):
    """A division (大分類) of the industries, A to T."""


@dataclass(frozen=True)
class IndustryGroup(CodeName):
    """A major group (中分類) of the industries, two digits, within a division."""

    division: str


@dataclass(frozen=True)
class Municipality(CodeName):
    """A local body or a ward by its five digits (全国地方公共団体コード without check digit).

    `prefecture` is its two digits, `parent` the code of the city a ward belongs to.
    """

    prefecture: str
    parent: str | None
    kind: MunicipalityKind

    @property
    def code6(self) -> str:
        """The six digits with the check digit: 141305.

        11 less the remainder by 11 of the digits weighted 6 to 2; of 10 and 11 the last digit.
        """
        weighted = sum(
            int(digit) * weight for digit, weight in zip(self.code, range(6, 1, -1), strict=True)
        )
        return f"{self.code}{(11 - weighted % 11) % 10}"

    def full_label(self, locale: str = "ja") -> str:
        """Return the name with what it lies in: 神奈川県川崎市中原区, Nakahara-ku, Kawasaki, …."""
        chain: list[Municipality] = [self]
        if self.parent and (city := municipality(self.parent)):
            chain.append(city)
        if self.kind != "prefecture" and (home := municipality(f"{self.prefecture}000")):
            chain.append(home)
        names = [place.label(locale) for place in chain]
        return ", ".join(names) if locale == "en" else "".join(reversed(names))


@cache
def divisions() -> tuple[Division, ...]:
    """Return the 20 divisions, A to T."""
    return tuple(Division(**row) for row in read_rows("jsic14_divisions.csv"))


@cache
def industries(division: str | None = None) -> tuple[IndustryGroup, ...]:
    """Return the major groups by code, all 99 or those of one division."""
    groups = (IndustryGroup(**row) for row in read_rows("jsic14_groups.csv"))
    return tuple(group for group in groups if division in (None, group.division))


@cache
def _industries_by_code() -> dict[str, Division | IndustryGroup]:
    known: dict[str, Division | IndustryGroup] = {entry.code: entry for entry in divisions()}
    known.update((entry.code, entry) for entry in industries())
    return known


def industry(code: str) -> Division | IndustryGroup | None:
    """Return the division or major group of a code; 3 or 4 digits give their major group."""
    known = _industries_by_code()
    return known.get(code) or (known.get(code[:2]) if code.isdigit() else None)


def industry_label(code: str, locale: str = "ja") -> str:
    """Return code and name, 24 金属製品製造業; an unknown code comes back as it is."""
    found = industry(code)
    return f"{code} {found.label(locale)}" if found else code


@cache
def _places() -> dict[str, Municipality]:
    """Every place by code, in the order of codes."""
    return {
        row["code"]: Municipality(
            code=row["code"],
            name_ja=row["name_ja"],
            name_en=row["name_en"],
            prefecture=row["prefecture"],
            parent=row["parent"] or None,
            kind=_kind(row["kind"]),
        )
        for row in read_rows("municipalities.csv")
    }


def _kind(text: str) -> MunicipalityKind:
    match text:
        case "prefecture" | "city" | "ward" | "special_ward" | "town" | "village":
            return text
        case _:
            raise ValueError(f"municipalities.csv: unknown kind {text}")


@cache
def prefectures() -> tuple[Municipality, ...]:
    """Return the 47 prefectures by code."""
    return tuple(place for place in _places().values() if place.kind == "prefecture")


@cache
def municipalities(prefecture: str | None = None) -> tuple[Municipality, ...]:
    """Return cities, Tokyo's wards, towns and villages by code, of all Japan or one prefecture.

    The list is whole for Kanagawa, and for Tokyo without its towns, villages and islands;
    elsewhere it has the designated cities and the plan's partners.
    """
    wanted = prefecture[:2] if prefecture else None
    return tuple(
        place
        for place in _places().values()
        if place.kind not in ("prefecture", "ward") and wanted in (None, place.prefecture)
    )


@cache
def wards(city: str) -> tuple[Municipality, ...]:
    """Return the wards of a designated city by code."""
    return tuple(place for place in _places().values() if place.parent == city)


def municipality(code: str) -> Municipality | None:
    """Return the place of five digits, or of six with a right check digit."""
    place = _places().get(code[:5])
    return place if place is not None and code in (place.code, place.code6) else None
