"""Pages of calls: the public list, one call, and its editor."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.fiscal import FiscalYear
from registry.db import transaction
from registry.programs import call_service as service
from registry.programs import labels
from registry.programs.application_queries import own_application
from registry.programs.call_forms import CallEditForm, CallForm, stored
from registry.programs.call_queries import (
    count_applications,
    get_call,
    open_calls,
    upcoming_calls,
)
from registry.programs.call_status import SOON_DAYS, days_left, status_of
from registry.programs.kinds import CallState
from registry.programs.models import Call, Program
from registry.programs.queries import get_program, may_operate
from registry.programs.service import refuse_others
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("calls", __name__)
MORE = "more"
"""The button of the editor that only adds empty rows."""


@bp.get("/calls")
@allow("programs.read")
def index() -> str:
    """The calls that are open today, the one closing first first."""
    today = calendar.today()
    return render_template(
        "programs/calls.html",
        page=paginate(open_calls(viewer(), today)),
        upcoming=upcoming_calls(viewer(), today),
        today=today,
        days_left=days_left,
        soon=SOON_DAYS,
        labels=labels,
    )


@bp.get("/calls/<public_id>")
@allow("programs.read")
def show(public_id: str) -> str:
    """One call: its window, what it asks, and the way in."""
    call, today = get_call(public_id, viewer()), calendar.today()
    operates = viewer().may("programs.operate") and may_operate(call.program, viewer())
    return render_template(
        "programs/call.html",
        call=call,
        program=call.program,
        status=status_of(call, today),
        days=days_left(call, today),
        steps=service.STEPS[call.state],
        operates=operates,
        count=count_applications([call])[call.id] if operates else None,
        own=own_application(call, viewer()),
        labels=labels,
    )


@bp.route("/programs/<public_id>/calls/new", methods=["GET", "POST"])
@allow("programs.operate")
def create(public_id: str) -> ResponseReturnValue:
    """A new call of a program: it begins as a draft."""
    program = get_program(public_id, viewer())
    refuse_others(program, viewer())
    form = CallForm(fiscal_year=FiscalYear.of(calendar.today()))
    if _is_plain_submit(form) and (
        response := submit(
            form,
            lambda: service.create_call(program, form.wish(), viewer=viewer()),
            then=lambda row: url_for("calls.show", public_id=row.public_id),
            message=_("募集の下書きを作りました。質問を確かめて、公開してください。"),
        )
    ):
        return response
    return _page(form, program, None)


@bp.route("/calls/<public_id>/edit", methods=["GET", "POST"])
@allow("programs.operate")
def edit(public_id: str) -> ResponseReturnValue:
    """Write a call anew."""
    call = get_call(public_id, viewer())
    refuse_others(call.program, viewer())
    form = CallEditForm(data=stored(call))
    if _is_plain_submit(form) and (
        response := submit(
            form,
            lambda: service.change_call(
                call, form.wish(), version=form.version.data, viewer=viewer()
            ),
            then=lambda _nothing: url_for("calls.show", public_id=public_id),
            message=_("変更しました。"),
        )
    ):
        return response
    return _page(form, call.program, call)


@bp.post("/calls/<public_id>/state")
@allow("programs.operate")
def set_state(public_id: str) -> ResponseReturnValue:
    """Publish, close, mark as decided, or take such a step back."""
    call = get_call(public_id, viewer())
    state = next((s for s in CallState if s.value == request.form.get("state")), call.state)
    try:
        with transaction():
            service.set_state(call, state, viewer=viewer())
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        flash(str(error.message), "error")
    else:
        flash(_("募集の状態を変えました。同じ場所のボタンで元に戻せます。"), "done")
    return redirect(url_for("calls.show", public_id=public_id), 303)


def _is_plain_submit(form: CallForm) -> bool:
    """Not the button that adds rows; with it, add them."""
    if request.form.get("do") != MORE:
        return True
    for _row in range(3):
        if len(form.questions) < (form.questions.max_entries or 0):
            form.questions.append_entry()
    return False


def _page(form: CallForm, program: Program, call: Call | None) -> str:
    return render_template("programs/call_form.html", form=form, program=program, call=call)
