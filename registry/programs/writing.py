"""Writing programs: making, changing, confirming them, and the steps of their life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, new_public_id
from registry.policy.models import CrossTag
from registry.programs.life import STEPS, missing
from registry.programs.models import Program, ProgramOperator, ProgramState
from registry.programs.rules import check
from registry.programs.search import refresh
from registry.programs.service import refuse_others

LABELS = {
    "title": lambda: _("制度の名前"),
    "summary": lambda: _("概要"),
    "content": lambda: _("内容"),
    "contact": lambda: _("お問い合わせ先"),
}


@dataclass(frozen=True)
class ProgramWish:
    """What is written about a program: columns by name, its tags, and who runs it (None: as it
    is)."""

    values: Mapping[str, Any]
    tags: tuple[CrossTag, ...] = ()
    operators: tuple[User, ...] | None = None


def create_program(wish: ProgramWish, *, viewer: Viewer) -> Program:
    """Make a draft. Raises NotAllowed for anybody but staff, DomainError at its field."""
    if not viewer.is_staff:
        raise NotAllowed(_("新しい制度を作れるのは、事務局です。"))
    check(wish.values)
    values = {"key": f"p-{new_public_id()[:13]}", **wish.values}
    if db.session.scalar(select(Program.id).where(Program.key == values["key"])):
        raise DomainError(_("このキーは、ほかの制度が使っています。"), field="key")
    program = Program(state=ProgramState.DRAFT, **values)
    program.tags = list(wish.tags)
    db.session.add(program)
    db.session.flush()
    refresh(program)
    _set_operators(program, wish.operators)
    record(
        actor=viewer,
        action="program.created",
        subject=f"program:{program.public_id}",
        changes={name: (None, value) for name, value in _told(wish.values).items()},
    )
    return program


def change_program(
    program: Program, wish: ProgramWish, *, version: int | None, viewer: Viewer
) -> None:
    """Write a program anew. Raises Conflict when somebody changed it after `version`, DomainError
    when a published one would lose what it must say."""
    refuse_others(program, viewer)
    db.session.refresh(program, with_for_update=True)
    if version is not None and version != program.version:
        raise _conflict(program)
    check(wish.values, program)
    before = _told({name: getattr(program, name) for name in wish.values})
    apply(program, wish.values)
    after = _told(wish.values)
    tags = ([tag.id for tag in program.tags], [tag.id for tag in wish.tags])
    if tags[0] != tags[1]:
        program.tags = list(wish.tags)
    db.session.flush()
    db.session.expire(program, ["policy_code", "origin", "operator_organization"])
    refresh(program)
    changes = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    changes["tags"] = tags
    changes["operators"] = _set_operators(program, wish.operators if viewer.is_staff else None)
    db.session.flush()
    record(
        actor=viewer,
        action="program.changed",
        subject=f"program:{program.public_id}",
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
    )


def set_state(program: Program, state: ProgramState, *, viewer: Viewer) -> None:
    """Take a step of the program's life. Raises DomainError for one that does not follow, and for
    publishing without what must be said."""
    refuse_others(program, viewer)
    db.session.refresh(program, with_for_update=True)
    if state is program.state:
        return
    if state not in STEPS[program.state]:
        raise DomainError(_("いまの状態からは、この変更はできません。画面を開き直してください。"))
    if program.state is ProgramState.DRAFT and (lacks := missing(program)):
        words = "、".join(LABELS[name]() for name in lacks)
        raise DomainError(_("公開する前に、%(what)s を書いてください。", what=words))
    before, program.state = program.state, state
    db.session.flush()
    record(
        actor=viewer,
        action="program.state",
        subject=f"program:{program.public_id}",
        changes={"state": (before, state)},
    )


def confirm(program: Program, *, today: date, viewer: Viewer) -> None:
    """Say that what stands about the program is right today."""
    refuse_others(program, viewer)
    before = program.confirmed_on
    program.confirmed_on, program.confirmed_by_id = today, viewer.user_id
    db.session.flush()
    record(
        actor=viewer,
        action="program.confirmed",
        subject=f"program:{program.public_id}",
        changes={"confirmed_on": (before, today)},
    )


def _set_operators(program: Program, users: tuple[User, ...] | None) -> tuple[list[str], list[str]]:
    """Who runs the program, before and after, by public id."""
    if users is None:
        return [], []
    rows = {
        row.user_id: row
        for row in db.session.scalars(
            select(ProgramOperator).where(ProgramOperator.program_id == program.id)
        )
    }
    before = sorted(row.user.public_id for row in rows.values())
    wanted = {user.id for user in users}
    for number, row in rows.items():
        if number not in wanted:
            db.session.delete(row)
    for number in sorted(wanted - set(rows)):
        db.session.add(ProgramOperator(program_id=program.id, user_id=number))
    return before, sorted(user.public_id for user in users)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the log tells them: references by name, nothing that is empty."""
    told = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    for name in ("policy_code_id", "origin_id", "operator_organization_id"):
        told.pop(name, None)
    return told


def _conflict(program: Program) -> Conflict:
    names = {
        "title": _("制度の名前"),
        "summary": _("概要"),
        "content": _("内容"),
        "audience": _("対象者"),
        "how_to_apply": _("申請・届出の方法"),
        "season": _("募集の時期"),
        "documents": _("手続の書類"),
        "contact": _("お問い合わせ先"),
    }
    return Conflict(
        _("この制度は、開いてからの間に、ほかの人が変更しました。"),
        version=program.version,
        fields=tuple(
            ConflictField(name, label, str(getattr(program, name))) for name, label in names.items()
        ),
    )
