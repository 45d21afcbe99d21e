"""The page of a closed month: what was stored, and what today's records would give otherwise."""

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from registry.common.calendar import Month
from registry.common.viewer import Viewer
from registry.reports import options
from registry.reports.closing import differences, stored_file
from registry.reports.models import ClosedMonth
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import numbered
from registry.reports.queries import coordinator_names
from registry.reports.titles import title
from registry.web.i18n import locale

COORDINATOR = "coordinator"


def closed_page(
    closed: ClosedMonth, report: MonthlyReport, viewer: Viewer, today: date
) -> dict[str, Any]:
    """Values of the template: the stored piece of HTML, differences for staff, neighbours."""
    inside = viewer.is_staff
    stored = stored_file(closed, "page", lang=locale(), inside=inside).decode()
    offered = options.for_report(report, today)
    return offered | {
        "title": title(Month.of(report.month.start)),
        "body": Markup(stored),  # noqa: S704 -- our own template made it when the month was closed
        "differences": differences(closed, report.month, today=today) if inside else [],
        "coordinators_named": named(closed) if inside else [],
        "may_restate": viewer.may("reports.close"),
        "restate_url": url_for("closing.restate", month=str(report.month)),
    }


def named(closed: ClosedMonth) -> list[tuple[str, str]]:
    """Who the numbered coordinators of a closed report are, by today's names: the report itself
    keeps none, so that a person can be erased."""
    codes = [group for section, group, _measure, _value in closed.figures if section == COORDINATOR]
    known = list(dict.fromkeys(code for code in codes if code not in ("none", "total")))
    names = coordinator_names()
    return [(label, names.get(code, "―")) for code, label in numbered(known).items()]
