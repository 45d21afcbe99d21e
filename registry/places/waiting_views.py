"""Pages on which organizations wait for a place."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.roles import Role
from registry.places import labels, waiting
from registry.places.forms import ReasonForm, WaitingForm
from registry.places.queries import get_place
from registry.places.reading import organization_of, press
from registry.places.waiting import get_waiting
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("waitings", __name__)
bp.context_processor(labels.page_words)


@bp.route("/places/<public_id>/waiting/new", methods=["GET", "POST"])
@allow("places.book")
def join(public_id: str) -> ResponseReturnValue:
    """Wait for a place: members for their own organization, the others for any."""
    place, today = get_place(public_id, viewer()), calendar.today()
    form = WaitingForm(since=today)
    if viewer().role is Role.MEMBER:
        form.leave_out_organization()
        del form.since
    response = submit(
        form,
        lambda: waiting.join(
            place,
            organization_of(form, viewer()),
            wish=form.wish.data or "",
            since=form.since.data if "since" in form else today,
            viewer=viewer(),
        ),
        then=lambda _row: url_for("places.waiting"),
        message=_("申し込みを受け付けました。空きが出たら、担当から連絡します。"),
    )
    if response:
        return response
    form.offer_organizations(viewer())
    return render_template("places/join.html", form=form, place=place)


@bp.post("/waiting/<public_id>/offer")
@allow("places.operate")
def offer(public_id: str) -> ResponseReturnValue:
    """Note that a free place was offered."""
    row = get_waiting(public_id, viewer())
    return press(
        lambda version: waiting.offer(
            row, version=version, today=calendar.today(), viewer=viewer()
        ),
        then=url_for("places.waiting"),
        message=_("案内したことを記録しました。「列に戻す」で元に戻せます。"),
    )


@bp.route("/waiting/<public_id>/withdraw", methods=["GET", "POST"])
@allow("places.book")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Wait no longer."""
    row = get_waiting(public_id, viewer())
    form = ReasonForm(version=row.version)
    response = submit(
        form,
        lambda: waiting.withdraw(
            row, reason=form.reason.data or "", version=form.version.data, viewer=viewer()
        ),
        then=lambda _done: url_for("places.waiting"),
        message=_("申し込みを取り下げました。"),
    )
    return response or render_template("places/withdraw.html", form=form, waiting=row)


@bp.post("/waiting/<public_id>/put-back")
@allow("places.operate")
def put_back(public_id: str) -> ResponseReturnValue:
    """Back into the line at the old place."""
    row = get_waiting(public_id, viewer())
    return press(
        lambda version: waiting.put_back(row, version=version, viewer=viewer()),
        then=url_for("places.waiting"),
        message=_("列に戻しました。申し込んだ日の順に並びます。"),
    )
