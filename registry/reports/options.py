"""What a report's page offers: other months, filters, files."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.common.calendar import Month, months_between
from registry.organizations.labels import place_label, short_place_label
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label
from registry.reports.queries import coordinator_names, first_month, wards_in_use

Choices = list[tuple[str, str]]


def for_report(report: MonthlyReport, today: date) -> dict[str, Any]:
    """Values of a report's page: choices of the filters, addresses of neighbours and files."""
    month, this = report.month, Month.of(today)
    narrowed = {"coordinator": report.filters.coordinator, "ward": report.filters.ward}
    kept: dict[str, Any] = {name: value for name, value in narrowed.items() if value}

    def address(endpoint: str, of: Month) -> str:
        return url_for(endpoint, month=str(of), **kept)

    return {
        "report": report,
        "months": _months(month, this),
        "coordinators": [("", _("全員")), *coordinator_names().items()] if report.staff else [],
        "wards": [("", _("全域")), *_wards()] if report.staff else [],
        "previous": address("reports.monthly", month.previous),
        "next": address("reports.monthly", month.next) if month < this else "",
        "downloads": [
            (name, url_for("reports.monthly_file", month=str(month), form=form, **kept))
            for name, form in (("CSV", "csv"), ("Excel", "xlsx"), ("PDF", "pdf"))
        ],
        "may_close": report.staff and month.end < today and not report.filters.any,
        "last_complete": month == this.previous,
        "this_month": url_for("reports.monthly", month=str(this)),
    }


def for_future(month: Month, today: date) -> dict[str, Any]:
    """Values of the page of a month that has not begun."""
    this = Month.of(today)
    return {
        "month": month_label(month),
        "this_month": month_label(this),
        "this_url": url_for("reports.monthly", month=str(this)),
    }


def _months(month: Month, this: Month) -> Choices:
    """Months to choose from, the newest first: since the first record, and the one shown."""
    known = months_between(first_month() or this, this)
    months = sorted({*known, month}, reverse=True)
    return [(str(m), month_label(m)) for m in months]


def _wards() -> Choices:
    """Wards by code; those of the same name with what they lie in."""
    codes = wards_in_use()
    short = [short_place_label(code) for code in codes]
    return [
        (code, name if name and short.count(name) == 1 else place_label(code) or code)
        for code, name in zip(codes, short, strict=True)
    ]
