"""The office's work on a registration: review, states, recorded words."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.organizations import service, states
from registry.organizations.duplicates import duplicates_of
from registry.organizations.forms import ConsentForm, ReasonForm
from registry.organizations.history import history_of
from registry.organizations.invitations import invitations_of
from registry.organizations.merges import merges_of
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization, members_of
from registry.organizations.views import words
from registry.web.access import allow, viewer
from registry.web.forms import BaseForm, PlainForm
from registry.web.submit import submit

bp = Blueprint("organization_review", __name__)
bp.context_processor(words)


@bp.get("/organizations/<public_id>/review")
@allow("organizations.review")
def review(public_id: str) -> str:
    """All that decides on a registration, on one page."""
    return _review(public_id, PlainForm(), ReasonForm())


@bp.post("/organizations/<public_id>/submit")
@allow("organizations.edit")
def hand_in(public_id: str) -> ResponseReturnValue:
    """Hand a draft to the office."""
    form = PlainForm()

    def act() -> Organization:
        organization = get_organization(public_id, viewer())
        states.submit_organization(organization, viewer=viewer())
        return organization

    message = _("提出しました。事務局が確認します。")
    if response := submit(form, act, then=_after, message=message):
        return response
    organization = get_organization(public_id, viewer())
    return render_template("organizations/refused.html", form=form, organization=organization)


@bp.post("/organizations/<public_id>/approve")
@allow("organizations.review")
def approve(public_id: str) -> ResponseReturnValue:
    """Put an organization on the public list."""
    form = PlainForm()
    act = _acting(
        public_id,
        lambda found: states.approve_organization(found, viewer=viewer(), today=calendar.today()),
    )
    message = _("承認しました。公開の一覧に載りました。")
    return submit(form, act, then=_after, message=message) or _review(
        public_id, form, ReasonForm(formdata=None)
    )


@bp.post("/organizations/<public_id>/return")
@allow("organizations.review")
def give_back(public_id: str) -> ResponseReturnValue:
    """Give a registration back for correction."""
    form = ReasonForm()
    act = _acting(
        public_id,
        lambda found: states.return_organization(
            found, reason=form.reason.data or "", viewer=viewer()
        ),
    )
    message = _("差し戻しました。理由をメールで知らせます。")
    return submit(form, act, then=_after, message=message) or _review(public_id, form, form)


@bp.route("/organizations/<public_id>/archive", methods=["GET", "POST"])
@allow("organizations.review")
def archive(public_id: str) -> ResponseReturnValue:
    """End a registration, with the reason."""
    form = ReasonForm()
    organization = get_organization(public_id, viewer())
    act = _acting(
        public_id,
        lambda found: states.archive_organization(
            found, reason=form.reason.data or "", viewer=viewer(), today=calendar.today()
        ),
    )
    if response := submit(form, act, then=_after, message=_("登録を終了しました。")):
        return response
    return render_template("organizations/archive.html", form=form, organization=organization)


@bp.post("/organizations/<public_id>/restore")
@allow("organizations.review")
def restore(public_id: str) -> ResponseReturnValue:
    """Bring an archived organization back."""
    form = PlainForm()
    act = _acting(public_id, lambda found: states.restore_organization(found, viewer=viewer()))
    return submit(form, act, then=_after, message=_("登録を再開しました。")) or _review(
        public_id, form, ReasonForm(formdata=None)
    )


@bp.route("/organizations/<public_id>/consents/new", methods=["GET", "POST"])
@allow("organizations.record")
def record_consent(public_id: str) -> ResponseReturnValue:
    """Write down a word that the organization gave."""
    form = ConsentForm()
    organization = get_organization(public_id, viewer())
    act = _acting(
        public_id,
        lambda found: service.record_consent(
            found,
            **vars(form.word(form.about.data or "")),
            viewer=viewer(),
            today=calendar.today(),
        ),
    )
    if response := submit(form, act, then=_after, message=_("同意を記録しました。")):
        return response
    return render_template("organizations/consent.html", form=form, organization=organization)


def _acting(public_id: str, change: Callable[[Organization], object]) -> Callable[[], Organization]:
    """The change, on the row as read within the transaction."""

    def act() -> Organization:
        organization = get_organization(public_id, viewer())
        change(organization)
        return organization

    return act


def _after(organization: Organization) -> str:
    if viewer().is_staff:
        return url_for("organization_review.review", public_id=organization.public_id)
    return url_for("organizations.own")


def _review(public_id: str, form: BaseForm, reason: ReasonForm) -> str:
    organization = get_organization(public_id, viewer())
    found = duplicates_of(organization, viewer=viewer())
    return render_template(
        "organizations/review.html",
        organization=organization,
        form=form,
        reason=reason,
        duplicates=found,
        members=members_of(organization),
        invitations=invitations_of(organization),
        history=history_of(organization, viewer()),
        merges=merges_of(organization),
    )
