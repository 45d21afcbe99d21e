"""A report as its page shows it: paragraph, large figures, tables by code, picture."""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from registry.reports import pictures
from registry.reports.measures import CHIEF, label, unit
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label
from registry.reports.sections import tables
from registry.reports.sentences import emphasised, lead
from registry.reports.tables import ReportTable
from registry.reports.titles import scope, title
from registry.web.i18n import locale, number


@dataclass(frozen=True)
class ReportPage:
    """What a template prints; no arithmetic is left to do."""

    title: str
    month: str
    scope: str
    lead: list[Markup]
    chief: list[dict[str, str]]
    tables: dict[str, ReportTable]
    breakdowns: list[ReportTable]
    quiet: list[ReportTable]
    trend: Markup | None


def page_of(report: MonthlyReport) -> ReportPage:
    """The page of a report, in the language in force."""
    found = tables(report)
    return ReportPage(
        title=title(report.month),
        month=month_label(report.month),
        scope=scope(report),
        lead=[emphasised(paragraph) for paragraph in lead(report)],
        chief=[
            {
                "label": label(measure),
                "value": number(report.counts[measure]),
                # English counts without a counter.
                "unit": unit(measure) if locale() == "ja" else "",
                "note": _(
                    "前月 %(before)s・前年同月 %(year_ago)s",
                    before=number(report.before[measure]),
                    year_ago=number(report.year_ago[measure]),
                ),
            }
            for measure in CHIEF
        ],
        tables={table.code: table for table in found},
        breakdowns=[table for table in found if table.code in report.breakdowns],
        quiet=[table for table in found if table.code in report.quiet],
        trend=pictures.trend(report),
    )
