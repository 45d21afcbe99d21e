"""Pages of applications: writing one, one's own, and one with its answers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.db import transaction
from registry.organizations.models import Organization
from registry.organizations.queries import own_organization
from registry.programs import applications as service
from registry.programs import labels
from registry.programs.answers import answered
from registry.programs.applicants import fitting, require
from registry.programs.application_forms import (
    ApplicationForm,
    OfficeApplicationForm,
    application_form,
    application_of,
    stored,
)
from registry.programs.application_queries import (
    get_application,
    is_applicant,
    own_application,
    own_applications,
)
from registry.programs.application_states import STEPS, WITHDRAWABLE, previous
from registry.programs.call_queries import get_call
from registry.programs.call_status import status_of
from registry.programs.kinds import EnrolmentState
from registry.programs.models import Call, Enrolment
from registry.programs.queries import may_operate
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("applications", __name__)


@bp.get("/applications")
@allow("programs.apply")
def own() -> str:
    """What one's organization applied for; for staff, an empty page that says where to look."""
    organization = own_organization(viewer())
    page = paginate(own_applications(organization, viewer())) if organization else None
    return render_template(
        "programs/applications.html", page=page, organization=organization, labels=labels
    )


@bp.route("/calls/<public_id>/apply", methods=["GET", "POST"])
@allow("programs.apply")
def create(public_id: str) -> ResponseReturnValue:
    """Apply in a call; the office does so for an organization."""
    call = get_call(public_id, viewer())
    if (known := own_application(call, viewer())) and request.method == "GET":
        return redirect(url_for("applications.show", public_id=known.public_id), 303)
    base = OfficeApplicationForm if viewer().is_staff else ApplicationForm
    form, hand_in = application_form(call, base, {}), _hands_in()
    response = submit(
        form,
        lambda: service.begin(
            call,
            _organization(form),
            application_of(form, call, viewer()),
            hand_in=hand_in,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda row: url_for("applications.show", public_id=row.public_id),
        message=_done(hand_in),
    )
    return response or _page(form, call)


@bp.route("/applications/<public_id>/edit", methods=["GET", "POST"])
@allow("programs.apply")
def edit(public_id: str) -> ResponseReturnValue:
    """Go on with a draft."""
    row = get_application(public_id, viewer())
    if row.call is None or row.state is not EnrolmentState.DRAFT:
        return redirect(url_for("applications.show", public_id=public_id), 303)
    form = application_form(row.call, ApplicationForm, stored(row, row.call))
    hand_in, call = _hands_in(), row.call
    response = submit(
        form,
        lambda: service.rewrite(
            row,
            application_of(form, call, viewer()),
            version=_version(form),
            hand_in=hand_in,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _nothing: url_for("applications.show", public_id=public_id),
        message=_done(hand_in),
    )
    return response or _page(form, call, row)


@bp.get("/applications/<public_id>")
@allow("programs.follow")
def show(public_id: str) -> str:
    """One application with its answers and what was decided: for its applicant, the program's
    operators, and staff."""
    row, today = get_application(public_id, viewer()), calendar.today()
    operates = viewer().may("programs.operate") and may_operate(row.program, viewer())
    speaks = viewer().may("programs.apply") and (is_applicant(row, viewer()) or viewer().is_staff)
    return render_template(
        "programs/application.html",
        row=row,
        program=row.program,
        call=row.call,
        answers=answered(row),
        operates=operates,
        speaks=speaks,
        is_open=row.call is not None and status_of(row.call, today) == "open",
        withdrawable=row.state in WITHDRAWABLE,
        steps=STEPS.get(row.state, ()),
        previous=previous(row),
        labels=labels,
    )


@bp.post("/applications/<public_id>/reopen")
@allow("programs.apply")
def reopen(public_id: str) -> ResponseReturnValue:
    """Make it a draft again."""
    row, today = get_application(public_id, viewer()), calendar.today()
    return carry_out(
        public_id,
        lambda: service.reopen(row, today=today, viewer=viewer()),
        _("下書きに戻しました。直してから、もう一度申し込んでください。"),
    )


@bp.post("/applications/<public_id>/withdraw")
@allow("programs.apply")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Step back."""
    row, today = get_application(public_id, viewer()), calendar.today()
    return carry_out(
        public_id,
        lambda: service.withdraw(row, today=today, viewer=viewer()),
        _("辞退しました。"),
    )


@bp.post("/applications/<public_id>/discard")
@allow("programs.apply")
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    row = get_application(public_id, viewer())
    call = row.call.public_id if row.call else ""
    return carry_out(
        public_id,
        lambda: service.discard(row, viewer=viewer()),
        _("下書きを捨てました。"),
        then=url_for("calls.show", public_id=call) if call else url_for("applications.own"),
    )


def carry_out(
    public_id: str, action: Callable[[], object], done: str, *, then: str = ""
) -> ResponseReturnValue:
    """Do it in one transaction and go back to the application; a refusal is told there."""
    back = url_for("applications.show", public_id=public_id)
    try:
        with transaction():
            action()
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        flash(str(error.message), "error")
        return redirect(back, 303)
    flash(done, "done")
    return redirect(then or back, 303)


def _hands_in() -> bool:
    return request.form.get("do") != "draft"


def _done(hand_in: bool) -> str:
    return _("申し込みました。") if hand_in else _("下書きを保存しました。")


def _version(form: Any) -> int | None:
    text = str(form.version.data or "")
    return int(text) if text.isdigit() else None


def _organization(form: Any) -> Organization:
    if viewer().is_staff:
        return require(form.organization.data or "", form.organization_name.data or "", viewer())
    organization = own_organization(viewer())
    if organization is None:
        raise DomainError(_("所属する企業・団体がありません。事務局に知らせてください。"))
    return organization


def _page(form: Any, call: Call, row: Enrolment | None = None) -> str:
    if "organization" in form:
        fits = fitting(form.organization_name.data or "", viewer())
        several = [(found.public_id, found.name) for found in fits] if len(fits) > 1 else []
        form.organization.choices = several
    return render_template(
        "programs/application_form.html", form=form, call=call, program=call.program, row=row
    )
