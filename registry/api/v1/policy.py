"""The policy tree, its indicators, and what each was to reach and reached in a fiscal year."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, case, select
from sqlalchemy.orm import joinedload

from registry.accounts.scopes import Scope
from registry.api.models import ChangedQuery, Moment, Part, Query, Record
from registry.api.operations import Resource, Tag
from registry.api.v1.shared import Named, changed_since
from registry.common import calendar
from registry.common.errors import NotFound
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.policy.indicators import get_indicator
from registry.policy.models import CountingRule, Indicator, PeriodType
from registry.policy.queries import Entry, all_codes, get_entry, ids_within, search_codes
from registry.policy.typed import show_figure
from registry.reports.yearly import Result, first_year, results_between, results_of

FIRST_YEAR, LAST_YEAR = 1950, 2150
CODE = r"^[0-9]{1,2}(-[0-9]{1,2}){0,2}$"
POLICY = Tag("policy", "施策と成果指標 / Policies and indicators")


class TitlePart(Part):
    """How one plan calls a code."""

    plan: str = Field(description="計画期間の符号 / Key of the plan period")
    title: str
    title_en: str
    aliases: list[str] = Field(description="ほかの書き方 / Other titles printed in the plan")


class CodeRecord(Record):
    """One code of the tree, in every plan that knows it."""

    code: str = Field(description="施策の番号 / Policy code", examples=["3-3"])
    parent: str | None = Field(description="上の番号 / The code above")
    plans: list[TitlePart] = Field(description="新しい計画から / The newest plan first")


class CodeQuery(Query):
    """The tree, narrowed."""

    q: str = Field(
        "",
        max_length=200,
        pattern="^[^\\x00]*$",
        description="番号（下位を含む）か題名の語 / A code with those below, or words of a title",
        json_schema_extra={"pattern": "^[^\\u0000]*$"},
    )


class FigurePart(Part):
    """A figure of a period; numbers are written as texts, so that none is rounded."""

    period: str = Field(description="期間 / Period", examples=["FY2016", "FY2016-end", "2017-02"])
    fiscal_year: int = Field(description="載る年度 / Fiscal year that shows it")
    actual: str | None = Field(description="実績。null はまだ無い / Actual; null: none yet")
    approximate: bool = Field(description="約 / About")
    target: str | None = Field(description="目標。null は定めなし / Target; null: none was set")
    before: str | None = Field(description="前の年度の実績 / Actual of the year before")
    withheld: bool = Field(description="当事者が分かるので伏せた / Withheld: it tells of one party")
    illustrative: bool = Field(description="見本の記録から / From sample records")
    note: str
    source: str = Field(description="出典 / Source")


class IndicatorPart(Part):
    """What a figure is a figure of."""

    id: str = Field(description="公開 ID / Public id")
    key: str = Field(description="変わらない名前 / Stable key")
    policy_code: str = Field(description="施策の番号 / Policy code")
    label: str
    label_en: str
    unit: str
    unit_en: str
    period_type: PeriodType = Field(description="期間の種類 / Kind of period")
    rule: CountingRule = Field(description="数え方 / How it counts")
    counted: bool = Field(description="記録から数える / Counted from records, not read by hand")
    part_of: str | None = Field(description="内数の元の公開 ID / Public id of what it is part of")


class ResultPart(IndicatorPart, FigurePart):
    """A line of the yearly results."""

    program: Named | None = Field(description="支援制度 / Support program")


class IndicatorRecord(Record, IndicatorPart):
    """An indicator with its figures of every fiscal year."""

    is_public: bool
    retired: bool = Field(description="使うのをやめた / No longer in use")
    figures: list[FigurePart] = Field(description="古い年度から / The oldest year first")
    updated_at: Moment


class IndicatorLine(Record, IndicatorPart):
    """An indicator in the list."""

    is_public: bool
    retired: bool
    updated_at: Moment


class IndicatorQuery(ChangedQuery):
    """Indicators, narrowed."""

    policy: Annotated[str, Field(pattern=CODE)] | None = Field(
        None,
        description="施策の番号（下位を含む） / Policy code with those below",
        examples=["3-3"],
    )


class YearRecord(Record):
    """The results of one fiscal year, in the order of the tree."""

    year: int = Field(description="年度（4 月から） / Fiscal year, from April")
    running: bool = Field(description="まだ終わっていない / The year is not over")
    results: list[ResultPart]


def show_code(row: Entry, _viewer: Viewer) -> CodeRecord:
    """The code with its titles."""
    names = ("plan", "title", "title_en", "aliases")
    return CodeRecord(
        code=str(row.code),
        parent=str(row.code.parent) if row.code.parent else None,
        plans=[TitlePart(**{name: getattr(one, name) for name in names}) for one in row.rows],
    )


def show_indicator(row: Indicator, viewer: Viewer) -> IndicatorRecord:
    """The indicator and its figures, those withheld outside the office without a number."""
    years = range(first_year() - 1, FiscalYear.of(calendar.today()).year + 1)
    found = results_between(years, inside=viewer.may("yearly.open"), only={row.id})
    figures = [FigurePart(**_figure(one)) for one in sorted(found, key=lambda one: one.period.last)]
    return IndicatorRecord(**_line(row), figures=figures)


def show_line(row: Indicator, _viewer: Viewer) -> IndicatorLine:
    """The indicator without its figures."""
    return IndicatorLine(**_line(row))


def show_year(row: list[Result], _viewer: Viewer, year: FiscalYear) -> YearRecord:
    """The results as values."""
    return YearRecord(
        year=year.year,
        running=year.end >= calendar.today(),
        results=[
            ResultPart(
                **_indicator(one.indicator),
                **_figure(one),
                program=Named(id=one.program.public_id, name=one.program.title)
                if one.program
                else None,
            )
            for one in row
        ],
    )


def _line(row: Indicator) -> dict[str, Any]:
    names = ("is_public", "retired", "updated_at")
    return {**_indicator(row), **{name: getattr(row, name) for name in names}}


def _indicator(row: Indicator) -> dict[str, Any]:
    names = ("key", "label", "label_en", "unit", "unit_en", "period_type", "rule")
    return {
        "id": row.public_id,
        "policy_code": row.policy_code.code,
        "counted": bool(row.measure),
        "part_of": row.part_of.public_id if row.part_of else None,
        **{name: getattr(row, name) for name in names},
    }


def _figure(one: Result) -> dict[str, Any]:
    names = ("approximate", "withheld", "illustrative", "note", "source")
    return {
        "period": one.period.text,
        "fiscal_year": one.period.fiscal_year.year,
        "actual": _number(one.actual),
        "target": _number(one.target),
        "before": _number(one.before),
        **{name: getattr(one, name) for name in names},
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else show_figure(value)


def find_codes(query: CodeQuery, _viewer: Viewer) -> list[Entry]:
    """The tree's codes in their order."""
    return search_codes(query.q)


