"""The figures of a 施策 over the years, as lines."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from registry.common.fiscal import FiscalYear
from registry.formats import charts
from registry.policy.codes import Code
from registry.reports.yearly import Result
from registry.reports.yearly_sentences import label_of, unit_of
from registry.web.i18n import locale

MOST_LINES, FEWEST_YEARS, MOST_YEARS = 4, 2, 6
WIDEST_RANGE = 20
"""Beyond it the low line would lie on the axis."""
MONEY = "円"


@dataclass(frozen=True)
class Trend:
    """A chart with its table: columns are the years, a row an indicator."""

    title: str
    svg: Markup
    columns: list[str]
    rows: list[list[str]]


def trend_of(found: Sequence[Result], code: Code, last: FiscalYear) -> Trend | None:
    """Lines of up to four indicators of a code, of the unit that most of them share, over the six
    years up to a fiscal year. Parts (うち) are left out, and what stayed the same; None when nothing
    is left."""
    series: dict[int, dict[int, Result]] = defaultdict(dict)
    for one in found:
        year = one.period.fiscal_year
        counts = one.actual is not None and one.indicator.part_of_id is None
        if counts and one.code.is_within(code) and 0 <= last.year - year.year < MOST_YEARS:
            series[one.indicator.id][year.year] = one
    long = [
        by_year
        for by_year in series.values()
        if len(by_year) >= FEWEST_YEARS and len({one.actual for one in by_year.values()}) > 1
    ]
    units = Counter(next(iter(one.values())).indicator.unit for one in long)
    units.pop(MONEY, None)
    if not units:
        return None
    unit = units.most_common(1)[0][0]
    chosen = _comparable([one for one in long if next(iter(one.values())).indicator.unit == unit])
    years = range(min(year for one in chosen for year in one), last.year + 1)
    return _drawn(chosen[:MOST_LINES], years)


def _comparable(series: list[dict[int, Result]]) -> list[dict[int, Result]]:
    """The first and those whose figures stand beside its own."""
    top = _most(series[0])
    return [one for one in series if top <= WIDEST_RANGE * _most(one) <= WIDEST_RANGE**2 * top]


def _most(by_year: dict[int, Result]) -> float:
    return max(float(one.actual or 0) for one in by_year.values()) or 0.01


def _drawn(series: list[dict[int, Result]], years: range) -> Trend | None:
    labels = [FiscalYear(year).code for year in years]
    firsts = [next(iter(one.values())).indicator for one in series]
    unit = unit_of(firsts[0]).strip()
    title = _("年度ごとの推移（%(unit)s）", unit=unit)
    if len(firsts) == 1:
        title = _("%(what)sの推移（%(unit)s）", what=label_of(firsts[0]), unit=unit)
    rows = [
        {
            "year": label,
            "name": label_of(indicator),
            "value": one[year].actual if year in one else None,
        }
        for indicator, one in zip(firsts, series, strict=True)
        for label, year in zip(labels, years, strict=True)
    ]
    table = [
        [label_of(indicator), *(_plain(one.get(year)) for year in years)]
        for indicator, one in zip(firsts, series, strict=True)
    ]
    svg = charts.lines(
        rows,
        "year",
        "value",
        "name",
        title=title,
        description="、".join(" ".join(row) for row in table),
        locale=locale(),
        y_title=unit,
        width=760,
        height=240,
    )
    if not svg:
        return None
    markup = Markup(svg)  # noqa: S704 -- formats.charts escapes
    return Trend(title, markup, [_("指標"), *labels], table)


def _plain(one: Result | None) -> str:
    if one is None or one.actual is None:
        return "―"
    return (_("約") if one.approximate else "") + f"{one.actual.normalize():,f}"
