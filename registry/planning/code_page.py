"""What the page of a code shows: its programs, and the figures of its indicators year by year."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.codes import Code, parse_code
from registry.policy.models import CrossTag, Indicator, PolicyCode
from registry.policy.queries import Entry
from registry.programs.models import Program, ProgramTag
from registry.programs.queries import visible_to
from registry.reports.yearly import Result, first_year, results_between
from registry.reports.yearly_page import figure_of
from registry.web.i18n import pick

MOST_YEARS = 6


@dataclass(frozen=True)
class Cell:
    """A figure of a table by years; `illustrative` when it stands on sample rows."""

    text: str
    illustrative: bool = False


@dataclass(frozen=True)
class Row:
    """One indicator with its figures, in the order of the table's years."""

    indicator: Indicator
    cells: list[Cell]


@dataclass(frozen=True)
class Years:
    """Figures of indicators by fiscal year."""

    years: list[FiscalYear]
    rows: list[Row]


def programs_within(entry: Entry, viewer: Viewer) -> list[Program]:
    """The programs whose home is the code, in any plan, or a code below it."""
    codes = select(PolicyCode.id, PolicyCode.code)
    wanted = [n for n, code in db.session.execute(codes) if parse_code(code).is_within(entry.code)]
    found = visible_to(viewer).where(Program.policy_code_id.in_(wanted))
    return list(db.session.scalars(found).unique())


def programs_tagged(tag: CrossTag, viewer: Viewer) -> list[Program]:
    """The programs that serve a viewpoint or priority."""
    tagged = select(ProgramTag.program_id).where(ProgramTag.tag_id == tag.id)
    return list(db.session.scalars(visible_to(viewer).where(Program.id.in_(tagged))).unique())


def programs_by_tag() -> dict[int, int]:
    """How many programs carry each cross tag, by the tag's row number."""
    statement = select(ProgramTag.tag_id, func.count()).group_by(ProgramTag.tag_id)
    return {tag: number for tag, number in db.session.execute(statement)}  # noqa: C416


def counts_by_code(viewer: Viewer) -> dict[Code, tuple[int, int]]:
    """Programs and indicators whose home is the code itself, in any plan."""
    programs, indicators = defaultdict[Code, int](int), defaultdict[Code, int](int)
    homes = visible_to(viewer).join(PolicyCode, Program.policy_code_id == PolicyCode.id)
    for code in db.session.scalars(homes.with_only_columns(PolicyCode.code).order_by(None)):
        programs[parse_code(code)] += 1
    of = select(PolicyCode.code).join(Indicator, Indicator.policy_code_id == PolicyCode.id)
    of = of.where(~Indicator.retired)
    for code in db.session.scalars(of if viewer.is_staff else of.where(Indicator.is_public)):
        indicators[parse_code(code)] += 1
    return {code: (programs[code], indicators[code]) for code in {*programs, *indicators}}


def indicators_within(code: Code, viewer: Viewer, *, retired: bool = False) -> list[Indicator]:
    """The indicators of a code and all below it, in their order; only public ones for others."""
    statement = select(Indicator, PolicyCode.code).join(Indicator.policy_code)
    if not viewer.is_staff:
        statement = statement.where(Indicator.is_public)
    if not retired:
        statement = statement.where(~Indicator.retired)
    found = [
        (parse_code(text), row.position, row.id, row)
        for row, text in db.session.execute(statement)
        if parse_code(text).is_within(code)
    ]
    return [row for *_place, row in sorted(found, key=lambda one: one[:3])]


def by_years(indicators: Sequence[Indicator], *, last: FiscalYear, inside: bool) -> Years:
    """The figures of indicators in the newest years for which any of them has one."""
    wanted = {row.id for row in indicators}
    span = range(first_year(), last.year + 1)
    found: dict[tuple[int, int], list[Result]] = defaultdict(list)
    for one in results_between(span, inside=inside, only=wanted):
        if one.actual is not None or one.withheld:
            found[one.indicator.id, one.period.fiscal_year.year].append(one)
    years = sorted({year for _indicator, year in found})[-MOST_YEARS:]
    return Years(
        [FiscalYear(year) for year in years],
        [Row(row, [_cell(found.get((row.id, year), [])) for year in years]) for row in indicators],
    )


def _cell(found: Sequence[Result]) -> Cell:
    text = " / ".join(figure_of(one) for one in found)
    return Cell(text or "―", any(one.illustrative for one in found))


def titles_of(entry: Entry) -> list[tuple[str, str]]:
    """(plan, title) where plans call the code differently; the newest first."""
    return [(row.plan, pick(row.title, row.title_en)) for row in entry.rows]
