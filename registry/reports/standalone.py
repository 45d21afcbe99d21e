"""The monthly report as one HTML file that needs neither a server nor a network."""

from pathlib import Path

from flask import current_app, render_template

from registry.common.calendar import today
from registry.office.settings import office
from registry.reports.monthly import MonthlyReport
from registry.reports.presentation import page_of

SHEETS = ("tokens", "base", "layout", "button", "mark", "table")
"""The style sheets that the report needs."""


def to_html(report: MonthlyReport) -> str:
    """The whole page with its styles inside. Needs a request's context for the language."""
    return render_template(
        "reports/standalone.html",
        report=report,
        page=page_of(report),
        office=office(),
        today=today(),
        css="\n".join(_sheet(name) for name in SHEETS),
        print_css=_sheet("print"),
    )


def _sheet(name: str) -> str:
    return (Path(current_app.static_folder or "") / "css" / f"{name}.css").read_text("utf-8")
