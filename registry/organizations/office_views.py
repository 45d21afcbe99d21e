"""The office's desk for those who come in: applications, invitations."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts.security import role_label
from registry.common import calendar
from registry.common.errors import DomainError
from registry.organizations import invitations, joining, labels
from registry.organizations.duplicates import Draft, Duplicate, possible_duplicates
from registry.organizations.joining_forms import (
    BY_NUMBER,
    NEW,
    AnswerForm,
    DeclineForm,
    StaffInvitationForm,
)
from registry.organizations.models import Invitation, InvitationState, Organization
from registry.organizations.people_views import invitation_link
from registry.organizations.queries import (
    get_organization,
    organization_by_number,
    organization_choices,
)
from registry.organizations.views import words
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.limits import limiter
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("joining_office", __name__)
bp.context_processor(words)
bp.context_processor(lambda: {"role_label": role_label})


@bp.get("/joining")
@allow("organizations.review")
def index() -> str:
    """Applications that wait for an answer, invitations that wait for their guest, and the rest."""
    asked = request.args.get("state", "")
    known = {state.value: state for state in InvitationState}
    state = known.get(asked, InvitationState.APPLIED)
    return render_template(
        "joining/index.html",
        page=paginate(invitations.invitations(state)),
        state=state,
        states=list(InvitationState),
    )


@bp.route("/joining/new", methods=["GET", "POST"])
@allow("organizations.review")
@limiter.limit("120 per hour", methods=["POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody in any role that is the viewer's to give."""
    form = StaffInvitationForm(
        roles=invitations.invitable_roles(viewer()), choices=organization_choices(viewer())
    )

    def act() -> Invitation:
        chosen = form.organization.data
        wish = invitations.Invite(
            email=form.email.data or "",
            name=form.name.data or "",
            role=form.role.data,
            organization=get_organization(chosen, viewer()) if chosen else None,
            is_manager=bool(form.is_manager.data),
            locale=form.locale.data,
        )
        return invitations.invite(wish, viewer=viewer(), link=invitation_link)

    if response := submit(
        form,
        act,
        then=lambda _row: url_for("joining_office.index", state="open"),
        message=_("招待を送りました。"),
    ):
        return response
    return render_template("joining/invite.html", form=form)


@bp.route("/joining/<public_id>", methods=["GET", "POST"])
@allow("organizations.review")
def answer(public_id: str) -> ResponseReturnValue:
    """One application: let the applicant in, for which organization."""
    application = invitations.get_invitation(public_id, viewer())
    found = possible_duplicates(Draft(name=application.organization_name), viewer=viewer())
    form = AnswerForm(candidates=[duplicate.organization for duplicate in found])

    def act() -> Organization:
        return joining.accept_application(
            invitations.get_invitation(public_id, viewer()),
            organization=_chosen(form),
            viewer=viewer(),
            today=calendar.today(),
            link=invitation_link,
        )

    if response := submit(
        form,
        act,
        then=lambda _row: url_for("joining_office.index"),
        message=_("申込を受け入れ、招待を送りました。"),
    ):
        return response
    return render_template(
        "joining/answer.html",
        form=form,
        decline=DeclineForm(formdata=None),
        hints=_hints(found),
        application=invitations.get_invitation(public_id, viewer()),
    )


@bp.post("/joining/<public_id>/decline")
@allow("organizations.review")
def decline(public_id: str) -> ResponseReturnValue:
    """Refuse an applicant, with the reason."""
    form = DeclineForm()
    if response := submit(
        form,
        lambda: joining.decline_application(
            invitations.get_invitation(public_id, viewer()),
            reason=form.reason.data or "",
            viewer=viewer(),
        ),
        then=lambda _row: url_for("joining_office.index"),
        message=_("申込を断りました。理由をメールで知らせます。"),
    ):
        return response
    return render_template(
        "joining/decline.html",
        form=form,
        application=invitations.get_invitation(public_id, viewer()),
    )


@bp.post("/joining/<public_id>/revoke")
@allow("members.manage")
def revoke(public_id: str) -> ResponseReturnValue:
    """Take an open invitation back."""
    form = PlainForm()
    done = submit(
        form,
        lambda: invitations.revoke(
            invitations.get_invitation(public_id, viewer()), viewer=viewer()
        ),
        then=lambda _row: _back(public_id),
        message=_("招待を取り消しました。リンクはもう使えません。"),
    )
    return done or render_template("joining/refused.html", form=form, back=_back(public_id))


@bp.post("/joining/<public_id>/resend")
@allow("members.manage")
@limiter.limit("60 per hour", methods=["POST"])
def resend(public_id: str) -> ResponseReturnValue:
    """Send a new link; the old one is dead."""
    form = PlainForm()
    done = submit(
        form,
        lambda: invitations.resend(
            invitations.get_invitation(public_id, viewer()),
            viewer=viewer(),
            link=invitation_link,
        ),
        then=lambda _row: _back(public_id),
        message=_("招待を送り直しました。前のリンクは使えなくなりました。"),
    )
    return done or render_template("joining/refused.html", form=form, back=_back(public_id))


def _hints(found: list[Duplicate]) -> dict[str, str]:
    """What tells similar records apart: number, place, state."""
    return {
        organization.public_id: " ".join(
            part
            for part in (
                _("登録番号 %(number)s", number=organization.number),
                labels.place_label(organization.municipality),
                labels.state_label(organization.state),
            )
            if part
        )
        for organization in (duplicate.organization for duplicate in found)
    }


def _chosen(form: AnswerForm) -> Organization | None:
    """The organization chosen, or None for a new one."""
    choice = form.organization.data
    if choice == NEW:
        return None
    if choice != BY_NUMBER:
        return get_organization(choice, viewer())
    found = organization_by_number(int(form.number.data)) if form.number.data else None
    if found is None:
        raise DomainError(_("その登録番号の企業・団体はありません。"), field="number")
    return found


def _back(public_id: str) -> str:
    """Managers go back to their people, staff to the office's list."""
    invitation = invitations.get_invitation(public_id, viewer())
    if invitation.organization is not None:
        place = invitation.organization.public_id
        return url_for("organization_people.index", public_id=place)
    return url_for("joining_office.index", state="open")
