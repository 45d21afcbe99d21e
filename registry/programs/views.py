"""Pages of the programs room: the list by policy, one program, and those one runs."""

from flask import Blueprint, render_template, request

from registry.common import calendar
from registry.common.calendar import Month
from registry.common.dates import parse_date
from registry.policy.queries import path_of, tree
from registry.programs import labels
from registry.programs.awards import by_year
from registry.programs.call_queries import calls_of
from registry.programs.call_status import status_of
from registry.programs.life import STEPS, is_stale
from registry.programs.models import ProgramState, Shape
from registry.programs.preview import said, shape_words
from registry.programs.queries import (
    ProgramFilter,
    count_enrolments,
    derived_from,
    enrolments_in,
    enrolments_operated,
    get_program,
    may_operate,
    programs,
    programs_of,
)
from registry.programs.shelves import shelve
from registry.web.access import allow, viewer
from registry.web.i18n import locale
from registry.web.paging import paginate

bp = Blueprint("programs", __name__)
MOST_LISTED = 100
"""So many awards stand on a program's page; the rest are in the public list."""


@bp.get("/programs")
@allow("programs.read")
def index() -> str:
    """The support programs by policy, with filters."""
    wanted, nodes = _filter(), tree()
    page = paginate(programs(wanted, viewer()))
    return render_template(
        "programs/index.html",
        page=page,
        shelves=shelve(page.items),
        wanted=wanted,
        tree=nodes,
        labels=labels,
    )


@bp.get("/programs/operated")
@allow("programs.operate")
def operated() -> str:
    """The programs one runs, with what was recorded in them."""
    found = programs_of(viewer())
    return render_template(
        "programs/operated.html",
        programs=found,
        counts=count_enrolments(found),
        page=paginate(enrolments_operated(viewer(), standing=True)),
        labels=labels,
    )


@bp.get("/programs/<public_id>")
@allow("programs.read")
def show(public_id: str) -> str:
    """One program: what it is, whom it is for, its calls, and who has what in it."""
    program, today = get_program(public_id, viewer()), calendar.today()
    listed = enrolments_in(program, viewer(), limit=MOST_LISTED + 1)
    return render_template(
        "programs/show.html",
        program=program,
        said=said(program),
        shapes=shape_words(program),
        derived=derived_from(program, viewer()),
        calls=[(call, status_of(call, today)) for call in calls_of(program, viewer())],
        stale=is_stale(program.confirmed_on, today),
        steps=STEPS[program.state],
        path=path_of(program.policy_code),
        years=by_year(listed[:MOST_LISTED]),
        more=len(listed) > MOST_LISTED,
        started=_month(program.started),
        ended=_month(program.ended),
        operates=viewer().may("programs.operate") and may_operate(program, viewer()),
        labels=labels,
    )


def _filter() -> ProgramFilter:
    args = request.args
    return ProgramFilter(
        text=args.get("q", "").strip()[:200],
        policy=args.get("policy", "").strip()[:20],
        shape=next((s for s in Shape if s.value == args.get("shape")), None),
        state=next((s for s in ProgramState if s.value == args.get("state")), None),
    )


def _month(text: str) -> str:
    """A stored day as its month: the plan gives months and fiscal years, no days."""
    return Month.of(parse_date(text)).label(locale()) if text else ""
