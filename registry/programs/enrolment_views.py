"""Pages on which staff and operators keep what organizations have in a program."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.calendar import FiscalYear
from registry.programs import labels, service
from registry.programs.applicants import fitting, require
from registry.programs.forms import DeleteForm, EnrolmentEditForm, EnrolmentForm
from registry.programs.models import Enrolment
from registry.programs.queries import get_enrolment, get_program
from registry.programs.service import EnrolmentRecord, refuse_others
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("enrolments", __name__)


@bp.route("/programs/<public_id>/enrolments/new", methods=["GET", "POST"])
@allow("programs.operate")
def create(public_id: str) -> ResponseReturnValue:
    """Write down what an organization has in a program."""
    program = get_program(public_id, viewer())
    refuse_others(program, viewer())
    today = calendar.today()
    form = EnrolmentForm(fiscal_year=FiscalYear.of(today))
    response = submit(
        form,
        lambda: service.record_enrolment(program, _record(form), today=today, viewer=viewer()),
        then=lambda _row: url_for("programs.show", public_id=public_id),
        message=_("記録しました。"),
    )
    if response:
        return response
    _offer(form)
    return render_template("programs/enrolment_create.html", form=form, program=program)


@bp.route("/enrolments/<public_id>/edit", methods=["GET", "POST"])
@allow("programs.operate")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct an enrolment."""
    enrolment = get_enrolment(public_id, viewer())
    program = enrolment.program
    refuse_others(program, viewer())
    form = EnrolmentEditForm(data=_stored(enrolment))
    response = submit(
        form,
        lambda: service.change_enrolment(
            enrolment,
            _record(form),
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _nothing: url_for("programs.show", public_id=enrolment.program.public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    _offer(form)
    return render_template(
        "programs/enrolment_edit.html", form=form, program=program, enrolment=enrolment
    )


@bp.route("/enrolments/<public_id>/delete", methods=["GET", "POST"])
@allow("programs.operate")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a wrong enrolment, with a reason."""
    enrolment = get_enrolment(public_id, viewer())
    refuse_others(enrolment.program, viewer())
    program_id = enrolment.program.public_id
    form = DeleteForm()
    response = submit(
        form,
        lambda: service.delete_enrolment(enrolment, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _nothing: url_for("programs.show", public_id=program_id),
        message=_("記録を消しました。中身は変更の記録に残っています。"),
    )
    return response or render_template(
        "programs/enrolment_delete.html", form=form, enrolment=enrolment, labels=labels
    )


def _record(form: EnrolmentForm) -> EnrolmentRecord:
    """What the form says. Raises DomainError for an unclear organization."""
    return EnrolmentRecord(
        organization=require(
            form.organization.data or "", form.organization_name.data or "", viewer()
        ),
        fiscal_year=form.fiscal_year.data,
        result=form.result.data,
        project=form.project.data or "",
        role=form.role.data or "",
        decided_on=form.decided_on.data,
        amount_yen=form.amount_yen.data,
    )


def _stored(enrolment: Enrolment) -> dict[str, Any]:
    names = ("project", "role", "result", "decided_on", "amount_yen", "version")
    year = enrolment.fiscal_year
    return {
        **{name: getattr(enrolment, name) for name in names},
        "organization_name": enrolment.organization.name,
        "organization": enrolment.organization.public_id,
        "fiscal_year": FiscalYear(year) if year else None,
    }


def _offer(form: EnrolmentForm) -> None:
    """Offer the organizations that a typed name may mean, when they are several."""
    fits = fitting(form.organization_name.data or "", viewer())
    form.organization.choices = [(row.public_id, row.name) for row in fits] if len(fits) > 1 else []
