"""What a report is called and what it covers, in words."""

from flask_babel import gettext as _

from registry.common.calendar import Month
from registry.organizations.labels import short_place_label
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label
from registry.reports.queries import coordinator_names


def title(month: Month) -> str:
    """The report's name with its month."""
    return _("マッチング月次報告　%(month)s", month=month_label(month))


def scope(report: MonthlyReport) -> str:
    """What the report is narrowed to: 全市・全員, or a ward and a coordinator."""
    ward, coordinator = report.filters.ward, report.filters.coordinator
    return _(
        "範囲　%(ward)s・%(coordinator)s",
        ward=short_place_label(ward) if ward else _("全域"),
        coordinator=coordinator_names().get(coordinator, "") if coordinator else _("全員"),
    )
