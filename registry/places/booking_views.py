"""Pages on which machines and halls are booked."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.roles import Role
from registry.places import bookings, labels, week
from registry.places.bookings import BookingWish, get_booking
from registry.places.forms import BookingForm, ReasonForm
from registry.places.models import Place
from registry.places.queries import get_place, operates
from registry.places.reading import day_asked, organization_of, press, this_moment
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("bookings", __name__)
bp.context_processor(labels.page_words)
WEEK = timedelta(days=7)


@bp.get("/places/<public_id>/bookings")
@allow("places.read")
def show(public_id: str) -> str:
    """One week of a machine or hall: what is booked, what is free."""
    place = get_place(public_id, viewer())
    asked, problem = day_asked(request.args.get("on", ""))
    first = asked - timedelta(days=asked.weekday())
    return render_template(
        "places/week.html",
        place=place,
        problem=problem,
        asked=request.args.get("on", "")[:40],
        first=first,
        before=first - WEEK,
        after=first + WEEK,
        days=week.days_of(place, first, viewer(), now=this_moment()),
        may_book=_may_book(place),
    )


@bp.get("/bookings")
@allow("places.book")
def index() -> str:
    """The bookings of one's own organization, or of the places one keeps."""
    return render_template(
        "places/bookings.html",
        page=paginate(bookings.bookings_visible_to(viewer())),
        labels=labels,
        clock_of=bookings.clock_of,
        now=this_moment(),
        operates=operates,
        kept=viewer().may("places.operate"),
    )


@bp.route("/places/<public_id>/bookings/new", methods=["GET", "POST"])
@allow("places.book")
def create(public_id: str) -> ResponseReturnValue:
    """Book a place."""
    place, today = get_place(public_id, viewer()), calendar.today()
    asked, _problem = day_asked(request.args.get("on", ""))
    first = request.args.get("at", place.open_from * 60, type=int)
    form = BookingForm(on=asked, starts=first, ends=first + 60, units=1)
    form.offer_times(place)
    if viewer().role is Role.MEMBER:
        form.leave_out_organization()
    response = submit(
        form,
        lambda: bookings.book(place, _wish(form), today=today, now=this_moment(), viewer=viewer()),
        then=lambda row: url_for("bookings.show", public_id=public_id, on=row.on.isoformat()),
        message=_("予約しました。"),
    )
    if response:
        return response
    form.offer_organizations(viewer())
    return render_template("places/book.html", form=form, place=place)


@bp.route("/bookings/<public_id>/cancel", methods=["GET", "POST"])
@allow("places.book")
def cancel(public_id: str) -> ResponseReturnValue:
    """Give a booking back."""
    row = get_booking(public_id, viewer())
    form = ReasonForm(version=row.version)
    response = submit(
        form,
        lambda: bookings.cancel_booking(
            row,
            reason=form.reason.data or "",
            version=form.version.data,
            now=this_moment(),
            viewer=viewer(),
        ),
        then=lambda _done: url_for("bookings.index"),
        message=_("予約を取り消しました。「元に戻す」で戻せます。"),
    )
    return response or render_template(
        "places/booking_cancel.html", form=form, booking=row, clock_of=bookings.clock_of
    )


@bp.post("/bookings/<public_id>/restore")
@allow("places.book")
def restore(public_id: str) -> ResponseReturnValue:
    """Undo a cancellation."""
    row = get_booking(public_id, viewer())
    return press(
        lambda version: bookings.restore_booking(
            row, version=version, today=calendar.today(), now=this_moment(), viewer=viewer()
        ),
        then=url_for("bookings.index"),
        message=_("予約を元に戻しました。"),
    )


def _wish(form: BookingForm) -> BookingWish:
    return BookingWish(
        organization=organization_of(form, viewer()),
        on=form.on.data,
        starts=form.starts.data,
        ends=form.ends.data,
        units=form.units.data or 1,
        purpose=form.purpose.data or "",
    )


def _may_book(place: Place) -> bool:
    return viewer().role is Role.MEMBER or operates(place, viewer())
