"""Pages about registrations: a member's own, and the list that whoever runs the event keeps."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.common import calendar
from registry.events import labels, registering, sight
from registry.events.choosing import offer, one, own
from registry.events.fair_forms import RegisterForForm, RegisterForm
from registry.events.models import RegistrationState
from registry.events.queries import get_edition, may_run
from registry.events.registering import get_registration
from registry.events.writing import refuse_others
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("registrations", __name__)


@bp.route("/editions/<public_id>/register", methods=["GET", "POST"])
@allow("events.register")
def create(public_id: str) -> ResponseReturnValue:
    """Register so many people: a member its own organization, whoever runs the event any."""
    edition = get_edition(public_id, viewer())
    runs = may_run(edition.event, viewer())
    form: Any = RegisterForForm() if runs else RegisterForm()
    mine = None if runs else own(viewer())
    response = submit(
        form,
        lambda: registering.register(
            edition,
            mine or one(form, "organization", viewer()),
            people=form.people.data,
            note=form.note.data or "",
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _row: url_for(
            "registrations.index" if runs else "events.edition", public_id=public_id
        ),
        message=_outcome,
    )
    if response:
        return response
    if runs:
        offer(form, "organization", viewer())
    return render_template(
        "events/register.html",
        form=form,
        edition=edition,
        organization=mine,
        left=_left(edition),
        labels=labels,
    )


@bp.get("/editions/<public_id>/registrations")
@allow("events.write")
def index(public_id: str) -> ResponseReturnValue:
    """Who registered, to be marked as come or absent."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    asked = request.args.get("state", "")
    state = RegistrationState(asked) if asked in set(RegistrationState) else None
    return render_template(
        "events/registrations.html",
        edition=edition,
        page=paginate(sight.registrations_of(edition, state)),
        attendance=sight.count_attendance(edition),
        state=state,
        has_begun=edition.starts_on <= calendar.today(),
        labels=labels,
    )


@bp.post("/editions/<public_id>/registrations/mark")
@allow("events.write")
def mark(public_id: str) -> ResponseReturnValue:
    """Say of several registrations who came and who did not."""
    edition = get_edition(public_id, viewer())
    wanted = request.form.get("mark", "")
    state = RegistrationState(wanted) if wanted in set(RegistrationState) else None
    return press(
        lambda: registering.mark(
            edition,
            request.form.getlist("ids"),
            state or RegistrationState.CANCELLED,
            today=calendar.today(),
            viewer=viewer(),
        ),
        back=url_for("registrations.index", public_id=public_id),
        message=lambda n: ngettext("%(num)s 件を記録しました。", "%(num)s 件を記録しました。", n),
    )


@bp.post("/registrations/<public_id>/cancel")
@allow("events.register")
def cancel(public_id: str) -> ResponseReturnValue:
    """Take a registration back; those who wait move up."""
    registration = get_registration(public_id, viewer())
    edition = registration.edition
    runs = may_run(edition.event, viewer())
    return press(
        lambda: registering.cancel(registration, today=calendar.today(), viewer=viewer()),
        back=url_for(
            "registrations.index" if runs else "events.edition", public_id=edition.public_id
        ),
        message=_("申込を取り消しました。"),
    )


def _outcome(registration: Any) -> str:
    if registration.state is RegistrationState.WAITING:
        return _("定員に達しているため、キャンセル待ちになりました。席が空くとメールで知らせます。")
    return _("申し込みました。確認のメールを送ります。")


def _left(edition: Any) -> int | None:
    """Places left; None without a capacity."""
    if edition.capacity is None:
        return None
    return max(0, edition.capacity - registering.taken(edition))
