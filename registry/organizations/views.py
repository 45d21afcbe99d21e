"""Pages of the organizations room: the public list, one organization, the own page, the forms."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar, codelists
from registry.common.enterprise_size import LegalKind, SizeAssessment, assess_size_by_industry
from registry.common.identifiers import format_corporate_number
from registry.common.roles import Role
from registry.organizations import blind, labels, service
from registry.organizations.duplicates import Draft, Duplicate, possible_duplicates
from registry.organizations.forms import (
    NewOrganizationForm,
    ProfileForm,
    ProxyForm,
    ReferralForm,
)
from registry.organizations.history import history_of
from registry.organizations.merges import visible_survivor_of
from registry.organizations.models import Organization, OrganizationKind, OrganizationState
from registry.organizations.next_steps import next_steps
from registry.organizations.numbers import public_invoice_number
from registry.organizations.people import may_manage
from registry.organizations.queries import (
    OrganizationFilter,
    count_by_state,
    found_organizations,
    get_organization,
    home_city,
    members_of,
    own_organization,
    places_in_use,
)
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

Word = TypeVar("Word", bound=StrEnum)

DRAFT_FIELDS = (
    "name",
    "kana",
    "name_en",
    "address",
    "corporate_number",
    "municipality",
    "website",
)
"""What the panel of possible duplicates looks at, by the names of the form's fields."""

bp = Blueprint("organizations", __name__)


def words() -> dict[str, object]:
    """What the room's templates say things with."""
    return {
        "labels": labels,
        "blind": blind,
        "format_corporate_number": format_corporate_number,
        "may_manage": may_manage,
        "public_invoice_number": public_invoice_number,
    }


bp.context_processor(words)


@bp.get("/organizations")
@allow("organizations.read")
def index() -> str:
    """The organizations that one may see, with search and filters."""
    wanted = _filter()
    return render_template(
        "organizations/index.html",
        page=paginate(found_organizations(wanted, viewer())),
        wanted=wanted,
        kinds=list(OrganizationKind),
        divisions=codelists.divisions(),
        places=places_in_use(viewer()),
        states=count_by_state() if viewer().is_staff else {},
    )


@bp.get("/organizations/<public_id>")
@allow("organizations.read")
def show(public_id: str) -> ResponseReturnValue:
    """One organization, of a merged one its survivor; contacts, consents and history only for its own members and staff."""
    if following := visible_survivor_of(public_id, viewer()):
        return redirect(url_for("organizations.show", public_id=following), 301)
    organization = get_organization(public_id, viewer())
    return render_template(
        "organizations/show.html",
        organization=organization,
        size=_size(organization),
        is_own=_is_own(organization),
        members=members_of(organization) if _is_own(organization) else [],
        history=history_of(organization, viewer()),
        form=PlainForm(),
    )


@bp.get("/my-organization")
@allow("organizations.edit")
def own() -> ResponseReturnValue:
    """The own organization: what to do next, contacts, colleagues, consents."""
    organization = own_organization(viewer())
    if organization is None:
        if viewer().is_staff:
            return redirect(url_for("organizations.index"))
        return render_template("organizations/own_none.html")
    return render_template(
        "organizations/own.html",
        organization=organization,
        steps=next_steps(organization, contacts=organization.contacts),
        size=_size(organization),
        members=members_of(organization),
        form=PlainForm(),
    )


@bp.get("/organizations/possible-duplicates")
@allow("organizations.enter")
def duplicates() -> str:
    """Records like the one being typed: a fragment for the form's panel."""
    return render_template(
        "organizations/duplicates.html",
        duplicates=_duplicates(request.args, except_for=request.args.get("leaving", "")),
    )


@bp.route("/organizations/new", methods=["GET", "POST"])
@allow("organizations.edit")
def create() -> ResponseReturnValue:
    """Enter an organization: staff for it, with its word; a member the own one."""
    form = (
        ProxyForm(home=home_city()) if viewer().is_staff else NewOrganizationForm(home=home_city())
    )
    about = _("企業・団体の情報の登録と公開")

    def act() -> Organization:
        return service.create_organization(
            form.profile(),
            viewer=viewer(),
            today=calendar.today(),
            consent=form.word(about) if isinstance(form, ProxyForm) else None,
            duplicates_checked=bool(form.duplicates_checked.data),
        )

    if response := submit(form, act, then=_after_entry, message=_("下書きを保存しました。")):
        return response
    return render_template(
        "organizations/create.html", form=form, duplicates=_duplicates(request.form)
    )


@bp.route("/organizations/refer", methods=["GET", "POST"])
@allow("organizations.refer")
def refer() -> ResponseReturnValue:
    """A partner tells the office of a company."""
    form = ReferralForm(home=home_city())

    def act() -> Organization:
        return service.refer_organization(
            form.profile(),
            consent=form.word(_("事務局への紹介")),
            viewer=viewer(),
            today=calendar.today(),
        )

    if response := submit(
        form, act, then=_page, message=_("紹介を受け付けました。事務局が確かめます。")
    ):
        return response
    return render_template(
        "organizations/refer.html", form=form, duplicates=_duplicates(request.form)
    )


@bp.route("/organizations/<public_id>/edit", methods=["GET", "POST"])
@allow("organizations.edit")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct what is written about an organization."""
    organization = get_organization(public_id, viewer())
    service.refuse_stranger(organization, viewer())
    form = ProfileForm(obj=organization, home=home_city())

    def act() -> Organization:
        found = get_organization(public_id, viewer())
        service.change_organization(
            found, form.profile(), version=form.version.data, viewer=viewer()
        )
        return found

    if response := submit(form, act, then=_after_entry, message=_("保存しました。")):
        return response
    organization = get_organization(public_id, viewer())
    return render_template(
        "organizations/edit.html",
        form=form,
        organization=organization,
        duplicates=_duplicates(request.form, except_for=public_id),
    )


def _filter() -> OrganizationFilter:
    """The filter as asked for; what is no such value counts as not asked."""
    asked = request.args
    return OrganizationFilter(
        text=asked.get("q", "")[:200],
        kind=_member(OrganizationKind, asked.get("kind", "")),
        division=asked.get("division", "")[:1],
        place=asked.get("place", "")[:5],
        band=asked.get("size", "")[:8],
        state=_member(OrganizationState, asked.get("state", "")),
        referred=viewer().role is Role.PARTNER and asked.get("referred") == "y",
    )


def _member(enum: type[Word], text: str) -> Word | None:
    return enum(text) if text in [entry.value for entry in enum] else None


def _is_own(organization: Organization) -> bool:
    return viewer().is_staff or viewer().belongs_to(organization.id)


def _page(organization: Organization) -> str:
    return url_for("organizations.show", public_id=organization.public_id)


def _after_entry(organization: Organization) -> str:
    """Members come back to the own page, staff to the record's review."""
    if viewer().is_staff:
        return url_for("organization_review.review", public_id=organization.public_id)
    return url_for("organizations.own")


def _size(organization: Organization) -> SizeAssessment:
    form = LegalKind.COMPANY if organization.kind is OrganizationKind.COMPANY else LegalKind.OTHER
    return assess_size_by_industry(
        organization.industry or None, organization.capital_yen, organization.employees, form
    )


def _duplicates(typed: Mapping[str, str], *, except_for: str = "") -> list[Duplicate]:
    """Records like what was typed, of those the viewer may see; staff may see all."""
    draft = Draft(**{name: typed.get(name, "")[:200] for name in DRAFT_FIELDS})
    return possible_duplicates(draft, viewer=viewer(), except_for=except_for)
