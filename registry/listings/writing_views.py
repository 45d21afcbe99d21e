"""Pages on which a seed or a need is written: form, confirmation, submission."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.viewer import Viewer
from registry.listings import drafting, labels, service
from registry.listings.audience import audience
from registry.listings.cards import card
from registry.listings.content import content_of, gaps
from registry.listings.forms import ListingForm, ProxyForm, answers_of
from registry.listings.models import Listing, ListingKind, ListingState
from registry.listings.queries import get_listing
from registry.listings.states import STEPS, Step
from registry.organizations.models import Organization
from registry.organizations.queries import find_by_text, get_organization, own_organization
from registry.web.access import allow, viewer
from registry.web.forms import EditForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("listing_writing", __name__)


@bp.route("/listings/new", methods=["GET", "POST"])
@allow("listings.write")
def create() -> ResponseReturnValue:
    """Write a seed or a need; staff write it for a firm."""
    kind = _kind_asked()
    organization = _organization_asked(viewer())
    if organization is None:
        return redirect(url_for("listing_writing.choose", kind=kind.value, **_text_asked()), 303)
    begun = drafting.begin_with(request.args.get("text", ""))
    form = _form(kind, proxy=viewer().is_staff, data=begun)
    return _answer(
        form,
        lambda: service.create_listing(
            form.content(),
            kind=kind,
            organization=organization,
            consent=getattr(form, "consent", None),
            viewer=viewer(),
            today=calendar.today(),
        ),
        organization,
    )


@bp.route("/listings/new/organization")
@allow("listings.write")
def choose() -> ResponseReturnValue:
    """Choose the firm for which a listing is written; members come here without one."""
    text = request.args.get("q", "")
    found = paginate(find_by_text(text, viewer()), size=20) if viewer().is_staff else None
    return render_template(
        "listings/choose.html", found=found, q=text, kind=_kind_asked(), carried=_text_asked()
    )


@bp.route("/listings/<public_id>/edit", methods=["GET", "POST"])
@allow("listings.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Write a listing anew."""
    listing = get_listing(public_id, viewer())
    service.refuse_stranger(listing.organization_id, viewer())
    if listing.state not in STEPS[Step.EDIT]:
        return redirect(url_for("listings.show", public_id=public_id), 303)
    form = _form(
        listing.kind,
        proxy=viewer().is_staff and service.consent_is_missing(listing),
        data={**answers_of(content_of(listing)), "version": listing.version},
    )
    return _answer(
        form,
        lambda: service.change_listing(
            listing,
            form.content(),
            version=form.version.data,
            consent=getattr(form, "consent", None),
            viewer=viewer(),
            today=calendar.today(),
        ),
        listing.organization,
        listing,
    )


@bp.route("/listings/<public_id>/confirm", methods=["GET", "POST"])
@allow("listings.write")
def confirm(public_id: str) -> ResponseReturnValue:
    """Read a draft once more and hand it in; staff may publish it at once."""
    listing = get_listing(public_id, viewer())
    service.refuse_stranger(listing.organization_id, viewer())
    if listing.state not in STEPS[Step.SUBMIT]:
        return redirect(url_for("listings.show", public_id=public_id), 303)
    today = calendar.today()
    publish = viewer().is_staff and request.form.get("do") == "publish"
    form = EditForm(data={"version": listing.version})
    if response := submit(
        form,
        lambda: service.submit_listing(
            listing, version=form.version.data, publish=publish, viewer=viewer(), today=today
        ),
        then=lambda _done: url_for("listings.show", public_id=public_id),
        message=_("公開しました。") if publish else _("審査に出しました。結果はメールで届きます。"),
    ):
        return response
    found, further = drafting.lacks(listing)
    return render_template(
        "listings/confirm.html",
        form=form,
        findability=found,
        further=further,
        listing=listing,
        card=card(listing, viewer=viewer(), today=today),
        circles=audience(listing.visibility, anonymous=listing.anonymous),
        gaps=gaps(content_of(listing), listing.kind, today=today),
        consent_missing=service.consent_is_missing(listing),
        labels=labels,
    )


def _form(kind: ListingKind, *, proxy: bool, data: dict[str, object] | None = None) -> ListingForm:
    make: Callable[..., ListingForm] = ProxyForm if proxy else ListingForm
    last_day = drafting.last_day()
    form = make(
        kind=kind,
        today=calendar.today(),
        last_day=last_day,
        data={"valid_until": last_day, **(data or {})},
    )
    form.is_draft = request.form.get("do") == "draft"
    return form


def _answer(
    form: ListingForm,
    save: Callable[[], Listing],
    organization: Organization,
    listing: Listing | None = None,
) -> ResponseReturnValue:
    """Help where a button asks for help, else save and go on; the page with the form otherwise."""
    proposed = drafting.help_with(form, request.form.get("do", ""))
    if proposed is None and (response := submit(form, save, then=_next_page, message=_saved)):
        return response
    return render_template(
        "listings/write.html",
        form=form,
        organization=organization,
        listing=listing,
        proposed=drafting.lacking_words(form) if proposed is None else proposed,
        take=drafting.TAKE,
        preview=drafting.preview(form, organization),
        findability=drafting.findability(form),
        asks_consent=isinstance(form, ProxyForm),
        reviewed_again=listing is not None
        and listing.state is ListingState.PUBLISHED
        and not viewer().is_staff,
        labels=labels,
    )


def _next_page(listing: Listing) -> str:
    """After saving: a draft stays open, a complete one is confirmed, a shown one is shown."""
    if listing.state not in STEPS[Step.SUBMIT]:
        return url_for("listings.show", public_id=listing.public_id)
    draft = request.form.get("do") == "draft"
    page = "listing_writing.edit" if draft else "listing_writing.confirm"
    return url_for(page, public_id=listing.public_id)


def _saved(listing: Listing) -> str:
    if request.form.get("do") == "draft":
        return str(_("下書きに保存しました。"))
    if listing.state is ListingState.SUBMITTED:
        return str(_("変更しました。審査のあとに公開されます。"))
    return "" if listing.state in STEPS[Step.SUBMIT] else str(_("変更しました。"))


def _kind_asked() -> ListingKind:
    return ListingKind.SEED if request.args.get("kind") == "seed" else ListingKind.NEED


def _text_asked() -> dict[str, Any]:
    """A text from which a draft is begun, carried on from page to page."""
    text = request.args.get("text", "")[: drafting.BEGUN_WITH]
    return {"text": text} if text else {}


def _organization_asked(who: Viewer) -> Organization | None:
    """A member's own organization; for staff the one in the address. Raises NotFound."""
    if not who.is_staff:
        return own_organization(who)
    wanted = request.args.get("organization", "")
    return get_organization(wanted, who) if wanted else None
