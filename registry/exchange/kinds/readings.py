"""The table of readings (指標値): figures that the office reports by hand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from registry.common.dates import DateProblem
from registry.common.errors import DomainError
from registry.common.fiscal import parse_fiscal_year
from registry.common.folding import fold
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange import cells
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.kinds.organizations import yes_cell
from registry.exchange.kinds.program_columns import code, code_cell
from registry.exchange.plain import Plain
from registry.exchange.running import run_rows
from registry.exchange.verdicts import Verdict
from registry.organizations.names import clean_line
from registry.policy.models import Indicator, PolicyCode, Reading
from registry.policy.periods import PeriodProblem, parse_period


def period(text: str) -> str:
    """A period as files write it: FY2016, FY2016-end, 2017-02; 2016年度 is FY2016."""
    try:
        return str(parse_period(cells.narrow(text)))
    except PeriodProblem:
        try:
            return parse_fiscal_year(text).code
        except DateProblem:
            raise cells.CellProblem("period", text=text.strip()[:24]) from None


def indicator_cell(row: Any) -> str:
    """The key of an indicator, which is unique; its label is not."""
    return str(getattr(row, "key", row or ""))


COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column(
        "indicator",
        "指標",
        clean_line,
        ("指標名", "指標キー", "項目"),
        required=True,
        writes=indicator_cell,
    ),
    Column("policy_code", "政策コード", code, ("施策コード", "コード"), writes=code_cell),
    Column("period", "期間", period, ("年度", "時点"), required=True),
    Column(
        "value",
        "値",
        cells.decimal("件", "社", "団体", "人", "名", "%", "回", "円", most=10**14, negative=True),
        ("実績", "実績値", "数値"),
        required=True,
        cell="number",
        writes=lambda value: value,
    ),
    Column("approximate", "概数", cells.yes_no, ("およそ",), writes=yes_cell),
    Column("note", "備考", cells.at_most(300, clean_line), ("注", "説明")),
    Column("source", "出典", cells.at_most(200, clean_line)),
    Column("label", "指標の名前", told_only=True),
    Column("unit", "単位", told_only=True),
)


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Record and correct figures."""
    return run_rows(batch, context, PLAIN.rules())


def _prepare(batch: Batch, context: Context) -> None:
    """Put the indicators in place of their keys or labels; the policy code tells equal labels
    apart. 約 in the figure sets the approximate mark."""
    known: dict[str, list[Indicator]] = {}
    statement = select(Indicator).options(joinedload(Indicator.policy_code))
    for row in db.session.scalars(statement.order_by(Indicator.id)):
        for name in {row.public_id, row.key, fold(row.label)}:
            known.setdefault(name, []).append(row)
    names = batch.values["indicator"]
    for place, text in enumerate(names):
        if not isinstance(text, str):
            continue
        found = known.get(text) or known.get(fold(text)) or []
        wanted = batch.get("policy_code", place)
        if isinstance(wanted, str) and len(found) > 1:
            found = [row for row in found if _has_code(row.policy_code, wanted)]
        names[place] = found[0] if len(found) == 1 else None
        if len(found) != 1:
            batch.refuse(
                place, "indicator", _("指標「%(text)s」が 1 つに決まりません。", text=text)
            )
    batch.values.pop("policy_code", None)
    approximate = batch.values.setdefault("approximate", [None] * len(batch))
    batch.raw.setdefault("approximate", [""] * len(batch))
    for place, notes in batch.notes.items():
        if any(entry.column == "value" for entry in notes) and approximate[place] is None:
            approximate[place] = True


def _has_code(row: PolicyCode, wanted: str) -> bool:
    return wanted in (row.code, f"{row.plan}/{row.code}")


def _finds(batch: Batch, place: int) -> Reading | None:
    statement = select(Reading).where(
        Reading.indicator_id == batch.get("indicator", place).id,
        Reading.period == batch.get("period", place),
    )
    return db.session.scalar(statement)


def _complete(values: dict[str, Any], context: Context) -> None:
    values["fiscal_year"] = parse_period(values["period"]).fiscal_year.year
    values["recorded_by_id"] = context.viewer.user_id


def _checks(values: Mapping[str, Any], _context: Context) -> None:
    """The period is of the indicator's sort; a new period brings its fiscal year with it."""
    row: Indicator = values["indicator"]
    if parse_period(values["period"]).type is not row.period_type:
        raise DomainError(_("期間の種類が、指標と合いません。"), field="period")
    if row.measure:
        raise DomainError(_("この指標は記録から数えます。値は取り込めません。"), field="indicator")


PLAIN = Plain(
    model=Reading,
    word="reading",
    columns=("indicator", "period", "value", "approximate", "note", "source"),
    finds=_finds,
    label=lambda batch, place: f"{batch.text('indicator', place)} {batch.text('period', place)}",
    prepare=_prepare,
    checks=_checks,
    saves=lambda row: setattr(row, "fiscal_year", parse_period(row.period).fiscal_year.year),
    complete=_complete,
    identity=lambda batch, place: (
        getattr(batch.get("indicator", place), "id", None),
        batch.get("period", place),
    ),
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The readings by policy code and period; those of indicators that are not public for those
    who read reports."""
    statement = (
        select(Reading)
        .join(Reading.indicator)
        .join(Indicator.policy_code)
        .options(joinedload(Reading.indicator).joinedload(Indicator.policy_code))
        .order_by(PolicyCode.plan, PolicyCode.code, Indicator.position, Reading.period, Reading.id)
    )
    return statement if viewer.is_staff else statement.where(Indicator.is_public)


def values(found: Sequence[Reading], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each; figures without needless zeros."""
    return [
        {
            "id": row.public_id,
            "indicator": row.indicator,
            "policy_code": row.indicator.policy_code,
            "period": row.period,
            "value": Decimal(row.value).normalize(),
            "approximate": row.approximate,
            "note": row.note,
            "source": row.source,
            "label": row.indicator.label,
            "unit": row.indicator.unit,
        }
        for row in found
    ]


KIND = Kind(
    code="readings",
    title=lambda: str(_l("指標値")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("readings",),
    list_endpoint="policy.index",
    page_endpoint="policy.index",
    reads_permission="exchange.import",
)
