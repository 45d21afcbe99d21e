"""Pages of suggestions: needs that have candidates, the workbench, decisions."""

import uuid
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.db import transaction
from registry.listings.labels import CATEGORIES
from registry.listings.models import Listing
from registry.listings.queries import get_listing, listings_of, owner_line
from registry.organizations.queries import own_organization
from registry.suggestions import service
from registry.suggestions.forms import DeferForm, DismissForm
from registry.suggestions.matcher import MEMBERS, encoder
from registry.suggestions.models import Decision, DecisionKind
from registry.suggestions.queries import (
    get_decision,
    needs_with_candidates,
    needs_without_candidates,
)
from registry.suggestions.workbench import lay_out
from registry.web.access import allow, viewer
from registry.web.paging import paginate_rows
from registry.web.submit import submit

bp = Blueprint("suggestions", __name__)
DEFERRED_DAYS = 14


@bp.get("/suggestions")
@allow("suggestions.decide")
def index() -> str:
    """Needs that have candidates to look at, and those that have none."""
    return render_template(
        "suggestions/index.html",
        page=paginate_rows(needs_with_candidates(calendar.today())),
        without=needs_without_candidates(),
        owner_line=owner_line,
    )


@bp.get("/suggestions/<public_id>")
@allow("suggestions.decide")
def workbench(public_id: str) -> str:
    """One listing beside its ranked candidates."""
    listing = get_listing(public_id, viewer())
    category, place = request.args.get("category", ""), request.args.get("place", "")
    bench = lay_out(
        listing,
        today=calendar.today(),
        shown=request.args.get("seed", ""),
        category=category,
        municipality=place,
    )
    compared = request.args.getlist("compare")[:2]
    return render_template(
        "suggestions/workbench.html",
        bench=bench,
        compared=[row for row in bench.rows if row.listing.public_id in compared],
        wanted=compared,
        categories=CATEGORIES,
        category=category,
        place=place,
        undoable=_undoable(),
        new_key=lambda: str(uuid.uuid4()),
        has_meaning=encoder() is not None,
        owner_line=owner_line,
    )


@bp.route("/suggestions/<need_id>/<seed_id>/dismiss", methods=["GET", "POST"])
@allow("suggestions.decide")
def dismiss(need_id: str, seed_id: str) -> ResponseReturnValue:
    """Dismiss a suggestion with a reason."""
    need, seed = _pair(need_id, seed_id)
    form = DismissForm()
    response = submit(
        form,
        lambda: service.decide(
            need,
            seed,
            kind=DecisionKind.DISMISSED,
            reason=form.reason.data,
            words=form.words.data or "",
            viewer=viewer(),
        ),
        then=_back,
    )
    return response or render_template(
        "suggestions/dismiss.html", form=form, need=need, seed=seed, owner_line=owner_line
    )


@bp.route("/suggestions/<need_id>/<seed_id>/defer", methods=["GET", "POST"])
@allow("suggestions.decide")
def defer(need_id: str, seed_id: str) -> ResponseReturnValue:
    """Put a suggestion aside until a day."""
    need, seed = _pair(need_id, seed_id)
    form = DeferForm(until=calendar.today() + timedelta(days=DEFERRED_DAYS))
    response = submit(
        form,
        lambda: service.decide(
            need,
            seed,
            kind=DecisionKind.DEFERRED,
            until=form.until.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=_back,
    )
    return response or render_template(
        "suggestions/defer.html", form=form, need=need, seed=seed, owner_line=owner_line
    )


@bp.post("/suggestions/decisions/<public_id>/undo")
@allow("suggestions.decide")
def undo(public_id: str) -> ResponseReturnValue:
    """Take a deferral or dismissal back."""
    decision = get_decision(public_id)
    back = url_for("suggestions.workbench", public_id=decision.need.public_id)
    try:
        with transaction():
            service.undo(decision, viewer=viewer())
    except DomainError as error:
        flash(str(error.message), "error")
    else:
        flash(_("元に戻しました。"), "done")
    return redirect(back, 303)


@bp.get("/my-suggestions")
@allow("suggestions.read")
def own() -> str:
    """A member's published listings with what the engine finds for them among open listings."""
    benches = [
        lay_out(listing, today=calendar.today(), audience=MEMBERS)
        for listing in _own_listings()
        if listing.is_open
    ]
    return render_template("suggestions/own.html", benches=benches, owner_line=owner_line)


def _own_listings() -> list[Listing]:
    organization = own_organization(viewer())
    return listings_of(organization, viewer()) if organization else []


def _pair(need_id: str, seed_id: str) -> tuple[Listing, Listing]:
    return get_listing(need_id, viewer()), get_listing(seed_id, viewer())


def _back(decision: Decision) -> str:
    return url_for(
        "suggestions.workbench",
        public_id=decision.need.public_id,
        decided=decision.public_id,
    )


def _undoable() -> Decision | None:
    """The decision just made, which the page offers to undo."""
    public_id = request.args.get("decided")
    if not public_id:
        return None
    try:
        decision = get_decision(public_id)
    except DomainError:
        return None
    return None if decision.kind is DecisionKind.ACCEPTED else decision
