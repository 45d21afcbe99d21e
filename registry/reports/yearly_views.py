"""Pages of the yearly results by policy code, their files, and the rows behind a figure."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.common.calendar import today
from registry.common.dates import DateProblem
from registry.common.errors import NotFound
from registry.common.fiscal import FiscalYear, parse_fiscal_year
from registry.reports import yearly_files
from registry.reports.views import CSV, TYPES, XLSX, download
from registry.reports.yearly import Result, first_year, results_of
from registry.reports.yearly_document import yearly_pdf
from registry.reports.yearly_page import report_of, years_to_choose
from registry.reports.yearly_rows import rows_behind
from registry.web.access import allow, viewer

bp = Blueprint("yearly", __name__)


@bp.get("/reports/yearly")
@allow("yearly.read")
def current() -> Response:
    """Lead to the results of a year: the one asked for by the form, else the last complete one."""
    asked = request.args.get("year")
    year = _year(asked) if asked else FiscalYear.of(today()).previous
    return redirect(url_for("yearly.show", year=year.year), 302)


@bp.get("/reports/yearly/<year>")
@allow("yearly.read")
def show(year: str) -> str:
    """The results of a fiscal year, written 2016 or FY2016."""
    wanted = _year(year)
    now = FiscalYear.of(today())
    return render_template(
        "reports/yearly.html",
        year=wanted,
        groups=report_of(wanted, inside=viewer().may("yearly.open")),
        years=years_to_choose(now, first_year()),
        is_running=wanted == now,
        next_year=wanted.next if wanted < now else None,
        may_open=viewer().may("yearly.open"),
    )


@bp.get("/reports/yearly/<year>.csv")
@allow("yearly.read")
def csv(year: str) -> Response:
    """The results of a year as CSV."""
    wanted = _year(year)
    data = yearly_files.yearly_csv(_results(wanted))
    return download(data, yearly_files.yearly_file_name(wanted, "csv"), CSV)


@bp.get("/reports/yearly/<year>.xlsx")
@allow("yearly.read")
def xlsx(year: str) -> Response:
    """The results of a year as an Excel workbook."""
    wanted = _year(year)
    data = yearly_files.yearly_xlsx(wanted, _results(wanted))
    return download(data, yearly_files.yearly_file_name(wanted, "xlsx"), XLSX)


@bp.get("/reports/yearly/<year>.pdf")
@allow("yearly.read")
def pdf(year: str) -> Response:
    """The results of a year as PDF, with charts and remarks."""
    wanted = _year(year)
    data = yearly_pdf(wanted, report_of(wanted, inside=viewer().may("yearly.open")))
    return download(data, yearly_files.yearly_file_name(wanted, "pdf"), TYPES["pdf"])


@bp.get("/reports/yearly/<year>/<key>/<period>")
@allow("yearly.open")
def rows(year: str, key: str, period: str) -> str:
    """The records that a figure counts, or what was read by hand."""
    wanted = _year(year)
    one = next(
        (r for r in _results(wanted) if (r.indicator.key, r.period.text) == (key, period)), None
    )
    if one is None:
        raise NotFound
    return render_template("reports/yearly_rows.html", year=wanted, one=one, rows=rows_behind(one))


def _year(text: str) -> FiscalYear:
    try:
        return parse_fiscal_year(text[:20])
    except DateProblem as error:
        raise NotFound from error


def _results(year: FiscalYear) -> list[Result]:
    return results_of(year, inside=viewer().may("yearly.open"))
