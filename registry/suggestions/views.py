"""Pages of suggestions: needs that have candidates, the workbench, decisions."""

import uuid
from datetime import timedelta
from typing import Any

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
from registry.suggestions.filters import facets, wanted_in
from registry.suggestions.forms import DeferForm, DismissForm
from registry.suggestions.matcher import MEMBERS, encoder, matcher
from registry.suggestions.models import Decision, DecisionKind
from registry.suggestions.queries import (
    get_decision,
    needs_with_candidates,
    needs_without_candidates,
    seeds_with_candidates,
)
from registry.suggestions.support import programs_for_listing
from registry.suggestions.texts import other_kind
from registry.suggestions.workbench import lay_out
from registry.web.access import allow, viewer
from registry.web.paging import paginate_rows
from registry.web.submit import submit

bp = Blueprint("suggestions", __name__)
DEFERRED_DAYS = 14
SHOWN_PROGRAMS = 3


@bp.get("/suggestions")
@allow("suggestions.decide")
def index() -> str:
    """Needs (or, asked so, seeds) that have candidates to look at, and needs that have none."""
    today, seeds = calendar.today(), request.args.get("kind") == "seed"
    with_candidates = seeds_with_candidates if seeds else needs_with_candidates
    return render_template(
        "suggestions/index.html",
        page=paginate_rows(with_candidates(today)),
        seeds=seeds,
        without=[] if seeds else needs_without_candidates(),
        owner_line=owner_line,
    )


@bp.get("/suggestions/<public_id>")
@allow("suggestions.decide")
def workbench(public_id: str) -> str:
    """One listing beside its ranked candidates."""
    listing = get_listing(public_id, viewer())
    wanted = wanted_in(request.args)
    bench = lay_out(listing, shown=request.args.get("seed", ""), wanted=wanted)
    compared = request.args.getlist("compare")[:2]
    return render_template(
        "suggestions/workbench.html",
        bench=bench,
        compared=[row for row in bench.rows if row.listing.public_id in compared],
        chosen=compared,
        categories=CATEGORIES,
        wanted=wanted,
        facets=facets(other_kind(listing.kind)),
        programs=programs_for_listing(listing, viewer(), limit=SHOWN_PROGRAMS),
        undoable=_undoable(),
        new_key=lambda: str(uuid.uuid4()),
        has_meaning=encoder() is not None,
        ranking=matcher().ranking(),
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
            viewer=viewer(),
        ),
        then=_to_words if request.form.get("then") == "words" else _back,
    )
    return response or render_template(
        "suggestions/dismiss.html",
        form=form,
        need=need,
        seed=seed,
        owner_line=owner_line,
        back=_bench_address(need, seed),
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
        "suggestions/defer.html",
        form=form,
        need=need,
        seed=seed,
        owner_line=owner_line,
        back=_bench_address(need, seed),
    )


@bp.post("/suggestions/decisions/<public_id>/undo")
@allow("suggestions.decide")
def undo(public_id: str) -> ResponseReturnValue:
    """Take a deferral or dismissal back."""
    decision = get_decision(public_id)
    back = _bench_address(decision.need, decision.seed)
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
    benches = [lay_out(listing, audience=MEMBERS) for listing in _own_listings() if listing.is_open]
    return render_template("suggestions/own.html", benches=benches, owner_line=owner_line)


def _own_listings() -> list[Listing]:
    organization = own_organization(viewer())
    return listings_of(organization, viewer()) if organization else []


def _pair(need_id: str, seed_id: str) -> tuple[Listing, Listing]:
    return get_listing(need_id, viewer()), get_listing(seed_id, viewer())


def _back(decision: Decision) -> str:
    return _bench_address(decision.need, decision.seed, decided=decision.public_id)


def _to_words(decision: Decision) -> str:
    return url_for("words.tell", public_id=decision.public_id)


def _bench_address(need: Listing, seed: Listing, **more: str) -> str:
    """The workbench from which the pair was looked at (`?at=`), with its filters."""
    at = seed if request.args.get("at") == seed.public_id else need
    args: dict[str, Any] = {**wanted_in(request.args).args(), **more}
    return url_for("suggestions.workbench", public_id=at.public_id, **args)


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
