"""Pages about exhibitors: added, corrected, cancelled, in joint booths; a member's application."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.common import calendar
from registry.encounters.participants import require
from registry.encounters.recording import show_participants
from registry.events import exhibiting
from registry.events.choosing import offer, one_if_named, own
from registry.events.exhibiting import ExhibitWords, get_exhibit, joint_booths_of
from registry.events.fair_forms import (
    ApplyForm,
    CancelForm,
    ExhibitEditForm,
    ExhibitorsForm,
    JointBoothForm,
)
from registry.events.models import Edition
from registry.events.queries import get_edition, may_run
from registry.events.writing import refuse_others
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("exhibits", __name__)


def _page(edition: Edition) -> str:
    return url_for("events.edition", public_id=edition.public_id)


@bp.route("/editions/<public_id>/exhibitors/new", methods=["GET", "POST"])
@allow("events.write")
def create(public_id: str) -> ResponseReturnValue:
    """Add one or several exhibitors."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    form = ExhibitorsForm(booths=1)
    _offer_booths(form, edition)
    response = submit(
        form,
        lambda: exhibiting.add_exhibitors(
            edition, _organizations(form), _words(form, edition), viewer=viewer()
        ),
        then=lambda _added: _page(edition),
        message=lambda added: ngettext(
            "出展者を %(num)s つ加えました。", "出展者を %(num)s つ加えました。", len(added)
        ),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("events/exhibitors_new.html", form=form, edition=edition)


@bp.route("/exhibits/<public_id>/edit", methods=["GET", "POST"])
@allow("events.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct how an organization exhibits."""
    exhibit = get_exhibit(public_id, viewer())
    refuse_others(exhibit.edition.event, viewer())
    names = ("booths", "label", "theme", "supported", "version")
    booth = exhibit.joint_booth.public_id if exhibit.joint_booth else ""
    form = ExhibitEditForm(
        data={**{name: getattr(exhibit, name) for name in names}, "joint_booth": booth}
    )
    _offer_booths(form, exhibit.edition)
    response = submit(
        form,
        lambda: exhibiting.change_exhibit(
            exhibit,
            _words(form, exhibit.edition),
            version=form.version.data,
            viewer=viewer(),
        ),
        then=lambda _nothing: _page(exhibit.edition),
        message=_("変更しました。"),
    )
    return response or render_template("events/exhibit_edit.html", form=form, exhibit=exhibit)


@bp.route("/exhibits/<public_id>/cancel", methods=["GET", "POST"])
@allow("events.register")
def cancel(public_id: str) -> ResponseReturnValue:
    """Take an exhibit out, or decline an application; a member takes its own back."""
    exhibit = get_exhibit(public_id, viewer())
    form = CancelForm()
    response = submit(
        form,
        lambda: exhibiting.cancel(exhibit, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _nothing: _page(exhibit.edition),
        message=_("取り消しました。"),
    )
    return response or render_template(
        "events/exhibit_cancel.html",
        form=form,
        exhibit=exhibit,
        runs=may_run(exhibit.edition.event, viewer()),
    )


@bp.post("/exhibits/<public_id>/restore")
@allow("events.write")
def restore(public_id: str) -> ResponseReturnValue:
    """Take the cancellation back."""
    exhibit = get_exhibit(public_id, viewer())
    back = _page(exhibit.edition)
    return press(
        lambda: exhibiting.restore(exhibit, viewer=viewer()),
        back=back,
        message=_("元に戻しました。"),
    )


@bp.post("/exhibits/<public_id>/accept")
@allow("events.write")
def accept(public_id: str) -> ResponseReturnValue:
    """Say yes to an application."""
    exhibit = get_exhibit(public_id, viewer())
    back = _page(exhibit.edition)
    return press(
        lambda: exhibiting.accept(exhibit, viewer=viewer()),
        back=back,
        message=_("出展を承認し、申込者にメールで知らせました。"),
    )


@bp.route("/editions/<public_id>/exhibit", methods=["GET", "POST"])
@allow("events.register")
def apply(public_id: str) -> ResponseReturnValue:
    """A member applies to exhibit."""
    edition = get_edition(public_id, viewer())
    organization = own(viewer())
    form = ApplyForm()
    response = submit(
        form,
        lambda: exhibiting.apply_to_exhibit(
            edition,
            organization,
            booths=form.booths.data,
            theme=form.theme.data or "",
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _exhibit: _page(edition),
        message=_("出展を申し込みました。結果はメールで届きます。"),
    )
    return response or render_template(
        "events/exhibit_apply.html", form=form, edition=edition, organization=organization
    )


@bp.route("/editions/<public_id>/joint-booths/new", methods=["GET", "POST"])
@allow("events.write")
def joint_booth(public_id: str) -> ResponseReturnValue:
    """A booth that several share."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    form = JointBoothForm()
    response = submit(
        form,
        lambda: exhibiting.make_joint_booth(
            edition,
            name=form.name.data or "",
            booths=form.booths.data,
            leader=one_if_named(form, "leader", viewer()),
            members=_organizations(form),
            viewer=viewer(),
        ),
        then=lambda _booth: _page(edition),
        message=_("共同出展を作りました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    offer(form, "leader", viewer())
    return render_template("events/joint_booth.html", form=form, edition=edition)


def _organizations(form: Any) -> Any:
    ticked = list(form.organizations.data or [])
    return require(ticked, form.organization_names.data or "", viewer())


def _offer_booths(form: Any, edition: Edition) -> None:
    rows = joint_booths_of(edition)
    form.joint_booth.choices = [("", _("しない")), *((row.public_id, row.name) for row in rows)]


def _words(form: Any, edition: Edition) -> ExhibitWords:
    chosen = [b for b in joint_booths_of(edition) if b.public_id == form.joint_booth.data]
    return ExhibitWords(
        booths=form.booths.data,
        label=form.label.data or "",
        theme=form.theme.data or "",
        supported=bool(form.supported.data),
        joint_booth=chosen[0] if chosen else None,
    )
