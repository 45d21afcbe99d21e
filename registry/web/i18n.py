"""The language of a page, and how dates and figures are written in it."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from flask import Flask, Response, has_request_context, request, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from registry.common.calendar import FiscalYear, format_date, to_tokyo
from registry.web.addresses import is_api, this_page

LANGUAGES = {"ja": "日本語", "en": "English"}
COOKIE = "lang"
YEAR = 365 * 24 * 3600
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")

babel = Babel()


def chosen_language() -> str:
    """The language asked for by `?lang=`, else the remembered one, else Japanese; of a program the
    one that `Accept-Language` prefers."""
    if not has_request_context():
        return "ja"
    if is_api():
        return request.accept_languages.best_match(list(LANGUAGES)) or "ja"
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return "ja"


def locale() -> str:
    """The language in force: "ja" or "en"."""
    found = get_locale()
    return found.language if found and found.language in LANGUAGES else "ja"


def pick(japanese: str, english: str | None) -> str:
    """A record's text in the page's language; Japanese where the English one is missing."""
    return english if locale() == "en" and english else japanese


def marked(text: object) -> object:
    """A record's text, in a span with its language where it is Japanese on an English page, so
    that screen readers speak it right (WCAG 3.1.2); anything else, markup too, as it is."""
    if locale() != "en" or isinstance(text, Markup) or not JAPANESE.search(str(text or "")):
        return text
    return Markup('<span lang="ja">{}</span>').format(text)


def listed(words: Iterable[object]) -> str:
    """Words in one line, separated as the page's language does it; both signs are read in forms."""
    return str(_("、")).join(str(word) for word in words)


def remember_language(response: Response) -> Response:
    """Keep the language asked for by `?lang=` in a cookie."""
    wish = None if is_api() else request.args.get("lang")
    if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
        response.set_cookie(COOKIE, wish, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def language_links() -> list[tuple[str, str, str, bool]]:
    """(code, label, address of this page in it, in force) for every language."""
    here = request.endpoint not in (None, "portal.front_page") and request.method == "GET"
    return [
        (
            code,
            label,
            this_page(lang=code) if here else url_for("portal.front_page", lang=code),
            code == locale(),
        )
        for code, label in LANGUAGES.items()
    ]


def day(value: date | datetime | None) -> str:
    """2026年11月25日 / 25 November 2026; empty for None. A moment is shown as its day in Tokyo."""
    return _day(value, "ja", "en")


def short_day(value: date | datetime | None) -> str:
    """2026/11/25 / 25 Nov 2026, for tables."""
    return _day(value, "slash", "en_short")


def era_day(value: date | datetime | None) -> str:
    """令和8年11月25日 / 25 November 2026."""
    return _day(value, "era", "en")


def moment(value: datetime | None) -> str:
    """Day and time in Tokyo."""
    return f"{day(value)} {to_tokyo(value):%H:%M}" if value else ""


def number(value: int | float | Decimal | None) -> str:
    """1,234 · 12.5; a dash for None."""
    if value is None:
        return "–"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}"


def fiscal_year(value: date | FiscalYear) -> str:
    """2016（平成28）年度 / FY2016."""
    year = value if isinstance(value, FiscalYear) else FiscalYear.of(value)
    return year.label(locale())


def _day(value: date | datetime | None, japanese: str, english: str) -> str:
    if value is None:
        return ""
    plain = to_tokyo(value).date() if isinstance(value, datetime) else value
    return format_date(plain, english if locale() == "en" else japanese)  # type: ignore[arg-type]


FILTERS: dict[str, Callable[..., object]] = {
    "day": day,
    "short_day": short_day,
    "era_day": era_day,
    "moment": moment,
    "number": number,
    "fiscal_year": fiscal_year,
    "marked": marked,
}


def init_app(app: Flask) -> None:
    """Set up the languages, the filters and the template globals."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "ja")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Tokyo")
    babel.init_app(app, locale_selector=chosen_language)
    app.jinja_env.filters.update(FILTERS)
    app.after_request(remember_language)
    app.context_processor(
        lambda: {"locale": locale(), "language_links": language_links(), "pick": pick}
    )
