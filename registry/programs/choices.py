"""Code lists of programs: stages of a business, troubles, kinds of service (GIF 491-1), and words
for the codes that a program keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from registry.common import codelists
from registry.common.resources import read_rows


@dataclass(frozen=True)
class Code:
    """One code with its words; `group` is what it stands under, perhaps nothing."""

    code: str
    group_ja: str
    group_en: str
    label_ja: str
    label_en: str

    def label(self, locale: str = "ja") -> str:
        """The words, with the group's before them."""
        group, words = (
            (self.group_en, self.label_en) if locale == "en" else (self.group_ja, self.label_ja)
        )
        between = ": " if locale == "en" else "："
        return f"{group}{between}{words}" if group else words


@cache
def codes(name: str) -> dict[str, Code]:
    """The codes of the list "stage", "trouble" or "service", in their order."""
    return {
        row["code"]: Code(
            row["code"], row["group_ja"], row["group_en"], row["label_ja"], row["label_en"]
        )
        for row in read_rows("program_codes.csv")
        if row["list"] == name
    }


def choices(name: str, locale: str) -> list[tuple[str, str]]:
    """(code, words) of a list, for a form."""
    return [(code, row.label(locale)) for code, row in codes(name).items()]


def words_of(name: str, kept: Iterable[str], locale: str) -> list[str]:
    """Words for codes that a record keeps; one that the list does not know stands for itself."""
    known = codes(name)
    return [known[code].label(locale) if code in known else code for code in kept]


def division_choices(locale: str) -> list[tuple[str, str]]:
    """(code, words) of the industrial divisions."""
    return [(row.code, row.label(locale)) for row in codelists.divisions()]


def industry_words(kept: Iterable[str], locale: str) -> list[str]:
    """Names of industry codes."""
    return [codelists.industry_label(code, locale) for code in kept]


def area_words(kept: Iterable[str], locale: str) -> list[str]:
    """Full names of municipalities; a code that is not known stands for itself."""
    rows = [(code, codelists.municipality(code)) for code in kept]
    return [row.full_label(locale) if row else code for code, row in rows]


def find_area(text: str, home: str = "") -> str | None:
    """The code of the municipality of a name or code; of several with one name the one in the
    prefecture of `home`, a municipality's code. None when no or several places have it."""
    wanted = "".join(text.split())
    if row := codelists.municipality(wanted):
        return row.code
    found = [row for row in _places() if wanted in row_names(row)]
    near = [row for row in found if home and row.code[:2] == home[:2]]
    exact = [row for row in found if row.full_label("ja") == wanted]
    for group in (exact, near, found):
        if len(group) == 1:
            return group[0].code
    return None


def row_names(row: codelists.Municipality) -> set[str]:
    """What a place is called: its name, its full name, and both in English."""
    names = (row.name_ja, row.full_label("ja"), row.name_en, row.full_label("en"))
    return {"".join(name.split()) for name in names}


@cache
def _places() -> tuple[codelists.Municipality, ...]:
    cities = codelists.municipalities()
    wards = (ward for city in cities for ward in codelists.wards(city.code))
    return (*codelists.prefectures(), *cities, *wards)
