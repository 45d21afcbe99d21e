"""Calls for applications (公募・募集) of support programs."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import ChangedQuery, Id, Moment, Part, Record
from registry.api.operations import Resource, Tag
from registry.api.texts import FLAG
from registry.api.v1.shared import Named, changed_since
from registry.common import calendar
from registry.common.viewer import Viewer
from registry.programs.call_queries import calls_visible_to, get_call, open_calls
from registry.programs.call_status import status_of
from registry.programs.kinds import CallState, CallStatus
from registry.programs.models import Call, Program


class QuestionPart(Part):
    """What an application is asked."""

    key: str
    label: str
    label_en: str
    type: str = Field(description="答えの種類 / Type of the answer")
    required: bool
    choices: list[str]


class CallRecord(Record):
    """One call."""

    id: str = Field(description="公開 ID / Public id")
    program: Named
    title: str
    title_en: str
    fiscal_year: int
    opens_on: str = Field(json_schema_extra={"format": "date"})
    closes_on: str | None = Field(json_schema_extra={"format": "date"})
    state: CallState
    status: CallStatus = Field(description="今日の状態 / Where it stands today")
    budget_yen: int | None
    places: int | None = Field(description="募集の数 / How many are wanted")
    questions: list[QuestionPart]
    note: str
    illustrative: bool
    source: str = Field(description="出典 / Source")
    updated_at: Moment


class CallQuery(ChangedQuery):
    """Calls, narrowed."""

    program: Id | None = Field(None, description="支援制度の公開 ID / Program's public id")
    open: Annotated[bool, FLAG] = Field(
        False, description="今日申し込めるものだけ / Only those that take applications today"
    )


def show(row: Call, _viewer: Viewer) -> CallRecord:
    """The call."""
    names = ("title", "title_en", "fiscal_year", "state", "budget_yen", "places", "note",
             "illustrative", "source", "updated_at")  # fmt: skip
    return CallRecord(
        id=row.public_id,
        program=Named(id=row.program.public_id, name=row.program.title),
        opens_on=row.opens_on.isoformat(),
        closes_on=row.closes_on.isoformat() if row.closes_on else None,
        status=status_of(row, calendar.today()),
        questions=[_question(one) for one in row.questions],
        **{name: getattr(row, name) for name in names},
    )


def _question(one: dict[str, Any]) -> QuestionPart:
    return QuestionPart(
        key=one["key"],
        label=one["label"],
        label_en=one.get("label_en") or "",
        type=str(one["type"]),
        required=bool(one.get("required")),
        choices=[str(word) for word in one.get("choices") or ()],
    )


def find(query: CallQuery, viewer: Viewer) -> Select[Call]:
    """The list's statement, the newest window first; of open ones, the one closing first first."""
    statement = open_calls(viewer, calendar.today()) if query.open else calls_visible_to(viewer)
    if query.program:
        statement = statement.where(Program.public_id == query.program)
    return changed_since(statement, Call, query.modified_after)


def get(viewer: Viewer, call_id: str) -> Call:
    """One call."""
    return get_call(call_id, viewer)


calls = Resource(
    name="calls",
    path="/calls",
    key="call_id",
    tag=Tag("calls", "公募・募集 / Calls for applications"),
    words="公募・募集 / calls for applications",
    record=CallRecord,
    show=show,
    get=get,
    read=Scope.PROGRAMS_READ,
)
calls.lists(CallQuery, find)
calls.gets()
