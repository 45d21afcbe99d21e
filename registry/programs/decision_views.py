"""Pages on which operators see what came in, decide, and note what follows."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.programs import decisions as service
from registry.programs import labels
from registry.programs.answers import answered
from registry.programs.application_forms import DecisionForm, StepForm
from registry.programs.application_queries import (
    ApplicationFilter,
    count_accepted,
    get_application,
    received,
    spent_yen,
)
from registry.programs.application_views import carry_out
from registry.programs.call_queries import calls_operated, get_call
from registry.programs.kinds import EnrolmentState
from registry.programs.models import Enrolment
from registry.programs.queries import programs_of
from registry.programs.service import refuse_others
from registry.web.access import allow, viewer
from registry.web.i18n import pick
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("decisions", __name__)


@bp.get("/applications/received")
@allow("programs.operate")
def received_list() -> str:
    """What was handed in, those that wait first."""
    wanted = ApplicationFilter.of(request.args)
    call = get_call(wanted.call, viewer()) if wanted.call else None
    return render_template(
        "programs/received.html",
        page=paginate(received(wanted, viewer())),
        wanted=wanted,
        call=call,
        spent=spent_yen(call) if call else None,
        accepted=count_accepted(call) if call else None,
        programs=programs_of(viewer()),
        calls=calls_operated(viewer()),
        labels=labels,
    )


@bp.route("/applications/<public_id>/decide", methods=["GET", "POST"])
@allow("programs.operate")
def decide(public_id: str) -> ResponseReturnValue:
    """Accept or decline."""
    row, today = _operated(public_id), calendar.today()
    form = DecisionForm(
        data={
            "version": row.version,
            "decided_on": today,
            "amount_yen": row.requested_yen,
            "topic": row.topic,
            "result": row.result.value,
            "published": True,
        }
    )
    response = submit(
        form,
        lambda: service.decide(
            row, form.decision(), version=form.version.data, today=today, viewer=viewer()
        ),
        then=lambda _nothing: url_for("applications.show", public_id=public_id),
        message=_("結果を記録し、申込者にメールで知らせました。"),
    )
    return response or render_template(
        "programs/decide.html",
        form=form,
        row=row,
        answers=answered(row),
        spent=spent_yen(row.call) if row.call else None,
        labels=labels,
    )


@bp.post("/applications/<public_id>/state")
@allow("programs.operate")
def set_state(public_id: str) -> ResponseReturnValue:
    """Begin, complete, or note a withdrawal."""
    row, today = _operated(public_id), calendar.today()
    state = next((s for s in EnrolmentState if s.value == request.form.get("state")), row.state)
    return carry_out(
        public_id,
        lambda: service.step_on(row, state, today=today, viewer=viewer()),
        _("状態を「%(state)s」にしました。", state=labels.ENROLMENT_STATES[state]),
    )


@bp.post("/applications/<public_id>/undo")
@allow("programs.operate")
def undo(public_id: str) -> ResponseReturnValue:
    """Take the last step back."""
    row = _operated(public_id)
    return carry_out(
        public_id, lambda: service.undo(row, viewer=viewer()), _("一つ前の状態に戻しました。")
    )


@bp.route("/applications/<public_id>/steps", methods=["GET", "POST"])
@allow("programs.operate")
def add_step(public_id: str) -> ResponseReturnValue:
    """Note how far the support came."""
    row, today = _operated(public_id), calendar.today()
    form = StepForm(data={"on": today})
    done = {step.step for step in row.steps}
    form.step.choices = [
        (key, pick(words.get("ja", key), words.get("en")))
        for key, words in row.program.stage_names.items()
        if key not in done
    ]
    response = submit(
        form,
        lambda: service.add_step(
            row,
            form.step.data or "",
            on=form.on.data,
            detail=form.detail.data or "",
            today=today,
            viewer=viewer(),
        ),
        then=lambda _step: url_for("applications.show", public_id=public_id),
        message=_("段階を記録しました。"),
    )
    return response or render_template("programs/step.html", form=form, row=row)


@bp.post("/applications/<public_id>/steps/remove")
@allow("programs.operate")
def remove_step(public_id: str) -> ResponseReturnValue:
    """Take a step away that was noted by mistake."""
    row, step = _operated(public_id), request.form.get("step", "")[:36]
    return carry_out(
        public_id,
        lambda: service.remove_step(row, step, viewer=viewer()),
        _("段階の記録を消しました。"),
    )


def _operated(public_id: str) -> Enrolment:
    row = get_application(public_id, viewer())
    refuse_others(row.program, viewer())
    return row
