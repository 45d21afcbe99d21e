"""Support programs: public, in the order of the policy tree."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Moment, Record, SearchQuery
from registry.api.operations import Resource, Tag
from registry.api.v1.shared import Named, changed_since, named
from registry.common.viewer import Viewer
from registry.programs.models import Program, ProgramState, Shape
from registry.programs.queries import ProgramFilter, get_program
from registry.programs.queries import programs as found_programs


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
    state: ProgramState
    operator: Named | None = Field(description="実施 / Who runs it")
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


def show(row: Program, _viewer: Viewer) -> ProgramRecord:
    """The program."""
    operator = row.operator_organization
    names = ("key", "title", "title_en", "summary", "summary_en", "shape", "state", "source")
    return ProgramRecord(
        id=row.public_id,
        policy_code=row.policy_code.code if row.policy_code else None,
        operator=named(operator) if operator and operator.is_approved else None,
        updated_at=row.updated_at,
        **{name: getattr(row, name) for name in names},
    )


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
