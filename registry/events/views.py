"""Pages of the events room that everybody reads: the list, an event, an edition."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from registry.common import calendar
from registry.events import labels, sight
from registry.events.exhibiting import takes_exhibitors
from registry.events.models import EventKind
from registry.events.queries import (
    EditionFilter,
    editions,
    editions_of,
    events_without_editions,
    get_edition,
    get_event,
    is_taking,
    may_run,
    organizer_shown,
    program_shown,
    programs_with_events,
    years_of,
)
from registry.web.access import allow, viewer
from registry.web.i18n import pick
from registry.web.paging import paginate

bp = Blueprint("events", __name__)


def asked_filter() -> EditionFilter:
    """What the address of the list asks for."""
    kind, year = request.args.get("kind", ""), request.args.get("year", "")[:4]
    return EditionFilter(
        text=request.args.get("q", "").strip()[:200],
        kind=EventKind(kind) if kind in set(EventKind) else None,
        program=request.args.get("program", "")[:36],
        year=int(year)
        if year.isascii() and year.isdigit() and 1 <= int(year[:5]) <= 9999
        else None,
        open=request.args.get("open") == "y",
    )


@bp.get("/events")
@allow("events.read")
def index() -> str:
    """Editions: the coming ones, then the past."""
    wanted, today = asked_filter(), calendar.today()
    return render_template(
        "events/index.html",
        page=paginate(editions(wanted, viewer(), today)),
        wanted=wanted,
        programs=[
            (row.public_id, pick(row.title, row.title_en)) for row in programs_with_events(viewer())
        ],
        years=years_of(viewer()),
        unfinished=events_without_editions(viewer()),
        labels=labels,
        is_taking=is_taking,
    )


@bp.get("/events/<public_id>")
@allow("events.read")
def show(public_id: str) -> str:
    """One event with its editions."""
    event = get_event(public_id, viewer())
    return render_template(
        "events/show.html",
        event=event,
        editions=editions_of(event, viewer()),
        program=program_shown(event, viewer()),
        organizer=organizer_shown(event, viewer()),
        runs=may_run(event, viewer()),
        labels=labels,
    )


@bp.get("/editions/<public_id>")
@allow("events.read")
def edition(public_id: str) -> ResponseReturnValue:
    """One edition: days, place, exhibitors and booths, registrations, meetings, figures."""
    found = get_edition(public_id, viewer())
    runs = may_run(found.event, viewer())
    statement = sight.exhibits_shown(found, viewer(), every=runs)
    return render_template(
        "events/edition.html",
        edition=found,
        event=found.event,
        program=program_shown(found.event, viewer()),
        organizer=organizer_shown(found.event, viewer()),
        runs=runs,
        page=paginate(statement),
        groups=sight.groups_of(found, viewer()),
        counts=sight.count_exhibitors(found),
        attendance=sight.count_attendance(found),
        meetings=sight.count_meetings(found),
        figures=sight.figures_of(found),
        own=sight.own_registration(found, viewer()),
        own_exhibit=sight.own_exhibit(found, viewer()),
        is_taking=is_taking(found, calendar.today()),
        takes_exhibitors=takes_exhibitors(found, calendar.today()),
        labels=labels,
    )
