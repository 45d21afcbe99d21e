"""The report's charts as SVG for a page. Each is a picture of a table that stands beside it."""

from flask_babel import gettext as _
from markupsafe import Markup

from registry.formats import charts
from registry.formats.palette import NEED, SEED
from registry.reports.measures import TREND, Measure, label
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label
from registry.web.i18n import locale, number

WIDTH, HEIGHT = 960, 300
COLORS = {Measure.DISPATCHES: "#767676", Measure.INTRODUCTIONS: NEED, Measure.AGREEMENTS: SEED}


def trend(report: MonthlyReport) -> Markup | None:
    """Lines over thirteen months; None when nothing happened in any of them."""
    names = {measure: label(measure) for measure in TREND}
    points: list[charts.Row] = [
        {
            "month": month.label("en")[:3] + f" {month.year}"
            if locale() == "en"
            else f"{month.year}/{month.month}",
            "count": counts[measure],
            "measure": names[measure],
        }
        for month, counts in report.trend
        for measure in TREND
    ]
    svg = charts.lines(
        points,
        "month",
        "count",
        "measure",
        title=_("13 か月の動き"),
        description=_description(report),
        locale=locale(),
        colors={names[measure]: color for measure, color in COLORS.items()},
        width=WIDTH,
        height=HEIGHT,
    )
    return Markup(svg) if svg else None  # noqa: S704 -- formats.charts escapes what it draws


def _description(report: MonthlyReport) -> str:
    (first, then), (last, now) = report.trend[0], report.trend[-1]
    said = [
        _(
            "%(what)sは、%(first)sの %(then)s から %(last)sの %(now)s へ。",
            what=label(measure),
            first=month_label(first),
            then=number(then[measure]),
            last=month_label(last),
            now=number(now[measure]),
        )
        for measure in TREND
    ]
    return (" " if locale() == "en" else "").join(said)
