"""Pages of the creators' directory, with a search that asks one question at a time."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.intake.creators import (
    ANY,
    QUESTIONS,
    Wish,
    content_types,
    creators,
    options,
    places,
    types_of,
)
from registry.listings.cards import card
from registry.organizations.labels import kind_label
from registry.organizations.models import OrganizationKind
from registry.web.access import allow, viewer
from registry.web.i18n import locale
from registry.web.paging import paginate

bp = Blueprint("creators", __name__)


@bp.get("/creators")
@allow("listings.read")
def index() -> str:
    """Who makes what, by content type."""
    wish = _wish(request.args)
    page = paginate(creators(wish, viewer()))
    today = calendar.today()
    return render_template(
        "intake/creators.html",
        page=page,
        cards=[card(row, viewer=viewer(), today=today) for row in page.items],
        wish=wish,
        types=[(one.code, one.label) for one in content_types().values()],
        places=[(place.code, place.label(locale())) for place in places(viewer())],
        partners=[(kind.value, kind_label(kind)) for kind in OrganizationKind],
        types_of=types_of,
    )


@bp.get("/creators/find")
@allow("listings.read")
def find() -> ResponseReturnValue:
    """The next question that the address has no answer to; after the last, the list."""
    given = {name: request.args[name][:36] for name in QUESTIONS if request.args.get(name)}
    left = [name for name in QUESTIONS if name not in given]
    if not left:
        narrowed: dict[str, Any] = {name: v for name, v in given.items() if v != ANY}
        return redirect(url_for("creators.index", **narrowed))
    words = {
        "type": _("どんなものを作りたいですか"),
        "place": _("相手はどこにいるとよいですか"),
        "partner": _("どんな相手を探していますか"),
        "named": _("相手の名前が先に分かるほうがよいですか"),
    }
    return render_template(
        "intake/find.html",
        question=left[0],
        words=words[left[0]],
        options=options(left[0], _wish(given), viewer()),
        given=given,
        number=len(given) + 1,
        most=len(QUESTIONS),
    )


def _wish(asked: Mapping[str, str]) -> Wish:
    found = {name: asked.get(name, "") for name in ("type", "place", "partner")}
    known = {name: value[:36] if value != ANY else "" for name, value in found.items()}
    return Wish(**known, named=asked.get("named") == "y", text=asked.get("q", "")[:200])
