"""What a listing says, as one value, and what it still lacks before it can be reviewed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.listings.categories import missing_fields
from registry.listings.models import Category, Listing, ListingKind, Visibility

TITLE_MIN, TITLE_MAX = 10, 60
DESCRIPTION_MIN, DESCRIPTION_MAX = 20, 2000
KEYWORD_MAX = 40
KEYWORDS_MOST = 20
KEYWORDS_OF_NEED = 3
YEARS_MOST = 3

BREADTH = (Visibility.STAFF, Visibility.MEMBERS, Visibility.PUBLIC)
"""From the narrowest circle to the widest."""

_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Content:
    """All that an author decides about a listing. A draft may lack anything but its title."""

    category: Category
    title: str
    visibility: Visibility
    valid_until: date
    description: str = ""
    keywords: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    anonymous: bool = False

    def values(self) -> dict[str, Any]:
        """The columns of a listing."""
        return {
            "category": self.category,
            "title": self.title,
            "description": self.description,
            "keywords": list(self.keywords),
            "fields": dict(self.fields),
            "language": language_of(self.title + self.description),
            "visibility": self.visibility,
            "anonymous": self.anonymous,
            "valid_until": self.valid_until,
        }


@dataclass(frozen=True)
class Gap:
    """What is to be put right before review: the field of the form, and what to do."""

    field: str
    message: str


def content_of(listing: Listing) -> Content:
    """What a stored listing says."""
    return Content(
        category=listing.category,
        title=listing.title,
        visibility=listing.visibility,
        valid_until=listing.valid_until,
        description=listing.description,
        keywords=tuple(listing.keywords),
        fields=dict(listing.fields),
        anonymous=listing.anonymous,
    )


def language_of(text: str) -> str:
    """ "ja" when the text holds Japanese letters or no letters at all, else "en"."""
    return "ja" if _JAPANESE.search(text) or not re.search("[A-Za-z]", text) else "en"


def gaps(content: Content, kind: ListingKind, *, today: date) -> list[Gap]:
    """What the office asks for before it reviews a listing, in the order of the form."""
    found = [*_gaps_of_text(content), *_gaps_of_keywords(content.keywords, kind)]
    for spec in missing_fields(content.category, content.fields):
        found.append(Gap(spec.name, _("「%(label)s」を入力してください。", label=spec.label)))
    if problem := date_problem(content.valid_until, today=today):
        found.append(Gap("valid_until", problem))
    return found


def date_problem(until: date, *, today: date) -> str:
    """Why a listing cannot be shown until that day; empty when it can."""
    latest = latest_day(today)
    if until < today:
        return str(_("期限が過ぎています。今日から後の日を入力してください。"))
    if until > latest:
        return str(
            _("期限は %(years)s 年先までにしてください。あとから延ばせます。", years=YEARS_MOST)
        )
    return ""


def latest_day(today: date) -> date:
    """The last day a listing may be valid until."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + YEARS_MOST, day=day)


def _gaps_of_text(content: Content) -> list[Gap]:
    found = []
    if len(content.title) < TITLE_MIN:
        found.append(
            Gap(
                "title",
                _(
                    "件名を、何をしたいかが分かる %(least)s 文字以上で書いてください。"
                    "例：めっき後の細い溝に残る薬液を短い時間で取り除きたい",
                    least=TITLE_MIN,
                ),
            )
        )
    if len(content.description) < DESCRIPTION_MIN:
        found.append(
            Gap(
                "description",
                _("内容を %(least)s 文字以上で書いてください。", least=DESCRIPTION_MIN),
            )
        )
    return found


def _gaps_of_keywords(keywords: tuple[str, ...], kind: ListingKind) -> list[Gap]:
    if kind is ListingKind.NEED and len(keywords) < KEYWORDS_OF_NEED:
        return [
            Gap(
                "keywords",
                _(
                    "キーワードを %(least)s つ以上入れてください（いま %(count)s つ）。"
                    "「文章から選ぶ」を押すと候補が出ます。",
                    least=KEYWORDS_OF_NEED,
                    count=len(keywords),
                ),
            )
        ]
    return []


def needs_review_again(before: Content, after: Content) -> bool:
    """Whether a change of a published listing has to be reviewed: what it says, or a wider circle.

    Keywords, a nearer or later date, a narrower circle and anonymity are the author's to change.
    """
    said = [(c.title, c.description, c.category, dict(c.fields)) for c in (before, after)]
    wider = BREADTH.index(after.visibility) > BREADTH.index(before.visibility)
    return said[0] != said[1] or wider
