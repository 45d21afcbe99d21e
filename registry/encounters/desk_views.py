"""Pages of the programs' desks."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.calendar import DateProblem, FiscalYear, fiscal_year, parse_fiscal_year
from registry.encounters.desks import desk_of, desk_rows
from registry.programs.queries import get_program
from registry.web.access import allow, viewer
from registry.web.i18n import locale

bp = Blueprint("desks", __name__)


@bp.get("/encounters/desks")
@allow("encounters.read")
def index() -> str:
    """The programs whose desks had somebody this year, or have something left to do."""
    year = _year()
    rows = desk_rows(year, viewer())
    return render_template(
        "encounters/desks.html", rows=rows, year=year, year_words=year.label(locale())
    )


@bp.get("/encounters/desks/<public_id>")
@allow("encounters.read")
def show(public_id: str) -> str:
    """One program's desk."""
    program, year = get_program(public_id, viewer()), _year()
    desk = desk_of(program, year, viewer())
    tables = [
        ("topic", _("相談の項目"), desk.topics),
        ("channel", _("経路"), desk.channels),
        ("country", _("相手国・地域"), desk.countries),
        ("step", _("段階"), desk.stages),
    ]
    return render_template(
        "encounters/desk.html",
        program=program,
        year=year,
        year_words=year.label(locale()),
        desk=desk,
        tables=tables,
    )


def _year() -> FiscalYear:
    """The fiscal year that the address names, else this one."""
    try:
        return parse_fiscal_year(request.args.get("year", ""))
    except DateProblem:
        return fiscal_year(calendar.today())
