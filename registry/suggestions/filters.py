"""What a search for suggestions is narrowed to; asked of the engine as tags, before it ranks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from registry.common import codelists
from registry.listings.labels import CATEGORIES, VISIBILITIES
from registry.listings.models import Category, ListingKind, Visibility
from registry.suggestions.queries import counts_of_open, counts_of_organizations
from registry.web.i18n import locale

Word = TypeVar("Word", bound=StrEnum)
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """Category, place (a municipality, its wards with it), division of industry, visibility;
    empty means all."""

    category: Category | None = None
    place: str = ""
    division: str = ""
    visibility: Visibility | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.tags())

    def tags(self) -> frozenset[str]:
        """The tags that an item must carry."""
        return frozenset(f"{name}:{value}" for name, value in self.args().items())

    def args(self) -> dict[str, str]:
        """The parameters of an address that say the same."""
        found = {
            "category": self.category.value if self.category else "",
            "place": self.place,
            "division": self.division,
            "visibility": self.visibility.value if self.visibility else "",
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Facets:
    """What may be chosen, each with the number of open listings; and how many there are at all."""

    total: int
    categories: Options = field(default_factory=list)
    places: Options = field(default_factory=list)
    divisions: Options = field(default_factory=list)
    visibilities: Options = field(default_factory=list)


def wanted_in(args: Mapping[str, str]) -> Wanted:
    """What an address asks for; what is not understood is left out."""
    place = codelists.municipality(args.get("place", ""))
    division = args.get("division", "")
    return Wanted(
        category=_one_of(Category, args.get("category")),
        place=place.code if place else "",
        division=division if division in {d.code for d in codelists.divisions()} else "",
        visibility=_one_of(Visibility, args.get("visibility")),
    )


def facets(kind: ListingKind) -> Facets:
    """What open listings of a kind can be narrowed to."""
    counts = counts_of_open(kind)
    return Facets(
        total=sum(counts.categories.values()),
        categories=_options({c.value: text for c, text in CATEGORIES.items()}, counts.categories),
        places=_places(counts.places),
        divisions=_divisions(counts.industries),
        visibilities=_options(
            {v.value: text for v, text in VISIBILITIES.items()}, counts.visibilities
        ),
    )


def organization_facets() -> Facets:
    """The same for organizations."""
    places, industries = counts_of_organizations()
    return Facets(sum(places.values()), places=_places(places), divisions=_divisions(industries))


def _options(words: Mapping[str, str], counts: Mapping[str, int]) -> Options:
    return [(value, _with(text, counts[value])) for value, text in words.items() if value in counts]


def _places(counts: Mapping[str, int]) -> Options:
    """Wards after their city; a city counts its wards in."""
    sums: dict[str, int] = {}
    for code, count in counts.items():
        if place := codelists.municipality(code):
            for known in {place.code, place.parent or place.code}:
                sums[known] = sums.get(known, 0) + count
    found = []
    for code in sorted(sums):
        if place := codelists.municipality(code):
            text = place.label(locale())
            found.append((code, _with(f"　{text}" if place.parent in sums else text, sums[code])))
    return found


def _divisions(counts: Mapping[str, int]) -> Options:
    sums: dict[str, int] = {}
    for code, count in counts.items():
        group = codelists.industry(code) if code else None
        if group:
            letter = group.division if isinstance(group, codelists.IndustryGroup) else group.code
            sums[letter] = sums.get(letter, 0) + count
    return _options({d.code: d.label(locale()) for d in codelists.divisions()}, sums)


def _with(text: str, count: int) -> str:
    return f"{text}（{count:,}）" if locale() == "ja" else f"{text} ({count:,})"


def _one_of(words: type[Word], text: str | None) -> Word | None:
    return next((word for word in words if word.value == text), None)
