"""The monthly match report: one object from which screen, CSV and XLSX are made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.common.calendar import Month
from registry.common.codelists import industry_label, municipality
from registry.listings.models import Listing
from registry.reports import figures
from registry.reports.facts import Dimensions, Fact, facts_between
from registry.reports.figures import Group, Step
from registry.reports.measures import (
    BROKEN_DOWN,
    FUNNEL,
    SUMMARY,
    TREND,
    Measure,
    label,
    unit,
)
from registry.reports.queries import open_cases_at
from registry.suggestions.queries import needs_without_candidates
from registry.web.i18n import locale

TREND_MONTHS = 13


@dataclass(frozen=True)
class Filters:
    """What the report is narrowed to; empty = everything."""

    coordinator: str = ""
    ward: str = ""

    def keep(self, fact: Fact) -> bool:
        """Whether a fact is counted."""
        at = fact.dimensions
        return (not self.coordinator or at.coordinator == self.coordinator) and (
            not self.ward or at.ward == self.ward
        )


@dataclass(frozen=True)
class Breakdown:
    """One table of the report: its stable code, its title, rows, and whether it names persons."""

    code: str
    title: str
    groups: list[Group]
    names: dict[str, str]
    only_staff: bool = False

    def total(self, measure: Measure) -> int:
        """The sum of a column."""
        return sum(group.counts[measure] for group in self.groups)


@dataclass(frozen=True)
class ReportRow:
    """One figure as files carry it: stable codes beside words."""

    section: str
    group: str
    measure: str
    label: str
    unit: str
    value: int | float


@dataclass(frozen=True)
class MonthlyReport:
    """A month's figures. `before` and `year_ago` are the month before and a year before."""

    month: Month
    filters: Filters
    counts: dict[Measure, int]
    before: dict[Measure, int]
    year_ago: dict[Measure, int]
    fiscal_year_agreements: int
    funnel: list[Step]
    trend: list[tuple[Month, dict[Measure, int]]]
    breakdowns: list[Breakdown]
    ages: list[tuple[int, int | None, int]]
    without_candidate: list[Listing]

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())

    def rows(self, *, staff: bool) -> Iterator[ReportRow]:
        """Every figure of the report; persons and single needs only for staff."""
        for measure, value in self.counts.items():
            yield ReportRow("summary", "", measure.value, label(measure), unit(measure), value)
        yield from self._funnel_rows()
        for month, counts in self.trend:
            for measure, value in counts.items():
                yield ReportRow(
                    "trend", str(month), measure.value, label(measure), unit(measure), value
                )
        for table in self.breakdowns:
            if staff or not table.only_staff:
                yield from _breakdown_rows(table)
        for low, high, value in self.ages:
            code = f"{low}-{high}" if high is not None else f"{low}-"
            yield ReportRow("open_cases", code, "cases", age_label(low, high), _("件"), value)
        yield ReportRow(
            "without_candidate",
            "",
            "needs",
            _("候補のないニーズ"),
            _("件"),
            len(self.without_candidate),
        )

    def _funnel_rows(self) -> Iterator[ReportRow]:
        for step in self.funnel:
            code, words = step.measure.value, label(step.measure)
            yield ReportRow("funnel", code, "count", words, unit(step.measure), step.count)
            if step.share is not None:
                yield ReportRow("funnel", code, "share", words, "%", round(step.share * 100, 1))
            if step.days is not None:
                yield ReportRow("funnel", code, "median_days", words, _("日"), step.days)


def build(month: Month, *, today: date, filters: Filters | None = None) -> MonthlyReport:
    """The report of a month, as the records stand now."""
    filters = filters or Filters()
    first = min(month.plus(1 - TREND_MONTHS), month.fiscal_year.months[0])
    facts = [f for f in facts_between(first.start, month.end) if filters.keep(f)]
    months = [month.plus(n) for n in range(1 - TREND_MONTHS, 1)]
    by_month = {m: figures.count(facts, m) for m in months}
    so_far = [m for m in month.fiscal_year.months if m <= month]
    return MonthlyReport(
        month=month,
        filters=filters,
        counts={m: by_month[month][m] for m in SUMMARY},
        before={m: by_month[month.previous][m] for m in SUMMARY},
        year_ago={m: by_month[months[0]][m] for m in SUMMARY},
        fiscal_year_agreements=sum(figures.count(facts, m)[Measure.AGREEMENTS] for m in so_far),
        funnel=figures.funnel(facts, month, FUNNEL),
        trend=[(m, {x: by_month[m][x] for x in TREND}) for m in months],
        breakdowns=_breakdowns(facts, month),
        ages=figures.ages(open_cases_at(min(month.end, today)), min(month.end, today)),
        without_candidate=needs_without_candidates(),
    )


def age_label(low: int, high: int | None) -> str:
    """How an age of open cases is called."""
    if high is None:
        return _("%(low)s 日以上", low=low)
    return _("%(low)s〜%(high)s 日", low=low, high=high)


def _breakdowns(facts: list[Fact], month: Month) -> list[Breakdown]:
    def program_key(at: Dimensions) -> str:
        return f"{at.policy_code} {at.program}".strip()

    tables: list[tuple[str, str, Callable[[Dimensions], str], Callable[[str], str], bool]] = [
        ("program", _("支援制度ごと"), program_key, str, False),
        ("industry", _("業種ごと"), lambda at: at.industry, _industry, False),
        ("ward", _("区・市町村ごと"), lambda at: at.ward, _ward, False),
        ("coordinator", _("担当ごと"), lambda at: at.coordinator, str, True),
    ]
    found = []
    for code, title, key, name, only_staff in tables:
        groups = figures.break_down(facts, month, BROKEN_DOWN, key)
        names = {g.code: name(g.code) if g.code else nobody(code) for g in groups}
        found.append(Breakdown(code, title, groups, names, only_staff))
    return found


def nobody(code: str) -> str:
    """What the rows without a program, industry, ward or coordinator are called."""
    return {
        "program": _("制度によらない"),
        "industry": _("業種の登録なし"),
        "ward": _("所在地の登録なし"),
        "coordinator": _("担当の登録なし"),
    }[code]


def _industry(code: str) -> str:
    return industry_label(code, locale())


def _ward(code: str) -> str:
    found = municipality(code)
    return found.label(locale()) if found else code


def _breakdown_rows(table: Breakdown) -> Iterator[ReportRow]:
    for group in table.groups:
        for measure, value in group.counts.items():
            yield ReportRow(
                table.code,
                group.code,
                measure.value,
                f"{table.names[group.code]} {label(measure)}",
                unit(measure),
                value,
            )
    for measure in BROKEN_DOWN:
        yield ReportRow(
            table.code,
            "total",
            measure.value,
            f"{_('計')} {label(measure)}",
            unit(measure),
            table.total(measure),
        )
