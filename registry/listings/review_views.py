"""Pages for the steps of a listing: review by staff, and its end or renewal."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.listings import drafting, labels, service
from registry.listings.cards import Card, card
from registry.listings.forms import ReasonForm, RenewForm
from registry.listings.models import Listing
from registry.listings.queries import get_listing, review_queue
from registry.listings.states import STEPS, Step
from registry.organizations.blind import blind_line
from registry.organizations.labels import way_label
from registry.web.access import allow, viewer
from registry.web.forms import EditForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("listing_review", __name__)


@bp.route("/listings/review")
@allow("listings.review")
def queue() -> ResponseReturnValue:
    """What waits for review, the longest waiting first: publish it, or return it with a reason."""
    page = paginate(review_queue(), size=10)
    today = calendar.today()
    return render_template(
        "listings/queue.html",
        page=page,
        rows=[_row(card(listing, viewer=viewer(), today=today)) for listing in page],
        labels=labels,
        way_label=way_label,
    )


@bp.route("/listings/<public_id>/publish", methods=["POST"])
@allow("listings.review")
def publish(public_id: str) -> ResponseReturnValue:
    """Put a reviewed listing on the list."""
    listing = get_listing(public_id, viewer())
    return _press(
        lambda version: service.publish_listing(
            listing,
            version=version,
            hide_place=bool(request.form.get("hide_place")),
            viewer=viewer(),
            today=calendar.today(),
        ),
        listing,
        then="listing_review.queue",
        message=_("「%(title)s」を公開しました。", title=listing.title),
    )


@bp.route("/listings/<public_id>/return", methods=["GET", "POST"])
@allow("listings.review")
def send_back(public_id: str) -> ResponseReturnValue:
    """Give a listing back to its author, with what is to be corrected."""
    listing = get_listing(public_id, viewer())
    form = ReasonForm(data={"version": listing.version})
    if response := submit(
        form,
        lambda: service.return_listing(
            listing, reason=form.reason.data or "", version=form.version.data, viewer=viewer()
        ),
        then=lambda _done: url_for("listing_review.queue"),
        message=_("差し戻しました。理由はメールで伝わります。"),
    ):
        return response
    return render_template("listings/send_back.html", form=form, listing=listing)


@bp.route("/listings/<public_id>/withdraw", methods=["POST"])
@allow("listings.write")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take a listing back out of review."""
    listing = get_listing(public_id, viewer())
    return _press(
        lambda _version: service.withdraw_listing(listing, viewer=viewer()),
        listing,
        then="listings.show",
        message=_("審査から取り下げました。下書きに戻っています。"),
    )


@bp.route("/listings/<public_id>/renew", methods=["GET", "POST"])
@allow("listings.write")
def renew(public_id: str) -> ResponseReturnValue:
    """Show a listing for longer."""
    listing = _own_listing(public_id)
    if listing.state not in STEPS[Step.RENEW]:
        return redirect(url_for("listings.show", public_id=public_id), 303)
    form = RenewForm(
        data={"version": listing.version, "valid_until": drafting.later_day(listing.valid_until)}
    )
    if response := submit(
        form,
        lambda: service.renew_listing(
            listing,
            until=form.valid_until.data,
            version=form.version.data,
            viewer=viewer(),
            today=calendar.today(),
        ),
        then=lambda _done: url_for("listings.show", public_id=public_id),
        message=_("期限を延ばしました。"),
    ):
        return response
    return render_template("listings/renew.html", form=form, listing=listing)


@bp.route("/listings/<public_id>/close", methods=["GET", "POST"])
@allow("listings.write")
def close(public_id: str) -> ResponseReturnValue:
    """Take a listing off the list for good, with the reason."""
    listing = _own_listing(public_id)
    if listing.state not in STEPS[Step.CLOSE]:
        return redirect(url_for("listings.show", public_id=public_id), 303)
    form = ReasonForm(data={"version": listing.version})
    if response := submit(
        form,
        lambda: service.close_listing(
            listing, reason=form.reason.data or "", version=form.version.data, viewer=viewer()
        ),
        then=lambda _done: url_for("listings.show", public_id=public_id),
        message=_("案件を終了しました。記録は報告のために残ります。"),
    ):
        return response
    return render_template("listings/close.html", form=form, listing=listing)


def _own_listing(public_id: str) -> Listing:
    """The listing, which the viewer may change. Raises NotFound or NotAllowed."""
    listing = get_listing(public_id, viewer())
    service.refuse_stranger(listing.organization_id, viewer())
    return listing


def _row(shown: Card) -> dict[str, object]:
    """One listing of the queue: how others will see its owner, and the form to return it."""
    form = ReasonForm(formdata=None, data={"version": shown.listing.version})
    form.reason.id = f"reason-{shown.listing.public_id}"
    return {
        "card": shown,
        "form": form,
        "blind": blind_line(shown.listing.organization),
        "consent_missing": service.consent_is_missing(shown.listing),
    }


def _press(
    action: Callable[[int | None], None], listing: Listing, *, then: str, message: str
) -> ResponseReturnValue:
    """Carry out a button's step; a refusal is told on the listing's page."""
    form = EditForm()
    page = url_for("listings.show", public_id=listing.public_id)
    target = page if then == "listings.show" else url_for(then)
    if response := submit(
        form, lambda: action(form.version.data), then=lambda _done: target, message=message
    ):
        return response
    for text in [*form.form_errors, *(message for field in form for message in field.errors)]:
        flash(text, "error")
    return redirect(page, 303)
