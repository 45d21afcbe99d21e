"""Pages of the learned weights: their versions, what each changes, and which one ranks."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.db import now, transaction
from registry.suggestions import learning, weights
from registry.suggestions.forms import REASONS, NoteForm, ReasonForm
from registry.suggestions.models import LearnedWeights
from registry.suggestions.queries import listings_by_ref
from registry.suggestions.teaching import TEACHES, tally
from registry.suggestions.weighing import lines_of, measured
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("weights", __name__, url_prefix="/suggestions/weights")


@bp.get("")
@allow("weights.read")
def index() -> str:
    """All versions, what ranks now, and whether another can be trained."""
    counted = tally(now())
    return render_template(
        "weights/index.html",
        versions=weights.versions(),
        current=weights.version_in_force(),
        counted=counted,
        refusal=learning.refusal(counted),
        teaches=[(REASONS[reason], told) for reason, told in TEACHES.items()],
    )


@bp.post("/train")
@allow("weights.govern")
def train() -> ResponseReturnValue:
    """Train a proposal from all decisions so far."""
    try:
        lesson = learning.study(now())
        with transaction():
            address = _address(learning.propose(lesson, viewer=viewer()))
    except DomainError as error:
        flash(str(error.message), "error")
        return redirect(url_for("weights.index"), 303)
    flash(_("判断から学習しました。使うかどうかは、内容を見て決めてください。"), "done")
    return redirect(address, 303)


@bp.get("/<public_id>")
@allow("weights.read")
def show(public_id: str) -> str:
    """One version: its weights, its figures, and pairs whose rank it moves."""
    version = weights.get_version(public_id)
    refs = {line[side] for line in version.examples for side in ("need", "seed")}
    return render_template(
        "weights/show.html",
        version=version,
        lines=lines_of(version),
        measured=measured(version),
        listings=listings_by_ref(refs),
        current=weights.version_in_force(),
    )


@bp.route("/<public_id>/use", methods=["GET", "POST"])
@allow("weights.govern")
def use(public_id: str) -> ResponseReturnValue:
    """Put a version in force; going back to an older one asks why."""
    version, current = weights.get_version(public_id), weights.version_in_force()
    back = current is not None and current.number > version.number
    form = ReasonForm() if back else NoteForm()
    response = submit(
        form,
        lambda: learning.use(version, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _result: _address(version),
        message=lambda _result: _("第 %(number)s 版で並べます。", number=version.number),
    )
    return response or render_template(
        "weights/use.html", form=form, version=version, current=current, back=back
    )


@bp.route("/<public_id>/take-back", methods=["GET", "POST"])
@allow("weights.govern")
def take_back(public_id: str) -> ResponseReturnValue:
    """Rank by the recipe again."""
    version = weights.get_version(public_id)
    form = ReasonForm()
    response = submit(
        form,
        lambda: learning.take_back(version, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _result: url_for("weights.index"),
        message=_("もとの並べ方で並べます。"),
    )
    return response or render_template("weights/take_back.html", form=form, version=version)


def _address(version: LearnedWeights) -> str:
    return url_for("weights.show", public_id=version.public_id)
