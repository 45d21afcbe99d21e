"""The monthly match report as figures: those of the page, small ones withheld outside the office."""

from pydantic import Field

from registry.accounts.scopes import Scope
from registry.api.models import Part, Record
from registry.api.operations import Resource, Tag
from registry.common import calendar
from registry.common.viewer import Viewer
from registry.reports.measures import Measure
from registry.reports.monthly import Counts, MonthlyReport, build, month_of

Figures = dict[str, int]


class StepPart(Part):
    """A step of the funnel."""

    measure: Measure
    count: int
    share: float | None = Field(description="前の段階に対する割合 / Share of the step before")
    days: float | None = Field(description="かかった日数の中央値 / Median of days")


class GroupPart(Part):
    """A row of a breakdown; null is a withheld figure."""

    code: str = Field(description="区分の符号。空はなし / Code of the group, empty for none")
    figures: dict[str, int | None]


class MonthPart(Part):
    """A month of the trend."""

    month: str
    figures: Figures


class ReportRecord(Record):
    """The figures of one month, as the records stand now."""

    month: str = Field(description="月 / Month", examples=["2026-10"])
    until: str = Field(
        description="数えた最後の日 / Last day counted", json_schema_extra={"format": "date"}
    )
    running: bool = Field(description="まだ終わっていない月 / The month is not over")
    figures: Figures
    month_before: Figures
    year_before: Figures
    fiscal_year: Figures = Field(description="年度のはじめから / From April on")
    funnel: list[StepPart]
    trend: list[MonthPart]
    breakdowns: dict[str, list[GroupPart]]
    needs_open: int | None
    needs_without_candidate: int | None


def show(report: MonthlyReport, _viewer: Viewer) -> ReportRecord:
    """The report as values."""
    return ReportRecord(
        month=str(report.month),
        until=report.until.isoformat(),
        running=report.is_running,
        figures=_figures(report.counts),
        month_before=_figures(report.before),
        year_before=_figures(report.year_ago),
        fiscal_year=_figures(report.fiscal_year),
        funnel=[StepPart(**vars(step)) for step in report.funnel],
        trend=[MonthPart(month=str(m), figures=_figures(counts)) for m, counts in report.trend],
        breakdowns={
            name: [
                GroupPart(code=code, figures={m.value: n for m, n in counts.items()})
                for code, counts in groups
            ]
            for name, groups in report.breakdowns.items()
        },
        needs_open=report.needs_open,
        needs_without_candidate=report.needs_alone,
    )


def get(viewer: Viewer, month: str) -> MonthlyReport:
    """The report of a month like 2026-10. Raises NotFound for one that has not begun."""
    return build(month_of(month), today=calendar.today(), staff=viewer.is_staff)


def _figures(counts: Counts) -> Figures:
    return {measure.value: number for measure, number in counts.items()}


reports = Resource(
    name="monthly_reports",
    path="/reports/monthly",
    key="month",
    tag=Tag("reports", "月次報告 / Monthly reports"),
    words="月次報告の数字 / monthly reports",
    record=ReportRecord,
    show=show,
    get=get,
    read=Scope.REPORTS_READ,
    version=lambda _row, _viewer: 0,
)
reports.gets()
