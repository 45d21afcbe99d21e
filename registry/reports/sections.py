"""The sections of the monthly report as tables, in the page's language."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.common.calendar import FiscalYear, Month, tokyo_day
from registry.common.codelists import industry_label
from registry.listings.models import Listing
from registry.organizations.labels import short_place_label
from registry.reports.disclosure import OTHERS, THRESHOLD
from registry.reports.facts import division_of
from registry.reports.measures import BROKEN_DOWN, TREND, Measure, label, unit
from registry.reports.monthly import MonthlyReport
from registry.reports.queries import coordinator_names, program_labels
from registry.reports.tables import Figure, Line, ReportRow, ReportTable, Value, rows_of
from registry.web.i18n import locale


def tables(report: MonthlyReport) -> list[ReportTable]:
    """Every table of the report, in the order of the page."""
    found = [_summary(report), _funnel(report), _trend(report)]
    found += [_breakdown(report, code) for code in report.breakdowns]
    found.append(_open_cases(report))
    if report.needs_open is not None:
        found.append(_needs(report))
        if report.staff:
            found.append(_alone(report))
    return found


def rows(report: MonthlyReport) -> Iterator[ReportRow]:
    """Every figure of the report, as files carry it."""
    return rows_of(tables(report))


def month_label(month: Month) -> str:
    """A month as the plan prints it: 2026（令和8）年10月; October 2026."""
    return month.label("en") if locale() == "en" else month.label_plan


def fiscal_year_label(month: Month) -> str:
    """The fiscal year of a month as the plan prints it: 2026（令和8）年度; FY2026."""
    return FiscalYear.of(month.start).label(locale())


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
        figures=_columns(TREND),
        lines=tuple(lines),
        total=_total(_("13 か月の計"), lines),
    )


def _breakdown(report: MonthlyReport, code: str) -> ReportTable:
    title, name = {
        "program": (_("支援制度ごと"), pgettext("one", "支援制度")),
        "industry": (_("業種ごと"), _("業種（大分類）")),
        "ward": (_("区・市町村ごと"), _("区・市町村")),
        "coordinator": (_("担当ごと"), _("担当")),
    }[code]
    names, extras = _names(report, code)
    lines = tuple(
        Line(
            group or "none",
            names.get(group, group),
            tuple(counts[m] for m in BROKEN_DOWN),
            extra=extras.get(group, "―") if code == "program" else "",
        )
        for group, counts in report.breakdowns[code]
    )
    withheld = any(value is None for line in lines for value in line.values)
    small = withheld or any(group == OTHERS for group, _counts in report.breakdowns[code])
    note = _("少ない数が当事者を指すことのないよう、%(limit)s に満たない数を伏せています（0 も含む）。"
             "引き算で分かる数も伏せ、すべての数が %(limit)s に満たない行はまとめました。計は正しい数です。",
             limit=THRESHOLD)  # fmt: skip
    total = tuple(report.counts[m] for m in BROKEN_DOWN)
    return ReportTable(
        code=code,
        title=title,
        name=name,
        figures=_columns(BROKEN_DOWN),
        lines=lines,
        total=Line("total", _("計"), total),
        extra=_("施策") if code == "program" else "",
        note=note if small else "",
        blank=_("%(limit)s 未満など", limit=THRESHOLD),
    )


def _names(report: MonthlyReport, code: str) -> tuple[dict[str, str], dict[str, str]]:
    """Names of a breakdown's groups, and what stands beside them, by code."""
    groups = [group for group, _counts in report.breakdowns[code]]
    nobody = {
        "program": _("制度によらない"),
        "industry": _("業種の登録なし"),
        "ward": _("所在地の登録なし"),
        "coordinator": _("担当の登録なし"),
    }[code]
    names = {"": nobody, OTHERS: _("そのほか（まとめ）")}
    if code == "program":
        programs = program_labels()
        names |= {key: programs[key].title for key in groups if key in programs}
        return names, {k: programs[k].policy_code or "―" for k in groups if k in programs}
    if code == "coordinator":
        return coordinator_names() | names, {}
    for group in groups:
        if group not in names:
            found = industry_label(group, locale()) if code == "industry" else ""
            names[group] = found or short_place_label(group) or group
    return names, {}


def _open_cases(report: MonthlyReport) -> ReportTable:
    lines = [
        Line(
            f"{age.low}-{'' if age.high is None else age.high}",
            _age(age.low, age.high),
            (age.count,),
        )
        for age in report.open_cases
    ]
    return ReportTable(
        code="open_cases",
        title=_("進行中のマッチング"),
        name=_("始めてからの日数"),
        figures=(Figure("cases", _("件数"), pgettext("counter", "件")),),
        lines=tuple(lines),
        total=_total(_("計"), lines),
    )


def _age(low: int, high: int | None) -> str:
    if high is None:
        return _("%(low)s 日以上", low=low)
    return _("%(low)s〜%(high)s 日", low=low, high=high)


def _needs(report: MonthlyReport) -> ReportTable:
    return ReportTable(
        code="needs",
        title=_("公開中のニーズ"),
        name=_("ニーズ"),
        figures=(Figure("needs", _("件数"), pgettext("counter", "件")),),
        lines=(
            Line("open", _("公開中のニーズ"), (report.needs_open,)),
            Line("without_candidate", _("うち候補のないニーズ"), (report.needs_alone,)),
        ),
    )


def _alone(report: MonthlyReport) -> ReportTable:
    return ReportTable(
        code="needs_without_candidate",
        title=_("候補のないニーズ"),
        name=_("ニーズ"),
        figures=(Figure("days_open", _("公開から"), pgettext("counter", "日")),),
        lines=tuple(_lonely(need, report) for need in report.alone),
        extra=_("業種"),
    )


def _lonely(need: Listing, report: MonthlyReport) -> Line:
    """A need by its number. No owner: the report leaves the office, and the need may be
    anonymous."""
    days = (report.until - tokyo_day(need.published_at)).days if need.published_at else None
    division = division_of(need.organization.industry)
    return Line(
        need.reference,
        f"{need.reference} {need.title}",
        (days,),
        extra=industry_label(division, locale()) if division else "―",
        ref=need.public_id,
    )


def _columns(measures: tuple[Measure, ...]) -> tuple[Figure, ...]:
    return tuple(Figure(m.value, label(m), unit(m)) for m in measures)


def _total(name: str, lines: list[Line]) -> Line:
    columns: list[tuple[Value, ...]] = list(zip(*(line.values for line in lines), strict=True))
    return Line("total", name, tuple(sum(value or 0 for value in column) for column in columns))
