"""The tables of what stands and of what it took: open matches, effort, needs, quiet firms, and
figures of closed months that were restated."""

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.cases.effort import RungEffort
from registry.cases.labels import rung_label
from registry.common.calendar import Month, tokyo_day
from registry.common.codelists import industry_label
from registry.listings.models import Listing
from registry.reports.dimensions import division_of
from registry.reports.disclosure import OTHERS, THRESHOLD, Protected
from registry.reports.measures import NEVER_SUGGESTED, Measure, label, unit
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label, size_label, ward_label
from registry.reports.restatements import Told
from registry.reports.tables import Figure, Line, ReportTable, columns_of, total_of
from registry.web.i18n import locale


def open_cases(report: MonthlyReport) -> ReportTable:
    """Open matches by their age."""
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
        total=total_of(_("計"), lines),
    )


def effort(report: MonthlyReport) -> list[ReportTable]:
    """What each rung reached in the month took until then; and last the month's own work."""
    if report.effort is None:
        return []
    rungs, month = report.effort
    lines = [_rung(one) for one in rungs]
    whole = Line(
        "month",
        _("この月のすべて（成果のないものも含む）"),
        (None, month.dispatches, month.hours, None),
    )
    return [
        ReportTable(
            code="effort",
            title=_("成果までの手間"),
            name=_("この月に至った成果"),
            figures=(
                Figure("cases", _("マッチング"), pgettext("counter", "件")),
                Figure("dispatches", _("派遣（延べ）"), pgettext("counter", "回")),
                Figure("hours", _("時間"), pgettext("counter", "時間"), decimal=True),
                Figure(
                    "dispatches_each",
                    _("1 件あたりの派遣"),
                    pgettext("counter", "回"),
                    decimal=True,
                ),
            ),
            lines=(*lines, whole),
            note=_(
                "この月にその成果に至ったマッチングに、それまでにかけた派遣と時間（相談・訪問も含む）。"
                "時間は、記録されたものの計です。"
            ),
        )
    ]


def needs(report: MonthlyReport) -> list[ReportTable]:
    """How many needs stand open, how many without candidate; for staff which, and how long."""
    if report.needs_open is None:
        return []
    numbers = ReportTable(
        code="needs",
        title=_("公開中のニーズ"),
        name=_("ニーズ"),
        figures=(Figure("needs", _("件数"), pgettext("counter", "件")),),
        lines=(
            Line("open", _("公開中のニーズ"), (report.needs_open,)),
            Line("without_candidate", _("うち候補のないニーズ"), (report.needs_alone,)),
        ),
    )
    if not report.staff:
        return [numbers]
    which = ReportTable(
        code="needs_without_candidate",
        title=_("候補のないニーズ"),
        name=_("ニーズ"),
        figures=(Figure("days_open", _("公開から"), pgettext("counter", "日")),),
        lines=tuple(_lonely(need, report) for need in report.alone),
        extra=_("業種"),
    )
    return [numbers, which]


def quiet(report: MonthlyReport) -> list[ReportTable]:
    """Firms that nothing was ever suggested to, by size and by ward."""
    found = []
    for code, title, name, words in (
        ("quiet_by_size", _("規模ごと"), _("企業の規模"), size_label),
        ("quiet_by_ward", _("区・市町村ごと"), _("区・市町村"), ward_label),
    ):
        if code not in report.quiet:
            continue
        groups = report.quiet[code]
        lines = tuple(
            Line(
                group or "none",
                words(group),
                tuple(counts[m] for m in NEVER_SUGGESTED),
            )
            for group, counts in groups
        )
        found.append(
            ReportTable(
                code=code,
                title=title,
                name=name,
                figures=columns_of(NEVER_SUGGESTED),
                lines=lines,
                total=Line("total", _("計"), _firms(report)),
                note=withheld_note(groups),
                blank=withheld_blank(),
            )
        )
    return found


def restated(report: MonthlyReport) -> list[ReportTable]:
    """Figures of closed months that staff restated in this month, with their reason."""
    if not report.restated:
        return []
    return [
        ReportTable(
            code="restatements",
            title=_("締めた月の訂正"),
            name=_("月と項目"),
            figures=(
                Figure("closed", _("確定した数"), plain=True),
                Figure("now", _("今の記録"), plain=True),
            ),
            lines=tuple(_restated(one) for one in report.restated),
            extra=_("理由"),
            note=_("締めた月の報告書は、締めたときのまま残しています。"),
        )
    ]


def withheld_note(groups: Protected) -> str:
    """How figures were withheld, where any were."""
    small = any(
        group == OTHERS or any(value is None for value in counts.values())
        for group, counts in groups
    )
    if not small:
        return ""
    return _("少ない数が当事者を指すことのないよう、%(limit)s に満たない数を伏せています（0 も含む）。"
             "引き算で分かる数も伏せ、すべての数が %(limit)s に満たない行はまとめました。計は正しい数です。",
             limit=THRESHOLD)  # fmt: skip


def withheld_blank() -> str:
    """What stands for a withheld figure."""
    return _("%(limit)s 未満など", limit=THRESHOLD)


def _rung(one: RungEffort) -> Line:
    each = one.dispatches_each
    return Line(
        one.rung.value,
        rung_label(one.rung),
        (
            one.cases,
            one.work.dispatches,
            round(one.work.hours, 2),
            None if each is None else round(each, 1),
        ),
    )


def _age(low: int, high: int | None) -> str:
    if high is None:
        return _("%(low)s 日以上", low=low)
    return _("%(low)s〜%(high)s 日", low=low, high=high)


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


def _firms(report: MonthlyReport) -> tuple[int, ...]:
    return tuple(report.firms[measure] for measure in NEVER_SUGGESTED)


def _restated(one: Told) -> Line:
    year, month = (int(part) for part in one.month.split("-"))
    known = one.measure
    what = label(Measure(known)) if known in set(Measure) else known
    code = f"{one.month}.{one.measure}"
    if not one.is_chief:
        code = f"{one.month}.{one.section}.{one.group}.{one.measure}"
    return Line(
        code,
        f"{month_label(Month(year, month))} {what}",
        (one.closed, one.now),
        extra=one.reason,
        unit=unit(Measure(known)) if known in set(Measure) else "",
    )
