"""Writing calls and leading them through their life."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.programs.call_queries import count_applications
from registry.programs.call_status import STEPS
from registry.programs.kinds import CallState, ProgramState
from registry.programs.models import Call, Program
from registry.programs.questions import define, refuse_changes
from registry.programs.service import refuse_others


@dataclass(frozen=True)
class CallWish:
    """What is written about a call. Budget in yen; `questions` as the editor's rows."""

    title: str
    fiscal_year: FiscalYear
    opens_on: date
    closes_on: date | None = None
    title_en: str = ""
    budget_yen: int | None = None
    places: int | None = None
    note: str = ""
    questions: Iterable[Mapping[str, Any]] = field(default=())

    def values(self) -> dict[str, Any]:
        """The columns of a call, without its questions."""
        names = ("title", "title_en", "opens_on", "closes_on", "budget_yen", "places", "note")
        return {
            **{name: getattr(self, name) for name in names},
            "fiscal_year": self.fiscal_year.year,
        }


def create_call(program: Program, wish: CallWish, *, viewer: Viewer) -> Call:
    """Make a draft of a call. Raises DomainError at its field, and for a program that takes nobody
    new."""
    refuse_others(program, viewer)
    if program.state in (ProgramState.CLOSED_TO_NEW, ProgramState.ENDED):
        raise DomainError(_("新規の受付を終えた制度では、募集できません。"))
    _check(wish)
    call = Call(
        program_id=program.id,
        state=CallState.DRAFT,
        questions=define(wish.questions),
        **wish.values(),
    )
    db.session.add(call)
    db.session.flush()
    record(
        actor=viewer,
        action="call.created",
        subject=f"call:{call.public_id}",
        changes={"program": (None, program.public_id), "title": (None, call.title)},
    )
    return call


def change_call(call: Call, wish: CallWish, *, version: int | None, viewer: Viewer) -> None:
    """Write a call anew. Raises Conflict when somebody changed it after `version`."""
    refuse_others(call.program, viewer)
    db.session.refresh(call, with_for_update=True)
    if version is not None and version != call.version:
        raise _conflict(call)
    _check(wish)
    questions = define(wish.questions, call.questions)
    if count_applications([call])[call.id]:
        refuse_changes(call.questions, questions)
    changes = apply(call, {**wish.values(), "questions": questions})
    if "questions" in changes:
        changes["questions"] = (len(changes["questions"][0]), len(questions))  # type: ignore[arg-type]
    db.session.flush()
    if changes:
        record(
            actor=viewer, action="call.changed", subject=f"call:{call.public_id}", changes=changes
        )


def set_state(call: Call, state: CallState, *, viewer: Viewer) -> None:
    """Take a step of a call's life, or take it back. Raises DomainError for one that does not
    follow; a call that somebody answered cannot become a draft again."""
    refuse_others(call.program, viewer)
    db.session.refresh(call, with_for_update=True)
    if state is call.state:
        return
    if state not in STEPS[call.state]:
        raise DomainError(_("いまの状態からは、この変更はできません。画面を開き直してください。"))
    if state is CallState.OPEN and call.program.state is not ProgramState.ACTIVE:
        raise DomainError(_("制度を公開してから、募集を公開してください。"))
    if state is CallState.DRAFT and count_applications([call])[call.id]:
        raise DomainError(_("申込があるので、下書きには戻せません。締め切ることはできます。"))
    before, call.state = call.state, state
    db.session.flush()
    record(
        actor=viewer,
        action="call.state",
        subject=f"call:{call.public_id}",
        changes={"state": (before, state)},
    )


def _check(wish: CallWish) -> None:
    if wish.closes_on is not None and wish.closes_on < wish.opens_on:
        raise DomainError(_("締切の日を、募集を始める日より後にしてください。"), field="closes_on")
    if wish.places == 0:
        raise DomainError(_("採択の数は、1 以上にしてください。"), field="places")


def _conflict(call: Call) -> Conflict:
    closes, budget, places = call.closes_on, call.budget_yen, call.places
    return Conflict(
        _("この募集は、開いてからの間に、ほかの人が変更しました。"),
        version=call.version,
        fields=(
            ConflictField("title", _("募集の名前"), call.title),
            ConflictField("title_en", _("募集の名前（英語）"), call.title_en),
            ConflictField("fiscal_year", _("年度"), str(call.fiscal_year)),
            ConflictField("opens_on", _("募集を始める日"), call.opens_on.isoformat()),
            ConflictField("closes_on", _("締切の日"), closes.isoformat() if closes else ""),
            ConflictField("budget_yen", _("予算（円）"), "" if budget is None else str(budget)),
            ConflictField("places", _("採択の予定数"), "" if places is None else str(places)),
            ConflictField("note", _("募集の説明"), call.note),
        ),
    )
