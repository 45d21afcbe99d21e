"""The office's pages on duplicates: the list of pairs, one pair side by side, merging, undoing."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import NotFound
from registry.organizations import identity_words, keys, merges, merging, numbers, pairs
from registry.organizations.duplicates import Draft, possible_duplicates
from registry.organizations.identity import Verdict
from registry.organizations.identity_forms import DecisionForm, NumbersForm, merge_form
from registry.organizations.identity_models import Merge, PairState
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization
from registry.organizations.service import refuse_stranger
from registry.organizations.unmerging import Undone, undo_merge
from registry.organizations.views import words
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.limits import limiter
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("organization_identity", __name__)
bp.context_processor(words)
bp.context_processor(lambda: {"words": identity_words, "numbers": numbers})


@bp.get("/organizations/duplicates")
@allow("organizations.review")
def index() -> str:
    """Pairs that may be one organization, the strongest first."""
    asked = request.args
    states = {state.value: state for state in PairState}
    verdicts = {verdict.value: verdict for verdict in Verdict if verdict is not Verdict.DIFFERENT}
    wanted = pairs.PairFilter(
        state=states.get(asked.get("state", ""), PairState.OPEN),
        verdict=verdicts.get(asked.get("verdict", "")),
        text=asked.get("q", "")[:200],
    )
    return render_template(
        "organizations/pairs.html",
        page=paginate(pairs.pairs(wanted)),
        wanted=wanted,
        states=list(PairState),
        verdicts=list(verdicts.values()),
        waiting=keys.count_unchecked(),
        form=PlainForm(),
    )


@bp.route("/organizations/<public_id>/merge/<other_id>", methods=["GET", "POST"])
@allow("organizations.review")
def merge(public_id: str, other_id: str) -> ResponseReturnValue:
    """Two records side by side: choose which values stay, and make them one."""
    survivor, merged = _both(public_id, other_id)
    form = merge_form(survivor, merged)

    def act() -> Merge:
        wish = merging.MergeWish(
            *_both(public_id, other_id),
            from_merged=form.from_merged(),
            survivor_version=form.version.data,
            merged_version=form.other_version.data,
        )
        return merging.merge_organizations(wish, viewer=viewer(), today=calendar.today())

    if response := submit(form, act, then=_review, message=_("統合しました。取り消せます。")):
        return response
    survivor, merged = _both(public_id, other_id)
    return render_template(
        "organizations/merge.html",
        form=form,
        survivor=survivor,
        merged=merged,
        pair=pairs.pair_of(survivor, merged),
        groups=merging.GROUPS,
        moving=identity_words.moved_words(merging.what_would_move(merged)),
    )


@bp.post("/organizations/<public_id>/compare/<other_id>")
@allow("organizations.review")
def decide(public_id: str, other_id: str) -> ResponseReturnValue:
    """Say that two records are not one, or that it is decided later."""
    form = DecisionForm()

    def act() -> None:
        first, second = _both(public_id, other_id)
        pairs.decide(first, second, form.state.data, viewer=viewer(), today=calendar.today())

    done = submit(
        form,
        act,
        then=lambda _none: url_for("organization_identity.index"),
        message=_("判断を記録しました。データが変わるまで、この組は出てきません。"),
    )
    organization = get_organization(public_id, viewer())
    return done or render_template(
        "organizations/refused.html", form=form, organization=organization
    )


@bp.post("/organizations/merges/<public_id>/undo")
@allow("organizations.review")
def undo(public_id: str) -> ResponseReturnValue:
    """Give a merged record back."""
    form = PlainForm()
    found = merges.get_merge(public_id)
    survivor = merges.organization_of(merges.survivor_of(found.merged_public_id) or "")

    def act() -> Undone:
        return undo_merge(merges.get_merge(public_id), viewer=viewer())

    def message(undone: Undone) -> str:
        for note in undone.notes:
            flash(note, "warn")
        return str(_("統合を取り消しました。"))

    done = submit(form, act, then=lambda undone: _page(undone.organization), message=message)
    if done is None and survivor is None:
        raise NotFound
    return done or render_template("organizations/refused.html", form=form, organization=survivor)


@bp.route("/organizations/<public_id>/numbers", methods=["GET", "POST"])
@allow("organizations.edit")
def edit_numbers(public_id: str) -> ResponseReturnValue:
    """T-number with the day it was checked, and corporate numbers that were taken over."""
    organization = get_organization(public_id, viewer())
    refuse_stranger(organization, viewer())
    form = NumbersForm(
        obj=organization,
        status=organization.invoice_status,
        checked_on=organization.invoice_checked_on,
    )

    def act() -> Organization:
        found = get_organization(public_id, viewer())
        numbers.write_numbers(
            found,
            form.numbers(),
            version=form.version.data,
            viewer=viewer(),
            today=calendar.today(),
        )
        return found

    if response := submit(form, act, then=_page, message=_("保存しました。")):
        return response
    organization = get_organization(public_id, viewer())
    return render_template("organizations/numbers.html", form=form, organization=organization)


@bp.get("/join/possible-organizations")
@allow("account.join")
@limiter.limit("60 per minute")
def applicants_panel() -> str:
    """Public organizations like the one an applicant names: a fragment for the form's panel."""
    draft = Draft(name=request.args.get("organization_name", "")[:120])
    return render_template(
        "organizations/duplicates.html", duplicates=possible_duplicates(draft, viewer=viewer())
    )


def _both(public_id: str, other_id: str) -> tuple[Organization, Organization]:
    """Two different organizations. Raises NotFound."""
    if public_id == other_id:
        raise NotFound
    return get_organization(public_id, viewer()), get_organization(other_id, viewer())


def _page(organization: Organization) -> str:
    return url_for("organizations.show", public_id=organization.public_id)


def _review(merge: Merge) -> str:
    return url_for("organization_review.review", public_id=merge.survivor_public_id)
