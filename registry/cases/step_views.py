"""The next step and the private notes of a case."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import service
from registry.cases.forms import NextStepForm, NoteForm
from registry.cases.queries import get_case
from registry.cases.views import address_of
from registry.common import calendar
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("case_steps", __name__)


@bp.route("/cases/<public_id>/next-step", methods=["GET", "POST"])
@allow("cases.work")
def write(public_id: str) -> ResponseReturnValue:
    """Write what comes next in a case."""
    case = get_case(public_id, viewer())
    form = NextStepForm(
        data={"next_step": case.next_step, "next_due": case.next_due, "version": case.version}
    )
    response = submit(
        form,
        lambda: service.set_next_step(
            case,
            text=form.next_step.data or "",
            due=form.next_due.data,
            version=form.version.data,
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("次の一手を書きました。"),
    )
    return response or render_template("cases/next_step.html", form=form, case=case)


@bp.post("/cases/<public_id>/next-step/done")
@allow("cases.work")
def done(public_id: str) -> ResponseReturnValue:
    """Mark the next step of a case as done."""
    case = get_case(public_id, viewer())
    return press(
        lambda: service.finish_step(
            case,
            seen=request.form.get("step"),
            today=calendar.today(),
            viewer=viewer(),
        ),
        back=address_of(case),
        message=_("次の一手を済みにしました。経過に残っています。"),
    )


@bp.route("/cases/<public_id>/notes/new", methods=["GET", "POST"])
@allow("cases.work")
def note(public_id: str) -> ResponseReturnValue:
    """Write a private note of the office."""
    case = get_case(public_id, viewer())
    form = NoteForm()
    response = submit(
        form,
        lambda: service.add_note(case, text=form.text.data or "", viewer=viewer()),
        then=lambda _result: address_of(case),
        message=_("メモを書きました。"),
    )
    return response or render_template("cases/note.html", form=form, case=case)
