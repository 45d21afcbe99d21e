"""Pages on which programs are made, written anew, confirmed, and led through their life."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import transaction
from registry.programs import labels, writing
from registry.programs.kinds import ProgramState
from registry.programs.life import missing
from registry.programs.models import Program
from registry.programs.preview import preview_of
from registry.programs.program_answers import offer, stored, wish_of
from registry.programs.program_forms import GROUPS, SHORT, ProgramEditForm, ProgramForm
from registry.programs.queries import get_program
from registry.programs.service import refuse_others
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("program_writing", __name__)


@bp.route("/programs/new", methods=["GET", "POST"])
@allow("programs.write")
def create() -> ResponseReturnValue:
    """A new program: it begins as a draft."""
    form = ProgramForm()
    offer(form, None, viewer())
    if _is_plain_submit() and (
        response := submit(
            form,
            lambda: writing.create_program(wish_of(form, viewer()), viewer=viewer()),
            then=lambda row: url_for("programs.show", public_id=row.public_id),
            message=_("下書きを作りました。内容を確かめて、公開してください。"),
        )
    ):
        return response
    return _page(form, None)


@bp.route("/programs/<public_id>/edit", methods=["GET", "POST"])
@allow("programs.operate")
def edit(public_id: str) -> ResponseReturnValue:
    """Write a program anew."""
    program = get_program(public_id, viewer())
    refuse_others(program, viewer())
    form = ProgramEditForm(data=stored(program))
    form.stored = stored(program)
    offer(form, program, viewer())
    if _is_plain_submit() and (
        response := submit(
            form,
            lambda: writing.change_program(
                program, wish_of(form, viewer()), version=form.version.data, viewer=viewer()
            ),
            then=lambda _nothing: url_for("programs.show", public_id=public_id),
            message=_("変更しました。"),
        )
    ):
        return response
    return _page(form, program)


@bp.post("/programs/<public_id>/state")
@allow("programs.operate")
def set_state(public_id: str) -> ResponseReturnValue:
    """Publish, close to new ones, end, or take such a step back."""
    program = get_program(public_id, viewer())
    state = next((s for s in ProgramState if s.value == request.form.get("state")), program.state)
    before = program.state
    return _carry_out(
        program,
        lambda: writing.set_state(program, state, viewer=viewer()),
        _(
            "「%(before)s」から「%(after)s」にしました。元に戻すときは、同じ場所のボタンを使います。",
            before=labels.STATES[before],
            after=labels.STATES[state],
        ),
    )


@bp.post("/programs/<public_id>/confirm")
@allow("programs.operate")
def confirm(public_id: str) -> ResponseReturnValue:
    """What stands about the program is right."""
    program = get_program(public_id, viewer())
    return _carry_out(
        program,
        lambda: writing.confirm(program, today=calendar.today(), viewer=viewer()),
        _("内容を確認したことを記録しました。"),
    )


def _carry_out(program: Program, action: object, done: str) -> ResponseReturnValue:
    public_id = program.public_id
    try:
        with transaction():
            action()  # type: ignore[operator]
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        flash(str(error.message), "error")
    else:
        flash(done, "done")
    return redirect(url_for("programs.show", public_id=public_id), 303)


def _is_plain_submit() -> bool:
    """Not the button that only shows a preview."""
    return request.form.get("do") != "preview"


def _page(form: ProgramForm, program: Program | None) -> str:
    asked = request.method == "POST" and not _is_plain_submit()
    return render_template(
        "programs/program_form.html",
        form=form,
        program=program,
        groups=GROUPS,
        short=SHORT,
        lacks=missing(program) if program and program.state is not ProgramState.DRAFT else (),
        labels=labels,
        preview=_preview(form, viewer()) if asked and form.validate() else None,
    )


def _preview(form: ProgramForm, seen_by: Viewer) -> object:
    """The program as it would read, stored nowhere; None when a field cannot be understood."""
    try:
        return preview_of(wish_of(form, seen_by))
    except DomainError as error:
        form.refuse(error.message, error.field)
        return None
