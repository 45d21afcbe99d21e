"""Pages of conditions: their editor, and the question whether a firm fits."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.db import transaction
from registry.organizations.queries import get_organization, own_organization
from registry.programs import condition_service as service
from registry.programs import labels
from registry.programs.condition_forms import FORMS, FirmForm
from registry.programs.eligibility import firm_of, verdict_of
from registry.programs.kinds import ConditionKind
from registry.programs.queries import get_program
from registry.programs.service import refuse_others
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("conditions", __name__)


@bp.route("/programs/<public_id>/conditions", methods=["GET", "POST"])
@allow("programs.operate")
def edit(public_id: str) -> ResponseReturnValue:
    """The conditions of a program, with a form to add one of the kind that is asked for."""
    program = get_program(public_id, viewer())
    refuse_others(program, viewer())
    kind = next((k for k in ConditionKind if k.value == request.args.get("kind")), None)
    form = FORMS[kind]() if kind else None
    if (
        kind
        and form
        and (
            response := submit(
                form,
                lambda: service.add_condition(
                    program,
                    kind,
                    form.limits(),
                    rule=form.rule.data or "",
                    rule_en=form.rule_en.data or "",
                    viewer=viewer(),
                ),
                then=lambda _row: url_for("conditions.edit", public_id=public_id),
                message=_("条件を加えました。"),
            )
        )
    ):
        return response
    return render_template(
        "programs/conditions.html", program=program, kind=kind, form=form, labels=labels
    )


@bp.post("/programs/<public_id>/conditions/remove")
@allow("programs.operate")
def remove(public_id: str) -> ResponseReturnValue:
    """Take one away."""
    program = get_program(public_id, viewer())
    place = request.form.get("place", -1, type=int)
    try:
        with transaction():
            words = service.remove_condition(program, place, viewer=viewer())
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        flash(str(error.message), "error")
    else:
        flash(
            _("「%(rule)s」を外しました。戻すときは、同じ内容で加えてください。", rule=words),
            "done",
        )
    return redirect(url_for("conditions.edit", public_id=public_id), 303)


@bp.get("/programs/<public_id>/fit")
@allow("programs.apply")
def fit(public_id: str) -> ResponseReturnValue:
    """Is this for my firm? Each condition says yes, no with its rule, or asks."""
    program = get_program(public_id, viewer())
    asked = request.args.get("organization", "")[:36]
    own = get_organization(asked, viewer()) if asked else own_organization(viewer())
    form = FirmForm(request.args)
    verdict = None
    if own is not None:
        sound = form.validate()
        answers = {
            "capital_yen": form.capital_yen.data,
            "employees": form.employees.data,
            "founded_year": form.founded_year.data,
            "stages": frozenset(form.stages.data) if form.stages.data else None,
            "needs": frozenset(form.needs.data) if form.needs.data else None,
        }
        firm = firm_of(own, **(answers if sound else {}))
        verdict = verdict_of(program, firm, calendar.today())
    return render_template(
        "programs/fit.html",
        program=program,
        organization=own,
        form=form,
        verdict=verdict,
        labels=labels,
        asked=asked,
    )
