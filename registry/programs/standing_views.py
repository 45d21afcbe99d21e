"""Pages of what stands in programs: figures of one, and the public list of awards."""

from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.calendar import DateProblem, FiscalYear, parse_date
from registry.programs import labels
from registry.programs.queries import get_program
from registry.programs.standing import (
    AwardFilter,
    award_programs,
    award_years,
    awards,
    funnel,
    has_classes,
    members_by_class,
    stock_of,
)
from registry.web.access import allow, viewer
from registry.web.paging import paginate

bp = Blueprint("standing", __name__)


@bp.get("/programs/<public_id>/figures")
@allow("programs.read")
def figures(public_id: str) -> str:
    """The funnel of a program, its stock, and its members by class on a day."""
    program, today = get_program(public_id, viewer()), calendar.today()
    day, wrong = _day(request.args.get("day", ""), today)
    year = _year(request.args.get("year", ""))
    return render_template(
        "programs/figures.html",
        program=program,
        day=day,
        day_text=request.args.get("day", "")[:40],
        wrong=wrong,
        year=year,
        rungs=funnel(program, year),
        classes=members_by_class(program, day) if has_classes(program) else {},
        stock=stock_of(program, today),
        years=award_years(),
        labels=labels,
        FiscalYear=FiscalYear,
    )


@bp.get("/awards")
@allow("programs.read")
def award_list() -> str:
    """Who was awarded, certified, selected: published results of all programs."""
    wanted = AwardFilter(
        program=request.args.get("program", "")[:36], year=_year(request.args.get("year", ""))
    )
    return render_template(
        "programs/awards.html",
        page=paginate(awards(wanted, viewer())),
        wanted=wanted,
        programs=award_programs(viewer()),
        years=[FiscalYear(year) for year in award_years()],
        labels=labels,
    )


def _year(text: str) -> int | None:
    return (
        int(text) if text.isascii() and text.isdigit() and 1900 <= int(text[:6]) <= 2200 else None
    )


def _day(text: str, today: date) -> tuple[date, str]:
    """The day asked for, and what is wrong with it: then today stands."""
    if not text.strip():
        return today, ""
    try:
        return parse_date(text[:40]), ""
    except DateProblem:
        return today, _("日付として読めません。例：2018-01-31、平成30年1月31日")
