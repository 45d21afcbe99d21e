"""Pages of the further needs and seeds of a case."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import further
from registry.cases.further_forms import FurtherEditForm, FurtherForm
from registry.cases.further_offers import offered
from registry.cases.listing_models import CaseListing
from registry.cases.models import Case
from registry.cases.queries import get_case
from registry.cases.roles import proposed_roles
from registry.cases.views import address_of
from registry.common import calendar
from registry.listings.queries import get_listing
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("case_listings", __name__)


@bp.app_context_processor
def words() -> dict[str, object]:
    """For pages that ask for a role."""
    return {"proposed_roles": proposed_roles}


@bp.route("/cases/<public_id>/listings/new", methods=["GET", "POST"])
@allow("cases.work")
def add(public_id: str) -> ResponseReturnValue:
    """Bring a further need or seed into a case."""
    case, text = get_case(public_id, viewer()), request.args.get("q", "")[:200]
    form = FurtherForm()
    found = offered(case, text, today=calendar.today(), viewer=viewer())
    form.listing.choices = [(one.public_id, f"{one.reference} {one.title}") for one in found]
    response = submit(
        form,
        lambda: _add(case, form),
        then=lambda _row: address_of(case),
        message=_("案件を加えました。相手に見える画面を確かめてから、依頼を送ってください。"),
    )
    return response or render_template(
        "cases/add_listing.html", form=form, case=case, text=text, found=found
    )


@bp.route("/cases/<public_id>/listings/<entry_id>/edit", methods=["GET", "POST"])
@allow("cases.work")
def edit(public_id: str, entry_id: str) -> ResponseReturnValue:
    """Change what is said of a further need or seed."""
    case, row = _find(public_id, entry_id)
    form = FurtherEditForm(
        data={"role": row.role, "blind_summary": row.blind_summary, "version": row.version}
    )
    response = submit(
        form,
        lambda: further.change_listing(
            row,
            further.Words(form.role.data or "", form.blind_summary.data or ""),
            version=form.version.data,
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("変更しました。"),
    )
    return response or render_template("cases/edit_listing.html", form=form, case=case, row=row)


@bp.post("/cases/<public_id>/listings/<entry_id>/remove")
@allow("cases.work")
def remove(public_id: str, entry_id: str) -> ResponseReturnValue:
    """Take a further need or seed out of a case."""
    case, row = _find(public_id, entry_id)
    return press(
        lambda: further.remove_listing(row, viewer=viewer()),
        back=address_of(case),
        message=_("案件を外しました。「外した案件」から元に戻せます。"),
    )


@bp.post("/cases/<public_id>/listings/<entry_id>/restore")
@allow("cases.work")
def restore(public_id: str, entry_id: str) -> ResponseReturnValue:
    """Put a further need or seed back."""
    case, row = _find(public_id, entry_id)
    return press(
        lambda: further.restore_listing(row, today=calendar.today(), viewer=viewer()),
        back=address_of(case),
        message=_("案件を元に戻しました。"),
    )


def _find(public_id: str, entry_id: str) -> tuple[Case, CaseListing]:
    case = get_case(public_id, viewer())
    return case, further.entry_of(case, entry_id)


def _add(case: Case, form: FurtherForm) -> CaseListing:
    words = further.Words(form.role.data or "", form.blind_summary.data or "")
    listing = get_listing(form.listing.data, viewer())
    return further.add_listing(case, listing, words, today=calendar.today(), viewer=viewer())
