"""Pages on which staff and operators keep the ledger of tenants."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import NotFound
from registry.places import labels, tenancy
from registry.places.forms import ExtendForm, MoveInForm, MoveOutForm, ReasonForm
from registry.places.models import Occupancy, Waiting
from registry.places.queries import free_places, get_place
from registry.places.reading import organization_of, press
from registry.places.service import refuse_others
from registry.places.tenancy import Tenancy, get_occupancy
from registry.places.waiting import get_waiting
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("tenancies", __name__)
bp.context_processor(labels.page_words)


@bp.route("/places/<public_id>/move-in", methods=["GET", "POST"])
@allow("places.operate")
def move_in(public_id: str) -> ResponseReturnValue:
    """Write down who moves in; ?waiting= names the entry of the waiting list it comes from."""
    place, today = get_place(public_id, viewer()), calendar.today()
    refuse_others(place, viewer())
    waiting = _waiting()
    form = MoveInForm(starts_on=today, units=1, **_prefilled(waiting))
    if place.capacity == 1:
        form.units.data = 1
    response = submit(
        form,
        lambda: tenancy.move_in(
            place,
            Tenancy(
                organization=organization_of(form, viewer()),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                units=form.units.data or 1,
                note=form.note.data or "",
                waiting=_waiting(),
            ),
            today=today,
            viewer=viewer(),
        ),
        then=lambda _row: url_for("places.show", public_id=public_id, _anchor="holders"),
        message=_("入居を記録しました。"),
    )
    if response:
        return response
    form.offer_organizations(viewer())
    return render_template("places/move_in.html", form=form, place=place, waiting=waiting)


@bp.get("/waiting/<public_id>/take")
@allow("places.operate")
def take(public_id: str) -> str:
    """Choose the free place that somebody who waits takes."""
    waiting = get_waiting(public_id, viewer())
    refuse_others(waiting.place, viewer())
    return render_template(
        "places/take.html",
        waiting=waiting,
        free=free_places(waiting.place, calendar.today()),
        labels=labels,
    )


@bp.route("/occupancies/<public_id>/extend", methods=["GET", "POST"])
@allow("places.operate")
def extend(public_id: str) -> ResponseReturnValue:
    """Let a tenant stay longer, or undo moving out."""
    row = get_occupancy(public_id, viewer())
    form = ExtendForm(until=row.ends_on, version=row.version)
    response = submit(
        form,
        lambda: tenancy.extend(
            row,
            until=form.until.data,
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _done: _ledger(row),
        message=_("変更しました。"),
    )
    return response or _page("extend", form, row)


@bp.route("/occupancies/<public_id>/move-out", methods=["GET", "POST"])
@allow("places.operate")
def move_out(public_id: str) -> ResponseReturnValue:
    """Write down the last day of a tenant."""
    row, today = get_occupancy(public_id, viewer()), calendar.today()
    form = MoveOutForm(on=today, version=row.version)
    response = submit(
        form,
        lambda: tenancy.move_out(
            row,
            on=form.on.data,
            reason=form.reason.data or "",
            version=form.version.data,
            today=today,
            viewer=viewer(),
        ),
        then=lambda _done: _ledger(row),
        message=_("退去を記録しました。「延ばす」で元に戻せます。"),
    )
    return response or _page("move_out", form, row)


@bp.route("/occupancies/<public_id>/cancel", methods=["GET", "POST"])
@allow("places.operate")
def cancel(public_id: str) -> ResponseReturnValue:
    """Cancel an entry that never was."""
    row = get_occupancy(public_id, viewer())
    form = ReasonForm(version=row.version)
    response = submit(
        form,
        lambda: tenancy.cancel(
            row,
            reason=form.reason.data or "",
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _done: _ledger(row),
        message=_("取り消しました。台帳の「元に戻す」で戻せます。"),
    )
    return response or _page("cancel", form, row)


@bp.post("/occupancies/<public_id>/restore")
@allow("places.operate")
def restore(public_id: str) -> ResponseReturnValue:
    """Undo a cancellation."""
    row = get_occupancy(public_id, viewer())
    return press(
        lambda version: tenancy.restore(
            row, version=version, today=calendar.today(), viewer=viewer()
        ),
        then=_ledger(row),
        message=_("元に戻しました。"),
    )


def _ledger(row: Occupancy) -> str:
    return url_for("places.ledger", public_id=row.place.public_id)


def _page(name: str, form: Any, row: Occupancy) -> str:
    return render_template(
        f"places/{name}.html", form=form, occupancy=row, labels=labels, state_on=labels.state_on
    )


def _waiting() -> Waiting | None:
    """The entry of the waiting list that the address names; None without one."""
    asked = request.args.get("waiting", "")[:36]
    try:
        return get_waiting(asked, viewer()) if asked else None
    except NotFound:
        return None


def _prefilled(waiting: Waiting | None) -> dict[str, str]:
    if waiting is None:
        return {}
    organization = waiting.organization
    return {"organization_name": organization.name, "organization": organization.public_id}
