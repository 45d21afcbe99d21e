"""Pages of the places room that everybody reads: the list, one place, its ledger."""

from flask import Blueprint, render_template, request

from registry.common import calendar, codelists
from registry.common.roles import Role
from registry.places import labels
from registry.places.models import Place
from registry.places.occupancy import drawn, fullness, month_ends, target_of, trend_rows
from registry.places.queries import (
    free_units,
    get_place,
    operates,
    places,
    programs_with_places,
    where_choices,
    within,
)
from registry.places.reading import day_asked, filter_of
from registry.places.sight import seen_of
from registry.places.tenancy import ledger_of
from registry.places.vacancies import owner_of
from registry.places.waiting import free_for, waiting_for, waiting_visible_to
from registry.web.access import allow, viewer
from registry.web.i18n import locale, pick
from registry.web.paging import paginate, paginate_rows

bp = Blueprint("places", __name__)
bp.context_processor(labels.page_words)


@bp.get("/places")
@allow("places.read")
def index() -> str:
    """The facilities with what is free in them today, with filters."""
    wanted = filter_of(request.args)
    return render_template(
        "places/index.html",
        page=paginate_rows(places(wanted, viewer())),
        wanted=wanted,
        programs=[
            (row.public_id, pick(row.title, row.title_en)) for row in programs_with_places(viewer())
        ],
        wheres=_wheres(),
        labels=labels,
        kept=viewer().may("places.operate"),
    )


@bp.get("/places/<public_id>")
@allow("places.read")
def show(public_id: str) -> str:
    """One place: what is in it, who holds it, how full it is, what is free."""
    place, today = get_place(public_id, viewer()), calendar.today()
    on, problem = day_asked(request.args.get("on", ""))
    points = fullness(place, [*month_ends(today), on])
    holders = paginate(ledger_of(place, viewer(), day=on), size=100).items
    waiting = waiting_for(place, viewer())
    return render_template(
        "places/show.html",
        place=place,
        inner=paginate_rows(within(place, viewer())),
        on=on,
        problem=problem,
        asked=request.args.get("on", "")[:40],
        then=points[-1],
        points=points[:-1],
        picture=drawn(points[:-1]),
        target=target_of(place, on),
        holders=holders,
        seen=seen_of((row.organization_id for row in holders), viewer()),
        owner_seen=_owner_seen(place),
        free=free_units(place, today),
        waiting=waiting,
        free_for=free_for(waiting, today) if operates(place, viewer()) else {},
        operates=operates(place, viewer()),
        may_join=viewer().role is Role.MEMBER or operates(place, viewer()),
        announces=owner_of(place) is not None,
        trend_rows=trend_rows,
        labels=labels,
    )


@bp.get("/places/<public_id>/ledger")
@allow("places.read")
def ledger(public_id: str) -> str:
    """All who hold, held and will hold a place, the newest first."""
    place = get_place(public_id, viewer())
    page = paginate(ledger_of(place, viewer()))
    return render_template(
        "places/ledger.html",
        place=place,
        page=page,
        seen=seen_of((row.organization_id for row in page), viewer()),
        operates=operates(place, viewer()),
        labels=labels,
        state_on=labels.state_on,
    )


@bp.get("/places/waiting")
@allow("places.book")
def waiting() -> str:
    """Who waits for places: for those who keep them all with what is free, for a member its own."""
    page = paginate(waiting_visible_to(viewer()))
    kept = viewer().may("places.operate")
    return render_template(
        "places/waiting.html",
        page=page,
        free_for=free_for(page.items, calendar.today()) if kept else {},
        kept=kept,
        labels=labels,
    )


def _owner_seen(place: Place) -> bool:
    return place.organization_id is not None and bool(seen_of([place.organization_id], viewer()))


def _wheres() -> list[tuple[str, str]]:
    """Wards and cities of the places, then countries, in words."""
    codes, countries = where_choices(viewer())
    entries = [(code, codelists.municipality(code)) for code in codes]
    found = [(code, entry.label(locale())) for code, entry in entries if entry]
    return [*found, *((code, labels.country_label(code)) for code in countries)]
