"""Ways in for those outside: the application to join, and the links from mails.

Opening a link changes nothing: mail scanners open links. A button posts.
"""

import hashlib

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts.links import absolute
from registry.accounts.queries import user_by_email
from registry.common import calendar
from registry.common.errors import NotFound
from registry.organizations import invitations, joining
from registry.organizations.joining_forms import ApplicationForm, PasswordForm
from registry.organizations.models import InvitationState
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.i18n import locale
from registry.web.limits import limiter
from registry.web.submit import submit

bp = Blueprint("joining", __name__)


def _address_typed() -> str:
    typed = request.form.get("email", "").strip().lower()
    return "join:" + hashlib.sha256(typed.encode()).hexdigest()[:32]


@bp.route("/join", methods=["GET", "POST"])
@allow("account.join")
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("5 per hour", key_func=_address_typed, methods=["POST"])
def apply() -> ResponseReturnValue:
    """Apply to join. The answer is the same for every address."""
    form = ApplicationForm()

    def act() -> None:
        application = joining.Application(
            email=form.email.data or "",
            name=form.name.data or "",
            organization_name=form.organization_name.data or "",
            message=form.message.data or "",
            locale=locale(),
        )
        joining.apply_to_join(
            application, link=lambda token: absolute(url_for("joining.verify", token=token))
        )

    if response := submit(form, act, then=lambda _row: url_for("joining.sent")):
        return response
    return render_template("joining/apply.html", form=form)


@bp.get("/join/sent")
@allow("account.join")
def sent() -> str:
    """The application was taken; look into the mail."""
    return render_template("joining/sent.html")


@bp.route("/join/verify/<token>", methods=["GET", "POST"])
@allow("account.join")
@limiter.limit("60 per hour", methods=["POST"])
def verify(token: str) -> ResponseReturnValue:
    """The link from the mail: a button proves the address."""
    form = PlainForm()
    try:
        if response := submit(
            form,
            lambda: joining.verify_address(token),
            then=lambda _row: url_for("joining.verified"),
        ):
            return response
        invitations.by_token(token, InvitationState.UNVERIFIED)
    except NotFound:
        return render_template("joining/dead_link.html"), 404
    return render_template("joining/verify.html", form=form, token=token)


@bp.get("/join/verified")
@allow("account.join")
def verified() -> str:
    """The office has the application; what happens next."""
    return render_template("joining/verified.html")


@bp.route("/join/invitation/<token>", methods=["GET", "POST"])
@allow("account.join")
@limiter.limit("60 per hour", methods=["POST"])
def join(token: str) -> ResponseReturnValue:
    """Use an invitation: name and password make an account."""
    form = PasswordForm()
    try:
        if response := submit(
            form,
            lambda: invitations.join(
                token,
                name=form.name.data or "",
                password=form.password.data or "",
                today=calendar.today(),
            ),
            then=lambda _user: url_for("security.login"),
            message=_(
                "アカウントができました。メールアドレスとパスワードでサインインしてください。"
            ),
        ):
            return response
        invitation = invitations.by_token(token, InvitationState.OPEN)
    except NotFound:
        return render_template("joining/dead_link.html"), 404
    if not form.is_submitted():
        form.name.data = invitation.name
    known = user_by_email(invitation.email)
    template = "joining/join_known.html" if known else "joining/join.html"
    return render_template(
        template,
        form=form,
        invitation=invitation,
        token=token,
        is_me=bool(known and known.id == viewer().user_id),
    )


@bp.post("/join/invitation/<token>/with-account")
@allow("account.use")
def join_signed_in(token: str) -> ResponseReturnValue:
    """Use an invitation with the account one has."""
    form = PlainForm()
    try:
        if response := submit(
            form,
            lambda: invitations.join_signed_in(token, viewer=viewer(), today=calendar.today()),
            then=lambda _row: url_for("portal.front_page"),
            message=_("企業・団体に参加しました。"),
        ):
            return response
        invitation = invitations.by_token(token, InvitationState.OPEN)
    except NotFound:
        return render_template("joining/dead_link.html"), 404
    return render_template(
        "joining/join_known.html", form=form, invitation=invitation, token=token, is_me=True
    )
