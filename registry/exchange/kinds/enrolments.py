"""The table of enrolments (申込・採択・認定): what organizations have in programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from registry.common.errors import DomainError
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange import cells
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.kinds.encounter_columns import name_cell
from registry.exchange.kinds.organizations import first_word
from registry.exchange.references import resolve_organizations, resolve_programs
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict
from registry.organizations.names import clean_line
from registry.programs import service
from registry.programs.application_queries import ApplicationFilter
from registry.programs.models import Enrolment, EnrolmentResult
from registry.programs.queries import enrolments_operated, enrolments_visible_to

RESULTS = {
    EnrolmentResult.AWARDED: ("採択", "交付決定", "交付", "Awarded"),
    EnrolmentResult.CERTIFIED: ("認定", "Certified"),
    EnrolmentResult.SELECTED: ("選定", "選考通過", "Selected"),
    EnrolmentResult.PRIZE: ("受賞", "入賞", "Prize"),
    EnrolmentResult.JOINT_PROJECT: ("共同の取組", "共同研究", "共同開発", "Joint project"),
    EnrolmentResult.MEMBER: ("参加", "会員", "加入", "Member"),
}


def year_cell(year: Any) -> str:
    """2016年度; empty for none."""
    return FiscalYear(int(year)).label_western if year else ""


COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column(
        "program",
        "支援制度",
        clean_line,
        ("制度", "制度名", "事業名", "補助金名", "事業"),
        required=True,
        writes=name_cell,
    ),
    Column(
        "organization",
        "企業・団体",
        clean_line,
        (
            "企業名",
            "会社名",
            "団体名",
            "事業者名",
            "申請者",
            "採択者",
            "交付先",
            "補助事業者",
            "認定企業",
        ),
        writes=name_cell,
    ),
    Column("organization_number", "法人番号", cells.corporate_number, ("法人番号13桁",)),
    Column(
        "fiscal_year",
        "年度",
        cells.fiscal_year,
        ("事業年度", "採択年度", "認定年度"),
        writes=year_cell,
    ),
    Column(
        "result",
        "結果",
        cells.choice(RESULTS),
        ("区分", "採否", "種別"),
        required=True,
        writes=first_word(RESULTS),
    ),
    Column(
        "project",
        "事業の名前",
        cells.at_most(200, clean_line),
        ("テーマ", "事業計画名", "プロジェクト名", "製品名", "研究テーマ", "取組"),
    ),
    Column("role", "役割", cells.at_most(120, clean_line)),
    Column(
        "decided_on",
        "決定の日",
        cells.day,
        ("決定日", "採択日", "認定日", "交付決定日"),
        cell="date",
    ),
    Column(
        "amount_yen",
        "金額（円）",
        cells.yen(),
        ("金額", "交付額", "補助額", "交付決定額", "補助金額"),
        money=True,
        cell="integer",
    ),
)


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Put the rows to the programs room's service."""
    return run_rows(batch, context, RULES)


def _prepare(batch: Batch, context: Context) -> None:
    resolve_programs(batch)
    resolve_organizations(batch, context.viewer, "organization", number_key="organization_number")
    batch.values.pop("organization_number", None)


def _find(batch: Batch, place: int, context: Context) -> Enrolment | None:
    if public_id := batch.get("id", place):
        row = db.session.scalar(select(Enrolment).where(Enrolment.public_id == public_id))
        if row is not None:
            return row
    owner = batch.get("organization", place)
    if owner is None:
        raise DomainError(_("企業・団体を入力してください。"), field="organization")
    same = select(Enrolment).where(
        Enrolment.program_id == batch.get("program", place).id,
        Enrolment.organization_id == owner.id,
        Enrolment.fiscal_year.is_(None)
        if batch.get("fiscal_year", place) is None
        else Enrolment.fiscal_year == batch.get("fiscal_year", place),
        Enrolment.project == (batch.get("project", place) or ""),
    )
    return db.session.scalar(same.order_by(Enrolment.id).limit(1))


def stored(row: Enrolment) -> dict[str, Any]:
    """What is stored of an enrolment, by column."""
    return {
        "program": row.program,
        "organization": row.organization,
        "fiscal_year": row.fiscal_year,
        "result": row.result,
        "project": row.project,
        "role": row.role,
        "decided_on": row.decided_on,
        "amount_yen": row.amount_yen,
    }


def _record(values: Mapping[str, Any], row: Enrolment | None = None) -> Any:
    """The room's command; what a file has no column for stays as it is stored."""
    known = service.EnrolmentRecord.__dataclass_fields__
    columns = {column.key for column in COLUMNS}
    kept = {
        name: getattr(row, name)
        for name in known
        if row is not None and name not in columns and hasattr(row, name)
    }
    year = values.get("fiscal_year")
    given = {
        name: value
        for name, value in values.items()
        if name in known and (value is not None or name not in ("project", "role"))
    }
    return service.EnrolmentRecord(
        **{**kept, **given, "fiscal_year": FiscalYear(year) if year else None}
    )


def _create(values: Mapping[str, Any], context: Context) -> Enrolment:
    return service.record_enrolment(
        values["program"], _record(values), today=context.today, viewer=context.viewer
    )


def _change(
    row: Enrolment, wanted: Mapping[str, Any], changed: Mapping[str, Any], context: Context
) -> None:
    if "program" in changed:
        raise DomainError(
            _("記録の支援制度は変えられません。新しい行にしてください。"), field="program"
        )
    service.change_enrolment(
        row, _record(wanted, row), version=None, today=context.today, viewer=context.viewer
    )


def _identity(batch: Batch, place: int) -> Any:
    if public_id := batch.get("id", place):
        return public_id
    program, owner = batch.get("program", place), batch.get("organization", place)
    return (
        getattr(program, "id", None),
        getattr(owner, "id", None),
        batch.get("fiscal_year", place),
        batch.get("project", place),
    )


RULES = Rules(
    find=_find,
    stored=stored,
    create=_create,
    change=_change,
    label=lambda batch, place: (
        f"{batch.text('program', place)} {batch.text('organization', place)}"
    ),
    prepare=_prepare,
    fields={"organization_name": "organization"},
    empties={"fiscal_year": None, "decided_on": None, "amount_yen": None},
    identity=_identity,
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The enrolments on screen: those of the programs one runs, of one program, the newest first."""
    statement = (
        enrolments_operated(viewer)
        if viewer.may("programs.operate")
        else (enrolments_visible_to(viewer))
    )
    return ApplicationFilter.of(asked).narrow(statement)


def values(found: Sequence[Enrolment], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each."""
    return [
        {
            "id": row.public_id,
            "organization_number": row.organization.corporate_number or "",
            **stored(row),
        }
        for row in found
    ]


KIND = Kind(
    code="enrolments",
    title=lambda: str(_l("申込・採択")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("enrolments", "enrolment_partners"),
    list_endpoint="programs.operated",
    page_endpoint="enrolments.edit",
    reads_permission="programs.operate",
)
