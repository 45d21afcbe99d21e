"""The directory of creators by content type (Bizコン): who makes what, found through their seeds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from registry.common.codelists import Municipality
from registry.common.folding import fold
from registry.common.resources import read_rows
from registry.common.viewer import Viewer
from registry.db import db
from registry.listings.models import Category, Listing, ListingKind
from registry.listings.queries import (
    ListingFilter,
    found_listings,
    places_of_listings,
)
from registry.listings.search import knows_owner
from registry.organizations.labels import kind_label
from registry.organizations.models import Organization, OrganizationKind
from registry.web.i18n import locale, pick

CATEGORIES = (Category.DESIGN, Category.MARKET)
"""Categories in which creators, and those who help to sell, write; of the latter only seeds that
belong to a content type are listed."""
QUESTIONS = ("type", "place", "partner", "named")
ANY = "any"


@dataclass(frozen=True)
class ContentType:
    """A kind of content, with the folded words that tell it."""

    code: str
    ja: str
    en: str
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name in the page's language."""
        return pick(self.ja, self.en)


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; empty means anything."""

    type: str = ""
    place: str = ""
    partner: str = ""
    named: bool = False
    text: str = ""


@cache
def content_types() -> dict[str, ContentType]:
    """Code → content type, in the file's order."""
    return {
        row["code"]: ContentType(
            row["code"], row["ja"], row["en"], tuple(fold(w) for w in row["words"].split(";"))
        )
        for row in read_rows("content_types.csv")
    }


def creators(wish: Wish, viewer: Viewer) -> Select[Listing]:
    """The published seeds of creators that the viewer sees and that fit, the newest first."""
    base = found_listings(
        ListingFilter(text=wish.text, kind=ListingKind.SEED, place=wish.place), viewer
    )
    every_word = [word for one in content_types().values() for word in one.words]
    makes = and_(Listing.category.in_(CATEGORIES), _holds(every_word))
    return base.where(or_(Listing.category == Category.DESIGN, makes), *_conditions(wish, viewer))


def types_of(listing: Listing) -> list[str]:
    """The names of the content types to which a seed belongs."""
    return [
        found.label
        for found in content_types().values()
        if any(word in listing.search_head for word in found.words)
    ]


def places(viewer: Viewer) -> list[Municipality]:
    """Wards and municipalities of those who have something to show."""
    return places_of_listings(viewer)


def options(question: str, wish: Wish, viewer: Viewer) -> list[tuple[str, str, int]]:
    """The answers to a question that lead somewhere: (value, words, how many seeds); anything
    first."""
    found = [(ANY, _("どれでもよい"), _count(wish, viewer))]
    for value, words, narrowed in _answers(question, wish, viewer):
        if count := _count(narrowed, viewer):
            found.append((value, words, count))
    return found


def _answers(question: str, wish: Wish, viewer: Viewer) -> Iterator[tuple[str, str, Wish]]:
    match question:
        case "type":
            for one in content_types().values():
                yield one.code, one.label, replace(wish, type=one.code)
        case "place":
            for place in places(viewer):
                yield place.code, place.label(locale()), replace(wish, place=place.code)
        case "partner":
            for kind in OrganizationKind:
                yield kind.value, kind_label(kind), replace(wish, partner=kind.value)
        case _:
            yield "y", _("名前を出している相手だけ"), replace(wish, named=True)


def _count(wish: Wish, viewer: Viewer) -> int:
    rows = creators(wish, viewer).order_by(None).with_only_columns(Listing.id).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def _holds(words: Iterable[str]) -> ColumnElement[bool]:
    """Whether title or keywords hold one of the words."""
    return or_(*(Listing.search_head.contains(word, autoescape=True) for word in words))


def _conditions(wish: Wish, viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    if wish.type in content_types():
        yield _holds(content_types()[wish.type].words)
    if wish.partner in set(OrganizationKind):
        yield Listing.organization.has(Organization.kind == OrganizationKind(wish.partner))
    if wish.named:
        yield knows_owner(viewer)
