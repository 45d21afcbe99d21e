"""Cases (マッチング): for staff the whole, for a member the cases in which it was asked."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, exists, or_

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, SearchQuery, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, FLAG, Text
from registry.api.v1.case_records import CaseRecord, show
from registry.api.v1.shared import coordinator_meant, program_meant, wanted
from registry.cases import progress, service
from registry.cases.models import Case, CloseReason, Party, Rung, Stage, StageChange
from registry.cases.outcome_models import ContractKind, SalesBand
from registry.cases.outcomes import MOST, OutcomeWish, record_outcome
from registry.cases.queries import CaseFilter, get_case
from registry.cases.queries import cases as found_cases
from registry.common import calendar
from registry.common.viewer import Viewer
from registry.listings.queries import get_listing
from registry.suggestions.models import DecisionKind
from registry.suggestions.service import decide


class NewCase(Body):
    """Opening a case of a need and a seed."""

    need: Id = Field(description="ニーズの公開 ID / Need's public id")
    seed: Id = Field(description="シーズの公開 ID / Seed's public id")
    title: Annotated[str, Text(120)] = Field("", description="件名。空ならニーズの件名 / Title")
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")


class CaseBody(Body):
    """The words, the charge and the next step of a case."""

    title: Annotated[str, Text(120, needed=True)] = Field(description="件名 / Title")
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")
    blind_summary_need: Annotated[str, Text(500, lines=True)] = Field(
        "", description="ニーズ側の紹介文 / What the seed's side reads before consent"
    )
    blind_summary_seed: Annotated[str, Text(500, lines=True)] = Field(
        "", description="シーズ側の紹介文 / What the need's side reads before consent"
    )
    next_step: Annotated[str, Text(200)] = Field("", description="次の一手 / Next step")
    next_due: Annotated[date, DAY] | None = Field(None, description="その期限 / Until when")


class StageBody(Body):
    """The stage that a case has come to."""

    stage: Stage = Field(description="段階 / Stage")
    on: Annotated[date, DAY] = Field(description="その段階になった日 / Day")
    evidence: Annotated[str, Text(500)] = Field("", description="根拠 / What shows it")


class OutcomeBody(Body):
    """A rung of the ladder that was reached."""

    rung: Rung = Field(description="成果 / Rung")
    on: Annotated[date, DAY] = Field(description="日付 / Day")
    detail: Annotated[str, Text(4000, lines=True)] = Field(
        "", description="内容 / Words, for staff"
    )
    contract_kind: ContractKind | None = Field(
        None, description="契約の種類（agreement・contract） / Kind of contract"
    )
    amount_yen: Annotated[int, Field(ge=1, lt=10**14)] | None = Field(
        None, description="契約の金額（contract） / Amount in yen"
    )
    name: Annotated[str, Text(120)] = Field(
        "", description="製品・試作品・媒体の名称 / Name of product, prototype or medium"
    )
    is_public: bool = Field(False, description="製品の名称を公にしてよい / Name may be told")
    sales_band: SalesBand | None = Field(
        None, description="一年の売上の幅（sales） / Sales of a year as a band"
    )
    number: Annotated[int, Field(ge=1, le=MOST)] | None = Field(
        None, description="人数・件数（jobs・patent） / Jobs or patents"
    )
    application: Annotated[str, Text(60)] = Field("", description="出願番号 / Application number")
    link: Annotated[str, Text(300)] = Field(
        "", description="記事のアドレス / Address of the report"
    )


class NoteBody(Body):
    """A private note of the office."""

    text: Annotated[str, Text(4000, needed=True, lines=True)] = Field(
        description="庁内メモ / Note, for staff"
    )


class CloseBody(Body):
    """Why a case ends."""

    reason: CloseReason = Field(description="理由 / Reason")
    note: Annotated[str, Text(4000, lines=True)] = Field("", description="事情 / Words, for staff")
    on: Annotated[date, DAY] | None = Field(
        None, description="閉じた日。null は今日 / Day; null: today"
    )


class CaseQuery(SearchQuery):
    """Cases, narrowed."""

    stage: Stage | None = Field(None, description="段階 / Stage", strict=False)
    open: Annotated[bool, FLAG] | None = Field(None, description="進行中か / Whether open")
    coordinator: Id | None = Field(None, description="担当の公開 ID / Coordinator's public id")
    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")


def find(query: CaseQuery, viewer: Viewer) -> Select[Case]:
    """The list's statement. What only staff know narrows nothing for others."""
    inside = viewer.is_staff
    asked = CaseFilter(
        stage=query.stage,
        coordinator=query.coordinator or "" if inside else "",
        program=query.program or "" if inside else "",
        is_open=query.open,
        text=query.q,
    )
    statement = found_cases(asked, viewer)
    if query.modified_after is None:
        return statement
    after = query.modified_after
    party = exists().where(Party.case_id == Case.id, Party.updated_at > after)
    if inside:
        changed = or_(Case.updated_at > after, party)
    else:
        moved = exists().where(StageChange.case_id == Case.id, StageChange.at > after)
        changed = or_(party.where(Party.organization_id == viewer.organization_id), moved)
    return statement.where(changed).order_by(None).order_by(Case.id)


