"""Support programs: public, in the order of the policy tree."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Moment, Part, Record, SearchQuery
from registry.api.operations import Resource, Tag
from registry.api.v1.shared import Named, changed_since, named
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.programs.kinds import ConditionKind
from registry.programs.models import Program, ProgramState, Shape
from registry.programs.queries import ProgramFilter, get_program
from registry.programs.queries import programs as found_programs


class ConditionPart(Part):
    """A condition that answers yes, no or unknown; `limits` says where it ends."""

    kind: ConditionKind
    limits: dict[str, int | str | list[str]]
    rule: str = Field(description="条件のことば / The condition in words")
    rule_en: str


class ProgramRecord(Record):
    """One support program."""

    id: str = Field(description="公開 ID / Public id")
    key: str = Field(description="変わらない名前 / Stable key")
    title: str
    title_en: str
    summary: str
    summary_en: str
    policy_code: str | None = Field(description="施策の番号 / Policy code")
    shape: Shape = Field(description="かたち / Shape")
    further_shapes: list[str] = Field(description="ほかのかたち / Further shapes")
    state: ProgramState
    operator: Named | None = Field(description="実施 / Who runs it")
    subtitle: str
    number: str = Field(description="制度の番号 / Number of the program")
    origin: Named | None = Field(description="元の制度 / The program it comes from")
    legal_basis: str = Field(description="根拠 / Legal basis")
    contact: str = Field(description="問い合わせ先 / Whom to ask")
    content: str
    content_en: str
    audience: str = Field(description="対象 / For whom")
    purpose: str = Field(description="対象事業 / For what")
    benefit_max_yen: int | None = Field(description="補助の上限（円） / Most that is granted, yen")
    rate_max_percent: float | None = Field(description="補助率の上限（%） / Highest share, percent")
    loan_max_yen: int | None = Field(description="融資の上限（円） / Highest loan, yen")
    interest_max_percent: float | None = Field(description="利率の上限（%） / Highest interest")
    repayment: str = Field(description="返済 / Repayment")
    costs: str = Field(description="費用 / What it costs")
    has_budget_limit: bool | None = Field(description="予算に限りがある / Limited by a budget")
    how_to_apply: str
    season: str = Field(description="募集の時期 / When it is open")
    documents: str = Field(description="要る書類 / What is handed in")
    is_online: bool | None = Field(description="オンラインで申し込める / Applied for online")
    website: str
    areas: list[str] = Field(description="市区町村コード / Municipality codes")
    industries: list[str] = Field(description="業種の符号 / Codes of industries")
    stages: list[str] = Field(description="事業の段階 / Stages of business")
    troubles: list[str] = Field(description="困りごと / What troubles it answers")
    service_kinds: list[str] = Field(description="サービスの種類 / Kinds of service")
    keywords: list[str]
    conditions: list[ConditionPart] = Field(description="対象者の条件 / Conditions for taking part")
    started: str
    ended: str
    confirmed_on: str | None = Field(
        description="中身を確かめた日 / Day on which it was last checked",
        json_schema_extra={"format": "date"},
    )
    source: str = Field(description="出典 / Source")
    updated_at: Moment


class ProgramQuery(SearchQuery):
    """Programs, narrowed."""

    policy: Annotated[str, Field(pattern=r"^[0-9]{1,2}(-[0-9]{1,2}){0,2}$")] | None = Field(
        None,
        description="施策の番号（下位を含む） / Policy code with those below",
        examples=["3-3"],
    )
    shape: Shape | None = Field(None, description="かたち / Shape", strict=False)
    state: ProgramState | None = Field(None, description="状態 / State", strict=False)


TOLD_ELSEWHERE = {"id", "policy_code", "operator", "origin", "conditions", "confirmed_on"}
SAME = tuple(name for name in ProgramRecord.model_fields if name not in TOLD_ELSEWHERE)
"""What stands in a record under the name that it has in the registry."""


def show(row: Program, viewer: Viewer) -> ProgramRecord:
    """The program; one that it comes from only where the reader may see it."""
    operator = row.operator_organization
    return ProgramRecord(
        id=row.public_id,
        policy_code=row.policy_code.code if row.policy_code else None,
        operator=named(operator) if operator and operator.is_approved else None,
        origin=_origin(row.origin, viewer) if row.origin else None,
        conditions=[
            ConditionPart(kind=one.kind, limits=one.limits, rule=one.rule, rule_en=one.rule_en)
            for one in row.conditions
        ],
        confirmed_on=row.confirmed_on.isoformat() if row.confirmed_on else None,
        **{name: getattr(row, name) for name in SAME},
    )


def _origin(program: Program, viewer: Viewer) -> Named | None:
    try:
        found = get_program(program.public_id, viewer)
    except NotFound:
        return None
    return Named(id=found.public_id, name=found.title)


def find(query: ProgramQuery, viewer: Viewer) -> Select[Program]:
    """The list's statement."""
    asked = ProgramFilter(
        text=query.q, policy=query.policy or "", shape=query.shape, state=query.state
    )
    return changed_since(found_programs(asked, viewer), Program, query.modified_after)


def get(viewer: Viewer, program_id: str) -> Program:
    """One program."""
    return get_program(program_id, viewer)


programs = Resource(
    name="programs",
    path="/programs",
    key="program_id",
    tag=Tag("programs", "支援制度 / Support programs"),
    words="支援制度 / support programs",
    record=ProgramRecord,
    show=show,
    get=get,
    read=Scope.PROGRAMS_READ,
)
programs.lists(ProgramQuery, find)
programs.gets()
