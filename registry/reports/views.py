"""Pages of the reports room: the monthly match report on screen and as files."""

from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from registry.common.calendar import Month, today
from registry.reports import files, monthly, options
from registry.reports.monthly import Filters, MonthlyReport, build
from registry.reports.presentation import page_of
from registry.web.access import allow, viewer

bp = Blueprint("reports", __name__)

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/reports/monthly")
@allow("reports.read")
def current() -> Response:
    """Lead to a month's report: the one asked for by the form, else the last complete month."""
    month = request.args.get("month")
    wanted = monthly.month_of(month) if month else Month.of(today()).previous
    kept: dict[str, Any] = {name: value for name, value in _filters().items() if value}
    return redirect(url_for("reports.monthly", month=str(wanted), **kept), 302)


@bp.get("/reports/monthly/<month>", endpoint="monthly")
@allow("reports.read")
def monthly_report(month: str) -> str:
    """The report of a month."""
    wanted = monthly.month_of(month)
    if wanted.start > today():
        return render_template("reports/future.html", **options.for_future(wanted, today()))
    report = _report(month)
    return render_template(
        "reports/monthly.html", page=page_of(report), **options.for_report(report, today())
    )


@bp.get("/reports/monthly/<month>.csv")
@allow("reports.read")
def monthly_csv(month: str) -> Response:
    """The report of a month as CSV."""
    report = _report(month)
    return download(files.to_csv(report), files.file_name(report, "csv"), CSV)


@bp.get("/reports/monthly/<month>.xlsx")
@allow("reports.read")
def monthly_xlsx(month: str) -> Response:
    """The report of a month as an Excel workbook."""
    report = _report(month)
    return download(files.to_xlsx(report), files.file_name(report, "xlsx"), XLSX)


def _report(month: str) -> MonthlyReport:
    return build(
        monthly.month_of(month),
        today=today(),
        filters=Filters(**_filters()),
        staff=viewer().is_staff,
    )


def _filters() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("coordinator", "ward")}


def download(data: bytes, name: str, mimetype: str) -> Response:
    """A file that the browser stores under that name."""
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name)
