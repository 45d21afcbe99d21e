"""Pages on which staff and operators keep places."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.places import labels, life, service, vacancies
from registry.places.forms import CloseForm, PlaceEditForm, PlaceForm
from registry.places.models import Place, PlaceKind, PlaceUse
from registry.places.queries import get_place
from registry.places.reading import press, program_choices, record_of, stored
from registry.places.service import refuse_others
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("place_writing", __name__)
bp.context_processor(labels.page_words)
OF_THE_FACILITY = ("program", "municipality", "country", "address", "organization_name",
                   "organization")  # fmt: skip
"""What a place within a facility has from it."""


@bp.route("/places/new", methods=["GET", "POST"])
@allow("places.operate")
def create() -> ResponseReturnValue:
    """A new facility, hall, machine or piece of land that stands by itself."""
    form = PlaceForm(kind=PlaceKind.FACILITY, use=PlaceUse.NONE, country="JP", **_USUAL)
    form.leave_out("count")
    form.program.choices = program_choices(viewer())
    response = submit(
        form,
        lambda: service.create_places(record_of(form, viewer()), viewer=viewer())[0],
        then=lambda row: url_for("places.show", public_id=row.public_id),
        message=_("作りました。中の区画は、この画面から加えます。"),
    )
    if response:
        return response
    form.offer_organizations(viewer())
    return render_template("places/create.html", form=form, parent=None)


@bp.route("/places/<public_id>/places/new", methods=["GET", "POST"])
@allow("places.operate")
def create_within(public_id: str) -> ResponseReturnValue:
    """New places within a facility, several equal ones at once."""
    parent = get_place(public_id, viewer())
    refuse_others(parent, viewer())
    form = PlaceForm(kind=PlaceKind.ROOM, use=PlaceUse.TENANCY, count=1, **_USUAL)
    form.leave_out(*OF_THE_FACILITY)
    response = submit(
        form,
        lambda: service.create_places(
            _in_facility(form, parent), parent=parent, count=form.count.data or 1, viewer=viewer()
        ),
        then=lambda _made: url_for("places.show", public_id=public_id, _anchor="within"),
        message=lambda made: _("%(count)s 件を作りました。", count=len(made)),
    )
    return response or render_template("places/create.html", form=form, parent=parent)


@bp.route("/places/<public_id>/edit", methods=["GET", "POST"])
@allow("places.operate")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct a place."""
    place = get_place(public_id, viewer())
    refuse_others(place, viewer())
    form = PlaceEditForm(data=stored(place))
    form.leave_out("count", *(OF_THE_FACILITY if place.parent else ()))
    if place.parent is None:
        form.program.choices = program_choices(viewer())
    response = submit(
        form,
        lambda: service.change_place(
            place,
            record_of(form, viewer(), place),
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _done: url_for("places.show", public_id=public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    form.offer_organizations(viewer())
    return render_template("places/edit.html", form=form, place=place)


@bp.route("/places/<public_id>/close", methods=["GET", "POST"])
@allow("places.operate")
def close(public_id: str) -> ResponseReturnValue:
    """Close a place from a day on."""
    place, today = get_place(public_id, viewer()), calendar.today()
    refuse_others(place, viewer())
    form = CloseForm(on=today, version=place.version)
    response = submit(
        form,
        lambda: life.close_place(
            place,
            on=form.on.data,
            reason=form.reason.data or "",
            version=form.version.data,
            today=today,
            viewer=viewer(),
        ),
        then=lambda _done: url_for("places.show", public_id=public_id),
        message=_("閉鎖を記録しました。「再開する」で元に戻せます。"),
    )
    return response or render_template("places/close.html", form=form, place=place)


@bp.post("/places/<public_id>/stop")
@allow("places.operate")
def stop(public_id: str) -> ResponseReturnValue:
    """Take nobody new in."""
    place = get_place(public_id, viewer())
    return press(
        lambda version: life.stop_taking(place, version=version, viewer=viewer()),
        then=url_for("places.show", public_id=public_id),
        message=_("新しい受付を止めました。「再開する」で元に戻せます。"),
    )


@bp.post("/places/<public_id>/reopen")
@allow("places.operate")
def reopen(public_id: str) -> ResponseReturnValue:
    """Take in again."""
    place = get_place(public_id, viewer())
    return press(
        lambda version: life.reopen_place(place, version=version, viewer=viewer()),
        then=url_for("places.show", public_id=public_id),
        message=_("再開しました。"),
    )


@bp.post("/places/<public_id>/announce")
@allow("places.operate")
def announce(public_id: str) -> ResponseReturnValue:
    """Show vacancies among the listings."""
    place = get_place(public_id, viewer())
    refuse_others(place, viewer())
    return press(
        lambda _version: vacancies.announce(place, viewer=viewer()),
        then=url_for("places.show", public_id=public_id),
        message=_("空きを案件として公開しました。空きの数に合わせて変わり、なくなると終わります。"),
    )


@bp.post("/places/<public_id>/silence")
@allow("places.operate")
def silence(public_id: str) -> ResponseReturnValue:
    """Show vacancies among the listings no longer."""
    place = get_place(public_id, viewer())
    refuse_others(place, viewer())
    return press(
        lambda _version: vacancies.silence(place, viewer=viewer()),
        then=url_for("places.show", public_id=public_id),
        message=_("空きの案内を止めました。"),
    )


_USUAL = {"capacity": 1, "open_from": 9, "open_until": 17}


def _in_facility(form: PlaceForm, parent: Place) -> service.PlaceRecord:
    """What the form says, and what the place has from its facility."""
    wish = record_of(form, viewer())
    return service.within_facility(wish, parent)
