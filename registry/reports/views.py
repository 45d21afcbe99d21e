"""Pages of the reports room: the monthly match report on screen and as files."""

from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from registry.common.calendar import Month, today
from registry.reports import closing, monthly, options
from registry.reports.closed_page import closed_page
from registry.reports.closing import stored_file
from registry.reports.models import ClosedMonth
from registry.reports.monthly import Filters, MonthlyReport, build
from registry.reports.presentation import page_of
from registry.web.access import allow, viewer
from registry.web.i18n import locale

bp = Blueprint("reports", __name__)

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": CSV, "xlsx": XLSX, "pdf": "application/pdf"}


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
    """The report of a month: as it was closed, or from today's records."""
    wanted = monthly.month_of(month)
    if wanted.start > today():
        return render_template("reports/future.html", **options.for_future(wanted, today()))
    report, closed = _report(month), _closed(wanted)
    if closed is not None:
        values = closed_page(closed, report, viewer(), today())
        return render_template("reports/closed.html", closed=closed, **values)
    return render_template(
        "reports/monthly.html", page=page_of(report), **options.for_report(report, today())
    )


@bp.get("/reports/monthly/<month>.csv", defaults={"form": "csv"})
@bp.get("/reports/monthly/<month>.xlsx", defaults={"form": "xlsx"})
@bp.get("/reports/monthly/<month>.pdf", defaults={"form": "pdf"})
@allow("reports.read")
def monthly_file(month: str, form: str) -> Response:
    """The report of a month as CSV, Excel workbook or PDF."""
    wanted = monthly.month_of(month)
    if closed := _closed(wanted):
        data = stored_file(closed, form, lang=locale(), inside=viewer().is_staff)
    else:
        made = closing.FORMS[form](_report(month))
        data = made.encode() if isinstance(made, str) else made
    return download(data, f"monthly-{wanted}.{form}", TYPES[form])


def _closed(month: Month) -> ClosedMonth | None:
    """The closing of a month; a narrowed report is always made from today's records."""
    return None if any(_filters().values()) else closing.closed_month(month)


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