def find_indicators(query: IndicatorQuery, viewer: Viewer) -> Select[Indicator]:
    """The list's statement: those that are not public for staff only."""
    places = {row.id: place for place, row in enumerate(all_codes())}
    statement = select(Indicator).options(joinedload(Indicator.policy_code))
    if places:
        order = case(places, value=Indicator.policy_code_id, else_=len(places))
        statement = statement.order_by(order, Indicator.position)
    statement = statement.order_by(Indicator.id)
    if not viewer.is_staff:
        statement = statement.where(Indicator.is_public)
    if query.policy:
        statement = statement.where(Indicator.policy_code_id.in_(ids_within(query.policy)))
    return changed_since(statement, Indicator, query.modified_after)


def get_code(_viewer: Viewer, code: str) -> Entry:
    """One code in all plans."""
    return get_entry(code[:20])


def get(viewer: Viewer, indicator_id: str) -> Indicator:
    """One indicator."""
    return get_indicator(indicator_id, viewer)


def get_year(viewer: Viewer, year: str) -> tuple[FiscalYear, list[Result]]:
    """The results of a fiscal year. Raises NotFound for what is no year that the office has."""
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR):
        raise NotFound
    wanted = FiscalYear(int(year[:5]))
    return wanted, results_of(wanted, inside=viewer.may("yearly.open"))


policy_codes = Resource(
    name="policy_codes",
    path="/policy-codes",
    key="code",
    tag=POLICY,
    words="施策の番号 / policy codes",
    record=CodeRecord,
    show=show_code,
    get=get_code,
    read=Scope.POLICY_READ,
    version=lambda _row, _viewer: 0,
)
policy_codes.lists(CodeQuery, find_codes)
policy_codes.gets()
indicator_list = Resource(
    name="indicators",
    path="/indicators",
    key="indicator_id",
    tag=POLICY,
    words="成果指標 / indicators",
    record=IndicatorLine,
    show=show_line,
    get=get,
    read=Scope.POLICY_READ,
)
indicator_list.lists(IndicatorQuery, find_indicators)
indicators = Resource(
    name="indicators",
    path="/indicators",
    key="indicator_id",
    tag=POLICY,
    words="成果指標 / indicators",
    record=IndicatorRecord,
    show=show_indicator,
    get=get,
    read=Scope.POLICY_READ,
)
indicators.gets()
yearly = Resource(
    name="yearly_results",
    path="/reports/yearly",
    key="year",
    tag=POLICY,
    words="年度の成果 / yearly results",
    record=YearRecord,
    show=lambda row, viewer: show_year(row[1], viewer, row[0]),
    get=get_year,
    read=Scope.POLICY_READ,
    version=lambda _row, _viewer: 0,
)
yearly.gets()