def get(viewer: Viewer, case_id: str) -> Case:
    """One case."""
    return get_case(case_id, viewer)


def version(row: Case, viewer: Viewer) -> int:
    """Its version; a party does not learn how often the office wrote."""
    return row.version if viewer.is_staff else 0


def create(body: NewCase, viewer: Viewer) -> Case:
    """Open a case; the pair counts as accepted, as on the page."""
    need = wanted(get_listing, body.need, viewer, "need")
    seed = wanted(get_listing, body.seed, viewer, "seed")
    today = calendar.today()
    case = service.open_case(
        need,
        seed,
        program=program_meant(body.program, viewer),
        coordinator=coordinator_meant(body.coordinator),
        title=body.title,
        today=today,
        viewer=viewer,
    )
    decide(need, seed, kind=DecisionKind.ACCEPTED, today=today, viewer=viewer)
    return case


def change(row: Case, body: Any, version: int | None, viewer: Viewer) -> None:
    """Change what was sent; the next step last, since it is a change of its own."""
    given = body.given()
    words = {name: value for name, value in given.items() if not name.startswith("next_")}
    if words:
        service.edit_case(row, _edited(row, words, viewer), version=version, viewer=viewer)
        version = None
    if len(words) < len(given):
        service.set_next_step(
            row,
            text=given.get("next_step", row.next_step),
            due=given.get("next_due", row.next_due),
            version=version,
            viewer=viewer,
        )


def _edited(row: Case, words: dict[str, Any], viewer: Viewer) -> service.EditCase:
    program, coordinator = row.program, row.coordinator
    if "program" in words:
        program = program_meant(words["program"], viewer)
    if "coordinator" in words:
        coordinator = coordinator_meant(words["coordinator"])
    return service.EditCase(
        title=words.get("title", row.title),
        program=program,
        coordinator=coordinator,
        blind_summary_need=words.get("blind_summary_need", row.blind_summary_need),
        blind_summary_seed=words.get("blind_summary_seed", row.blind_summary_seed),
    )


def move(row: Case, body: StageBody, viewer: Viewer) -> None:
    """Move to a stage."""
    today = calendar.today()
    progress.change_stage(
        row, body.stage, on=body.on, evidence=body.evidence, today=today, viewer=viewer
    )


def outcome(row: Case, body: OutcomeBody, viewer: Viewer) -> None:
    """Write down a rung."""
    today = calendar.today()
    wish = OutcomeWish(**{name: getattr(body, name) for name in OutcomeWish.__dataclass_fields__})
    record_outcome(row, wish, today=today, viewer=viewer)


def close(row: Case, body: CloseBody, viewer: Viewer) -> None:
    """End it."""
    today = calendar.today()
    progress.close_case(
        row, reason=body.reason, note=body.note, on=body.on, today=today, viewer=viewer
    )


cases = Resource(
    name="cases",
    path="/cases",
    key="case_id",
    tag=Tag("cases", "マッチング / Cases"),
    words="マッチング / cases",
    record=CaseRecord,
    show=show,
    get=get,
    read=Scope.CASES_READ,
    write=Scope.CASES_WRITE,
    version=version,
)
cases.lists(CaseQuery, find)
cases.gets()
cases.creates(NewCase, create)
cases.changes(patch_of(CaseBody, "CasePatch"), change)
cases.steps("move", StageBody, move, "段階を進める / Move to a stage")
cases.steps("record-outcome", OutcomeBody, outcome, "成果を記録する / Record an outcome")
cases.steps(
    "write-note",
    NoteBody,
    lambda row, body, viewer: service.add_note(row, text=body.text, viewer=viewer),
    "庁内メモを書く / Write a private note",
)
cases.steps("close", CloseBody, close, "閉じる / Close")
