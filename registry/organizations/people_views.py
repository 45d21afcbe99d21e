"""Contacts and colleagues of an organization."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts.links import absolute
from registry.common import calendar
from registry.organizations import contacts, invitations, people
from registry.organizations.forms import ContactForm
from registry.organizations.joining_forms import InvitationForm
from registry.organizations.models import Organization
from registry.organizations.queries import get_organization, members_of, membership_of
from registry.organizations.service import refuse_stranger
from registry.organizations.views import words
from registry.web.access import allow, viewer
from registry.web.forms import BaseForm, PlainForm
from registry.web.limits import limiter
from registry.web.submit import submit

bp = Blueprint("organization_people", __name__)
bp.context_processor(words)


@bp.route("/organizations/<public_id>/contacts/new", methods=["GET", "POST"])
@allow("organizations.edit")
def add_contact(public_id: str) -> ResponseReturnValue:
    """A new contact person."""
    organization = _own(public_id)
    form = ContactForm()

    def act() -> object:
        return contacts.add_contact(_own(public_id), form.card(), viewer=viewer())

    back = _home(organization)
    if response := submit(form, act, then=lambda _row: back, message=_("連絡先を追加しました。")):
        return response
    return render_template("organizations/contact.html", form=form, organization=organization)


@bp.route("/organizations/<public_id>/contacts/<contact_id>/edit", methods=["GET", "POST"])
@allow("organizations.edit")
def edit_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Correct a contact person, or forget him."""
    organization = _own(public_id)
    contact = contacts.get_contact(organization, contact_id)
    form = ContactForm(obj=contact)

    def act() -> None:
        found = contacts.get_contact(_own(public_id), contact_id)
        contacts.change_contact(found, form.card(), version=form.version.data, viewer=viewer())

    back = _home(organization)
    if response := submit(form, act, then=lambda _row: back, message=_("保存しました。")):
        return response
    return render_template(
        "organizations/contact.html",
        form=form,
        organization=_own(public_id),
        contact_id=contact_id,
    )


@bp.post("/organizations/<public_id>/contacts/<contact_id>/remove")
@allow("organizations.edit")
def remove_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Forget a contact person."""
    back = _home(_own(public_id))

    def act() -> None:
        found = contacts.get_contact(_own(public_id), contact_id)
        contacts.remove_contact(found, viewer=viewer())

    done = submit(PlainForm(), act, then=lambda _row: back, message=_("連絡先を削除しました。"))
    return done or redirect(back, 303)


@bp.get("/organizations/<public_id>/people")
@allow("members.manage")
def index(public_id: str) -> str:
    """The colleagues and the open invitations."""
    return _people(public_id, PlainForm())


@bp.route("/organizations/<public_id>/people/invite", methods=["GET", "POST"])
@allow("members.manage")
@limiter.limit("60 per hour", methods=["POST"])
def invite(public_id: str) -> ResponseReturnValue:
    """Invite a colleague; by it a firm also claims the record that the office entered."""
    organization = _own(public_id)
    people.refuse_non_manager(organization, viewer())
    form = InvitationForm()

    def act() -> object:
        found = _own(public_id)
        wish = invitations.Invite(
            email=form.email.data or "",
            name=form.name.data or "",
            organization=found,
            is_manager=bool(form.is_manager.data) or not members_of(found),
            locale=form.locale.data,
        )
        return invitations.invite(wish, viewer=viewer(), link=invitation_link)

    back = url_for("organization_people.index", public_id=public_id)
    if response := submit(form, act, then=lambda _row: back, message=_("招待を送りました。")):
        return response
    return render_template(
        "organizations/invite.html",
        form=form,
        organization=_own(public_id),
        is_first=not members_of(organization),
    )


@bp.post("/organizations/<public_id>/people/<user_id>/manager")
@allow("members.manage")
def set_manager(public_id: str, user_id: str) -> ResponseReturnValue:
    """Make a colleague a manager, or a plain member again."""
    wish = request.form.get("manager") == "y"
    form = PlainForm()

    def act() -> None:
        membership = membership_of(_own(public_id), user_id)
        people.set_manager(membership, is_manager=wish, viewer=viewer())

    back = url_for("organization_people.index", public_id=public_id)
    message = _("管理担当にしました。") if wish else _("管理担当を外しました。")
    return submit(form, act, then=lambda _row: back, message=message) or _people(public_id, form)


@bp.post("/organizations/<public_id>/people/<user_id>/end")
@allow("members.manage")
def end_membership(public_id: str, user_id: str) -> ResponseReturnValue:
    """A colleague leaves: the account is closed at once."""
    form = PlainForm()

    def act() -> None:
        membership = membership_of(_own(public_id), user_id)
        people.end_membership(membership, viewer=viewer(), today=calendar.today())

    back = url_for("organization_people.index", public_id=public_id)
    message = _("参加を終えました。この人はもうサインインできません。")
    return submit(form, act, then=lambda _row: back, message=message) or _people(public_id, form)


def invitation_link(token: str) -> str:
    """The address of an invitation's page."""
    return absolute(url_for("joining.join", token=token))


def _own(public_id: str) -> Organization:
    organization = get_organization(public_id, viewer())
    refuse_stranger(organization, viewer())
    return organization


def _home(organization: Organization) -> str:
    """Where one came from: members from the own page, staff from the review."""
    if viewer().is_staff:
        return url_for("organization_review.review", public_id=organization.public_id)
    return url_for("organizations.own")


def _people(public_id: str, form: BaseForm) -> str:
    organization = _own(public_id)
    return render_template(
        "organizations/people.html",
        organization=organization,
        members=members_of(organization),
        invitations=invitations.invitations_of(organization)
        if people.may_manage(organization, viewer())
        else [],
        form=form,
    )
