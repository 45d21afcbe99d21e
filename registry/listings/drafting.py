"""Help while a listing is written: proposed keywords, whether it can be found, how it will look."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.common import calendar
from registry.listings.audience import Circle, audience
from registry.listings.cards import shortened
from registry.listings.content import KEYWORD_MAX, TITLE_MAX, latest_day
from registry.listings.forms import ListingForm
from registry.listings.models import Listing, Visibility
from registry.matching import Findability, Text, assess, propose_keywords
from registry.office.settings import office
from registry.organizations.blind import blind_line
from registry.organizations.models import Organization
from registry.web.i18n import listed, pick

FILLED_IN = 5
"""So many proposed words are filled in at once; further ones are offered."""
QUARTER = 90
HELP = frozenset({"propose", "category", "preview"})
"""Buttons of the form that save nothing."""
TAKE = "add:"
"""So begins the value of a button that takes one proposed word."""
READ = 20_000
"""So many letters of a text are looked at while it is written."""


@dataclass(frozen=True)
class Preview:
    """How others will see what stands in the form."""

    owner: str | None
    meta: str
    text: str
    words: tuple[str, ...]
    circles: tuple[Circle, ...]


BEGUN_WITH = 800
"""Letters of a text from which a draft may be begun."""


def begin_with(text: str) -> dict[str, Any]:
    """Answers of a form begun with a text that somebody told: its first sentence as the title, the
    words that tell most as keywords. Empty for no text."""
    text = text.strip()[:BEGUN_WITH]
    if not text:
        return {}
    first = re.split(r"[。\n]|(?<=[.!?]) ", text, maxsplit=1)[0].strip()
    return {
        "title": first if len(first) <= TITLE_MAX else "",
        "description": text,
        "keywords": listed(propose_keywords("", text)[:FILLED_IN]),
    }


def last_day() -> date:
    """Until when a listing is shown when its author says nothing."""
    return calendar.today() + timedelta(days=office().listing_days)


def later_day(until: date) -> date:
    """The day proposed to a renewal: a usual period from today, and at least a quarter more."""
    return min(latest_day(calendar.today()), max(last_day(), until + timedelta(days=QUARTER)))


def help_with(form: ListingForm, button: str) -> list[str] | None:
    """Do what a button that saves nothing asks for; None when it is another button.

    Proposed keywords fill the field up to `FILLED_IN` words, `add:めっき` takes one of those
    offered; the rest comes back to be offered.
    """
    taken = button.removeprefix(TAKE) if button.startswith(TAKE) else ""
    if not form.is_submitted() or not (taken or button in HELP):
        return None
    if taken:
        form.keywords.data = listed(dict.fromkeys([*form.words(), taken[:KEYWORD_MAX]]))
        return further_words(form)
    if button != "propose":
        return lacking_words(form)
    further, words = further_words(form), form.words()
    room = max(0, FILLED_IN - len(words))
    form.keywords.data = listed([*words, *further[:room]])
    return further[room:]


def further_words(form: ListingForm) -> list[str]:
    """Words of the text that would be keywords and are none yet, the best first."""
    words = form.words()
    return [word for word in _proposed(form) if word not in words]


def lacking_words(form: ListingForm) -> list[str]:
    """The same for a text that is hard to find by now: offered before anybody asks."""
    found = findability(form)
    hard = found is not None and (found.level != "good" or "no_keywords" in found.hints)
    return further_words(form) if hard else []


def lacks(listing: Listing) -> tuple[Findability, list[str]]:
    """How well a stored listing can be found, and words of its text that would help."""
    text = Text("", listing.title, listing.description, tuple(listing.keywords))
    words = propose_keywords(listing.title, listing.description[:READ])
    return assess(text), [word for word in words if word not in listing.keywords]


def _proposed(form: ListingForm) -> list[str]:
    return propose_keywords(form.title.data or "", (form.description.data or "")[:READ])


def findability(form: ListingForm) -> Findability | None:
    """How well what stands in the form can be found; None while there is no text."""
    title, description = form.title.data or "", (form.description.data or "")[:READ]
    if not title or not description:
        return None
    return assess(Text("", title=title, description=description, keywords=form.words()))


def preview(form: ListingForm, organization: Organization) -> Preview:
    """The card and the table of who sees what, from what stands in the form."""
    anonymous = form.anonymous.data != "named"
    visibility = form.visibility.data or Visibility.STAFF
    return Preview(
        owner=None if anonymous else pick(organization.name, organization.name_en),
        meta=blind_line(organization),
        text=shortened(form.description.data or "", 140),
        words=tuple(word[:40] for word in form.words()[:20]),
        circles=audience(visibility, anonymous=anonymous),
    )
