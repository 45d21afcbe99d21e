"""Pages on which a case moves: stages, closing, reopening."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import progress
from registry.cases.forms import CloseForm, ReopenForm, StageForm
from registry.cases.labels import stage_label
from registry.cases.queries import get_case
from registry.cases.stages import reachable
from registry.cases.views import address_of
from registry.common import calendar
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("case_progress", __name__)


@bp.route("/cases/<public_id>/stage", methods=["GET", "POST"])
@allow("cases.work")
def stage(public_id: str) -> ResponseReturnValue:
    """Move a case to another stage."""
    case, today = get_case(public_id, viewer()), calendar.today()
    form = StageForm(on=today)
    form.stage.choices = [(s.value, stage_label(s)) for s in reachable(case.stage)]
    response = submit(
        form,
        lambda: progress.change_stage(
            case,
            form.stage.data,
            on=form.on.data,
            evidence=form.evidence.data or "",
            today=today,
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("段階を変えました。"),
    )
    return response or render_template(
        "cases/stage.html", form=form, case=case, stage_label=stage_label
    )


@bp.route("/cases/<public_id>/close", methods=["GET", "POST"])
@allow("cases.work")
def close(public_id: str) -> ResponseReturnValue:
    """Close a case with a reason."""
    case, today = get_case(public_id, viewer()), calendar.today()
    form = CloseForm(on=today)
    response = submit(
        form,
        lambda: progress.close_case(
            case,
            reason=form.reason.data,
            note=form.note.data or "",
            on=form.on.data,
            today=today,
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("マッチングを閉じました。"),
    )
    return response or render_template("cases/close.html", form=form, case=case)


@bp.route("/cases/<public_id>/reopen", methods=["GET", "POST"])
@allow("cases.work")
def reopen(public_id: str) -> ResponseReturnValue:
    """Take a closed case up again."""
    case = get_case(public_id, viewer())
    form = ReopenForm()
    response = submit(
        form,
        lambda: progress.reopen_case(
            case, reason=form.reason.data or "", today=calendar.today(), viewer=viewer()
        ),
        then=lambda _result: address_of(case),
        message=_("マッチングを再開しました。"),
    )
    return response or render_template("cases/reopen.html", form=form, case=case)
