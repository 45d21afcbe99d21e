"""Readings: figures of indicators that are reported by hand; for staff."""

import re
from decimal import Decimal
from typing import Annotated

from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from registry.accounts.scopes import Scope
from registry.api.models import Body, ChangedQuery, Id, Moment, Record
from registry.api.operations import Resource, Tag
from registry.api.texts import Text, whole
from registry.api.v1.policy import FIRST_YEAR, LAST_YEAR
from registry.api.v1.shared import changed_since, wanted
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.policy.figures import FigureWords, correct_figure, get_figure, record_figure
from registry.policy.indicators import get_indicator
from registry.policy.models import Indicator, Reading
from registry.policy.periods import PeriodProblem, parse_period
from registry.policy.typed import show_figure

FIGURE = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
PERIOD = r"^(FY[0-9]{4}(-end)?|[0-9]{4}(-[0-9]{2}(-asof)?)?)$"


class NewReading(Body):
    """A figure of a period that has none yet."""

    indicator: Id = Field(description="指標の公開 ID / Indicator's public id")
    period: Annotated[str, Field(pattern=PERIOD)] = Field(
        description="期間 / Period", examples=["FY2016", "FY2016-end", "2017-02"]
    )
    value: Annotated[str, Field(pattern=FIGURE)] = Field(
        description="値。丸めないように文字で / Figure, as text so that nothing is rounded",
        examples=["1400", "98.5"],
    )
    approximate: bool = Field(False, description="約 / About")
    note: Annotated[str, Text(300)] = Field("", description="メモ / Note")
    source: Annotated[str, Text(200)] = Field("", description="出典 / Source")


class Correction(Body):
    """What was wrong; what is not sent stays."""

    reason: Annotated[str, Text(300, needed=True)] = Field(description="訂正の理由 / Why")
    value: Annotated[str, Field(pattern=FIGURE)] | None = Field(None, description="値 / Figure")
    approximate: bool | None = Field(None, description="約 / About")
    exact_now: bool = Field(
        False, description="正確な数に改めた / It was about so many, and is exact now"
    )
    note: Annotated[str, Text(300)] | None = Field(None, description="メモ / Note")
    source: Annotated[str, Text(200)] | None = Field(None, description="出典 / Source")


class ReadingRecord(Record):
    """One figure as it was reported."""

    id: str = Field(description="公開 ID / Public id")
    indicator: str = Field(description="指標の公開 ID / Indicator's public id")
    key: str = Field(description="指標の変わらない名前 / Stable key of the indicator")
    period: str
    fiscal_year: int = Field(description="載る年度 / Fiscal year that shows it")
    value: str
    approximate: bool
    note: str
    source: str = Field(description="出典 / Source")
    illustrative: bool
    updated_at: Moment


class ReadingQuery(ChangedQuery):
    """Readings, narrowed."""

    indicator: Id | None = Field(None, description="指標の公開 ID / Indicator's public id")
    fiscal_year: Annotated[int, whole(FIRST_YEAR, LAST_YEAR)] | None = Field(
        None, description="年度 / Fiscal year"
    )


def show(row: Reading, _viewer: Viewer) -> ReadingRecord:
    """The reading."""
    names = ("period", "fiscal_year", "approximate", "note", "source", "illustrative", "updated_at")
    return ReadingRecord(
        id=row.public_id,
        indicator=row.indicator.public_id,
        key=row.indicator.key,
        value=show_figure(Decimal(row.value)),
        **{name: getattr(row, name) for name in names},
    )


def find(query: ReadingQuery, _viewer: Viewer) -> Select[Reading]:
    """The list's statement, by indicator and period."""
    statement = (
        select(Reading)
        .join(Indicator, Reading.indicator_id == Indicator.id)
        .options(joinedload(Reading.indicator))
        .order_by(Indicator.key, Reading.fiscal_year, Reading.period, Reading.id)
    )
    if query.indicator:
        statement = statement.where(Indicator.public_id == query.indicator)
    if query.fiscal_year:
        statement = statement.where(Reading.fiscal_year == query.fiscal_year)
    return changed_since(statement, Reading, query.modified_after)


def get(viewer: Viewer, reading_id: str) -> Reading:
    """One reading."""
    row = get_figure("reading", reading_id, viewer)
    assert isinstance(row, Reading)
    return row


def create(body: NewReading, viewer: Viewer) -> Reading:
    """Record a figure."""
    indicator = wanted(get_indicator, body.indicator, viewer, "indicator")
    if indicator.measure:
        raise DomainError(_("この指標は記録から数えます。"), field="indicator")
    try:
        period = parse_period(body.period)
    except PeriodProblem as error:
        raise DomainError(_("この期間はありません。"), field="period") from error
    words = FigureWords(
        value=_figure(body.value),
        approximate=body.approximate,
        note=body.note,
        source=body.source,
    )
    row = record_figure(Reading, indicator, period, words, viewer=viewer)
    assert isinstance(row, Reading)
    return row


def change(row: Reading, body: Correction, version: int | None, viewer: Viewer) -> None:
    """Put another figure in place; the log keeps the old one with the reason."""
    sent = {name: value for name, value in body.given().items() if value is not None}
    words = FigureWords(
        value=_figure(sent["value"]) if "value" in sent else row.value,
        approximate=sent.get("approximate", row.approximate),
        note=sent.get("note", row.note),
        source=sent.get("source", row.source),
    )
    correct_figure(
        row,
        words,
        reason=body.reason,
        is_exact_now=body.exact_now,
        version=row.version if version is None else version,
        viewer=viewer,
    )


def _figure(text: str) -> Decimal:
    """The number of a text that has the pattern; without a sign before zero."""
    assert re.fullmatch(FIGURE, text, re.ASCII)
    return Decimal(text) + 0


readings = Resource(
    name="readings",
    path="/readings",
    key="reading_id",
    tag=Tag("readings", "指標の値 / Readings"),
    words="指標の値 / readings",
    record=ReadingRecord,
    show=show,
    get=get,
    read=Scope.READINGS_READ,
    write=Scope.READINGS_WRITE,
)
readings.lists(ReadingQuery, find)
readings.gets()
readings.creates(NewReading, create)
readings.changes(Correction, change)
