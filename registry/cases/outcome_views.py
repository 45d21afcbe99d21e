"""Pages of the outcome ladder: choosing a rung, writing it down, correcting it, taking it off."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import outcomes
from registry.cases.labels import rung_label
from registry.cases.outcome_forms import form_of, hints, stored, wish_from
from registry.cases.outcome_models import Rung
from registry.cases.queries import get_case, outcome_of
from registry.cases.removed import REMOVED
from registry.cases.views import address_of
from registry.common import calendar
from registry.common.errors import NotFound
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("case_outcomes", __name__)


@bp.get("/cases/<public_id>/outcomes/new")
@allow("cases.work")
def choose(public_id: str) -> str:
    """Which rung was reached."""
    case = get_case(public_id, viewer())
    return render_template(
        "cases/outcome_choose.html",
        case=case,
        rungs=list(Rung),
        rung_label=rung_label,
        hints=hints(),
    )


@bp.route("/cases/<public_id>/outcomes/new/<rung>", methods=["GET", "POST"])
@allow("cases.work")
def create(public_id: str, rung: str) -> ResponseReturnValue:
    """Write down a rung, with what it asks and nothing else."""
    case, reached, today = get_case(public_id, viewer()), _rung(rung), calendar.today()
    form = form_of(reached)(on=today)
    response = submit(
        form,
        lambda: outcomes.record_outcome(
            case, wish_from(form, reached), today=today, viewer=viewer()
        ),
        then=lambda _result: address_of(case),
        message=_("成果を記録しました。"),
    )
    return response or _page(form, case, reached)


@bp.route("/cases/<public_id>/outcomes/<outcome_id>/edit", methods=["GET", "POST"])
@allow("cases.work")
def edit(public_id: str, outcome_id: str) -> ResponseReturnValue:
    """Correct what was written about a rung."""
    case, today = get_case(public_id, viewer()), calendar.today()
    outcome = outcome_of(case, outcome_id)
    rung = outcome.rung
    form = form_of(rung, editing=True)(data=stored(outcome))
    response = submit(
        form,
        lambda: outcomes.change_outcome(
            outcome,
            wish_from(form, rung),
            version=form.version.data,
            today=today,
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("成果の記録を直しました。"),
    )
    return response or _page(form, case, rung, editing=True)


@bp.post("/cases/<public_id>/outcomes/<outcome_id>/remove")
@allow("cases.work")
def remove(public_id: str, outcome_id: str) -> ResponseReturnValue:
    """Take a wrongly recorded rung off; the next page offers to put it back."""
    case = get_case(public_id, viewer())

    def act() -> None:
        session[REMOVED] = outcomes.remove_outcome(outcome_of(case, outcome_id), viewer=viewer())

    return press(
        act,
        back=url_for("cases.show", public_id=public_id, removed=outcome_id),
        message=_("成果の記録を消しました。"),
    )


@bp.post("/cases/<public_id>/outcomes/restore")
@allow("cases.work")
def restore(public_id: str) -> ResponseReturnValue:
    """Put back the rung that was just taken off."""
    case, kept = get_case(public_id, viewer()), session.get(REMOVED)
    if kept is None or kept["case_id"] != case.id:
        flash(_("元に戻せる記録がありません。"), "error")
        return redirect(address_of(case), 303)
    response = press(
        lambda: outcomes.restore_outcome(case, kept, viewer=viewer()),
        back=address_of(case),
        message=_("元に戻しました。"),
    )
    session.pop(REMOVED, None)
    return response


def _page(form: object, case: object, rung: Rung, *, editing: bool = False) -> str:
    return render_template(
        "cases/outcome.html",
        form=form,
        case=case,
        rung=rung,
        rung_name=rung_label(rung),
        editing=editing,
    )


def _rung(word: str) -> Rung:
    """The rung that an address names. Raises NotFound."""
    try:
        return Rung(word)
    except ValueError:
        raise NotFound from None
