"""The sections of the monthly report as tables, in the page's language."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.reports import standing
from registry.reports.disclosure import Protected
from registry.reports.measures import BROKEN_DOWN, TREND, label, unit
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import depth, fiscal_year_label, group_names, month_label
from registry.reports.queries import program_labels
from registry.reports.standing import withheld_blank, withheld_note
from registry.reports.tables import (
    Figure,
    Line,
    ReportRow,
    ReportTable,
    columns_of,
    rows_of,
    total_of,
)


def tables(report: MonthlyReport) -> list[ReportTable]:
    """Every table of the report, in the order of the page."""
    found = [_summary(report), _funnel(report), _trend(report)]
    found += [_breakdown(report, code) for code in report.breakdowns]
    found.append(standing.open_cases(report))
    found += standing.effort(report)
    found += standing.needs(report)
    found += standing.quiet(report)
    return found + standing.restated(report)


def rows(report: MonthlyReport) -> Iterator[ReportRow]:
    """Every figure of the report, as files carry it."""
    return rows_of(tables(report))


def _summary(report: MonthlyReport) -> ReportTable:
    periods = (report.counts, report.before, report.year_ago, report.fiscal_year)
    return ReportTable(
        code="summary",
        title=_("すべての項目"),
        name=_("項目"),
        figures=(
            Figure("month", month_label(report.month)),
            Figure("previous_month", _("前月")),
            Figure("same_month_last_year", _("前年同月")),
            Figure("fiscal_year_to_date", _("年度の累計")),
        ),
        lines=tuple(
            Line(m.value, label(m), tuple(counts[m] for counts in periods), unit=unit(m))
            for m in report.counts
        ),
        note=_(
            "年度の累計は、%(year)sの 4 月からこの月まで。", year=fiscal_year_label(report.month)
        ),
        by_measure=True,
    )


def _funnel(report: MonthlyReport) -> ReportTable:
    return ReportTable(
        code="funnel",
        title=_("候補から事業化まで"),
        name=_("段階"),
        figures=(
            Figure("count", _("件数"), pgettext("counter", "件")),
            Figure("share", _("前の段階から"), "%", decimal=True),
            Figure("median_days", _("日数の中央値"), pgettext("counter", "日"), decimal=True),
        ),
        lines=tuple(
            Line(
                step.measure.value,
                label(step.measure),
                (
                    step.count,
                    None if step.share is None else round(step.share * 100, 1),
                    step.days,
                ),
            )
            for step in report.funnel
        ),
        note=_("この月にその段階に入った件数。前の月に前の段階にあったものも含みます"),
    )


def _trend(report: MonthlyReport) -> ReportTable:
    lines = [
        Line(str(month), month_label(month), tuple(counts[m] for m in TREND))
        for month, counts in report.trend
    ]
    return ReportTable(
        code="trend",
        title=_("13 か月の動き"),
        name=_("月"),
        figures=columns_of(TREND),
        lines=tuple(lines),
        total=total_of(_("13 か月の計"), lines),
    )


def _breakdown(report: MonthlyReport, code: str) -> ReportTable:
    title, name = {
        "program": (_("支援制度ごと"), pgettext("one", "支援制度")),
        "policy": (_("施策の符号ごと"), _("政策・施策・基本戦略")),
        "tag": (_("視点・重点項目ごと"), _("視点・重点項目")),
        "industry": (_("業種ごと"), _("業種（大分類）")),
        "ward": (_("区・市町村ごと"), _("区・市町村")),
        "coordinator": (_("担当ごと"), _("担当")),
    }[code]
    groups = report.breakdowns[code]
    names = group_names(
        code, [group for group, _counts in groups], report.month, named=not report.is_final
    )
    codes = {key: one.policy_code for key, one in program_labels().items() if code == "program"}
    lines = tuple(
        Line(
            group or "none",
            names.get(group, group),
            tuple(counts[m] for m in BROKEN_DOWN),
            extra=(codes.get(group) or "―") if code == "program" else "",
            level=depth(group) if code == "policy" else 0,
        )
        for group, counts in groups
    )
    return ReportTable(
        code=code,
        title=title,
        name=name,
        figures=columns_of(BROKEN_DOWN),
        lines=lines,
        total=Line("total", _("計"), tuple(report.counts[m] for m in BROKEN_DOWN)),
        extra=_("施策") if code == "program" else "",
        note=_breakdown_note(code, groups),
        blank=withheld_blank(),
    )


def _breakdown_note(code: str, groups: Protected) -> str:
    if code == "policy":
        return _(
            "上の符号の数は、その下の符号の数を含みます。マッチングはその符号に、"
            "符号のないものは支援制度の符号に数えます。"
        )
    if code == "tag":
        return _("1 つのものが複数の視点・重点項目に数えられるため、行の和は計と一致しません。")
    return withheld_note(groups)
