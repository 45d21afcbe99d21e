"""The yearly results as their page shows them: policy by policy, measure by measure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from markupsafe import Markup

from registry.common.fiscal import FiscalYear
from registry.formats import charts
from registry.policy.codes import Code, parse_code
from registry.policy.models import PolicyCode, Remark
from registry.policy.queries import codes_of
from registry.policy.remarks import published_of
from registry.reports.sentences import emphasised
from registry.reports.yearly import Result, first_year, results_between
from registry.reports.yearly_sentences import in_words, label_of, sentence, unit_of
from registry.reports.yearly_trend import Trend, trend_of
from registry.web.i18n import locale, pick

FEWEST_BARS = 2
WIDEST_RANGE = 50
"""Beyond it the short bars could not be seen beside the long ones."""


@dataclass(frozen=True)
class Line:
    """One figure of a table: the result and the words that a page prints."""

    result: Result
    label: str
    actual: str
    target: str
    change: str
    told: Markup


@dataclass(frozen=True)
class Strategy:
    """A 基本戦略 with its figures, and what the verification published of it."""

    code: str
    title: str
    lines: list[Line]
    remarks: list[Remark]


@dataclass(frozen=True)
class MeasureGroup:
    """A 施策 with its 基本戦略 and a chart of the figures that share its commonest unit."""

    code: str
    title: str
    policy: str
    strategies: list[Strategy]
    chart: Markup | None
    chart_title: str
    trend: Trend | None
    remarks: list[Remark]


def groups(everything: Sequence[Result], year: FiscalYear) -> list[MeasureGroup]:
    """The results of a fiscal year by 施策 (3-3) and 基本戦略 (3-3-1), in the order of their codes,
    with the lines of the years up to it. `everything` holds the results of all these years."""
    found = [one for one in everything if one.period.fiscal_year == year]
    rows = {parse_code(row.code): row for row in codes_of_results(found)}
    remarks: dict[Code, list[Remark]] = {}
    for remark in published_of(year):
        remarks.setdefault(parse_code(remark.policy_code.code), []).append(remark)
    by_measure: dict[Code, list[Result]] = {}
    for one in found:
        by_measure.setdefault(Code(one.code.parts[:2]), []).append(one)
    since = first_year()
    planned = [one for one in everything if one.period.fiscal_year.year >= since]
    for code in remarks:
        by_measure.setdefault(Code(code.parts[:2]), [])
    return [
        _group(code, of_it, rows, remarks, trend_of(planned, code, year))
        for code, of_it in sorted(by_measure.items())
    ]


def codes_of_results(found: Sequence[Result]) -> list[PolicyCode]:
    """The codes of the plans in which the indicators have their homes."""
    plans = {one.indicator.policy_code.plan for one in found}
    return [row for plan in sorted(plans) for row in codes_of(plan)] or codes_of()


def years_to_choose(today: FiscalYear, first: int) -> list[tuple[str, str]]:
    """(code, label) of the fiscal years from the newest to the first with a figure."""
    return [
        (FiscalYear(year).code, FiscalYear(year).label(locale()))
        for year in range(today.year, first - 1, -1)
    ]


def report_of(year: FiscalYear, *, inside: bool) -> list[MeasureGroup]:
    """The groups of a fiscal year for somebody inside the office or outside."""
    first = min(first_year(), year.year - 1)
    return groups(results_between(range(first, year.year + 1), inside=inside), year)


def _group(
    code: Code,
    found: list[Result],
    rows: dict[Code, PolicyCode],
    remarks: dict[Code, list[Remark]],
    trend: Trend | None,
) -> MeasureGroup:
    by_strategy: dict[Code, list[Result]] = {}
    for one in found:
        by_strategy.setdefault(one.code, []).append(one)
    for at in remarks:
        if at.is_within(code) and at != code:
            by_strategy.setdefault(at, [])
    chart, title = _chart(found)
    top = Code(code.parts[:1])
    return MeasureGroup(
        code=str(code),
        title=_title(code, rows),
        policy=f"{top} {_title(top, rows)}",
        strategies=[
            Strategy(str(at), _title(at, rows), [_line(one) for one in of_it], remarks.get(at, []))
            for at, of_it in sorted(by_strategy.items())
        ],
        chart=chart,
        chart_title=title,
        trend=trend,
        remarks=remarks.get(code, []),
    )


def _title(code: Code, rows: dict[Code, PolicyCode]) -> str:
    row = rows.get(code)
    return pick(row.title, row.title_en) if row else ""


def figure_of(one: Result) -> str:
    """The actual as a page prints it, with 約 and unit; "not published" where it is withheld."""
    if one.withheld:
        return _("非公表")
    return _figure(one.actual, one.approximate, unit_of(one.indicator, one.actual))


def _line(one: Result) -> Line:
    return Line(
        result=one,
        label=label_of(one.indicator),
        actual=figure_of(one),
        target=_("目標の設定なし")
        if one.target is None
        else _figure(one.target, False, unit_of(one.indicator, one.target)),
        change=_change(one, unit_of(one.indicator, one.change)),
        told=emphasised(sentence(one)),
    )


def _figure(value: Decimal | None, approximate: bool, unit: str) -> str:
    if value is None:
        return "―"
    return in_words(value, approximate=approximate) + unit


def _change(one: Result, unit: str) -> str:
    if one.change is None:
        return "―"
    sign = "＋" if one.change > 0 else "−" if one.change < 0 else "±"
    return sign + in_words(abs(one.change), approximate=False) + unit


def _chart(found: list[Result]) -> tuple[Markup | None, str]:
    """Lying bars of the figures that share the commonest unit; parts (うち) are left out."""
    shown = [
        one for one in found if one.actual and one.indicator.part_of_id is None and not one.withheld
    ]
    units = Counter(one.indicator.unit for one in shown if one.indicator.unit not in ("円", "版"))
    if not units:
        return None, ""
    unit, count = units.most_common(1)[0]
    if count < FEWEST_BARS:
        return None, ""
    of_it = [one for one in shown if one.indicator.unit == unit]
    values = [one.actual or 0 for one in of_it]
    if max(values) > WIDEST_RANGE * min(values):
        return None, ""
    word = unit_of(of_it[0].indicator).strip()
    title = _("主な数値（%(unit)s）", unit=word)
    svg = charts.funnel(
        [{"name": label_of(one.indicator), "value": one.actual} for one in of_it],
        "name",
        "value",
        title=title,
        description="、".join(
            f"{label_of(one.indicator)} {_figure(one.actual, one.approximate, word)}"
            for one in of_it
        ),
        locale=locale(),
        width=760,
    )
    return (Markup(svg) if svg else None), title  # noqa: S704 -- formats.charts escapes
