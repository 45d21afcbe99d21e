"""The administrator's pages about people, and the overview of all that he looks after.

The overview is an address of the office room; it stands here because it counts what lies in rooms
above that one.
"""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from registry.accounts import queries, service
from registry.accounts.forms import UserForm
from registry.accounts.models import User
from registry.accounts.permissions import permission_table
from registry.accounts.security import role_label
from registry.accounts.tokens import tokens_of
from registry.audit.queries import entries_of
from registry.audit.queries import position as audit_position
from registry.common.errors import DomainError
from registry.common.roles import SIGNED_IN, Role
from registry.common.viewer import Viewer
from registry.db import transaction
from registry.notifications.queries import counts as mail_counts
from registry.office.views import bp as office
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("users", __name__)


@office.get("/admin")
@allow("office.administer")
def administration() -> str:
    """What there is to administer, with its counts."""
    return render_template(
        "office/administration.html",
        users=queries.counts(),
        mails=mail_counts(),
        entries=audit_position(),
    )


@bp.get("/admin/roles")
@allow("users.administer")
def roles() -> str:
    """Who may do what: the permission table that the app itself goes by."""
    return render_template("accounts/roles.html", table=permission_table(), roles=list(Role))


@bp.get("/admin/users")
@allow("users.administer")
def index() -> str:
    """People by role, name or address, and whether they are active."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    text = request.args.get("q", "").strip()[:100]
    page = paginate(
        queries.users(
            role=Role(role) if role in set(Role) else None,
            text=text,
            active={"active": True, "disabled": False}.get(state),
        )
    )
    return render_template(
        "accounts/users.html", page=page, role=role, state=state, text=text, roles=_roles()
    )


@bp.route("/admin/users/<public_id>", methods=["GET", "POST"])
@allow("users.administer")
def user(public_id: str) -> str | Response:
    """One person: name, role, whether active, second factor, what happened to the account."""
    found = queries.get_user(public_id)
    form = UserForm(obj=found)
    form.role.choices = [SelectChoice(value, label) for value, label in _roles()]
    if response := submit(
        form,
        lambda: service.change_user(
            found, **form.answers(), version=form.version.data, viewer=viewer()
        ),
        then=lambda _nothing: url_for("users.user", public_id=public_id),
        message=_("「%(name)s」さんの設定を保存しました。", name=form.name.data or ""),
    ):
        return response
    return render_template(
        "accounts/user.html",
        form=form,
        user=found,
        tokens=tokens_of(found),
        entries=entries_of(f"user:{public_id}")[:20],
    )


@bp.post("/admin/users/<public_id>/disable")
@allow("users.administer")
def disable(public_id: str) -> Response:
    """End an account."""
    return _do(public_id, service.disable_user, _("アカウントを止めました。"))


@bp.post("/admin/users/<public_id>/enable")
@allow("users.administer")
def enable(public_id: str) -> Response:
    """Let a disabled account sign in again."""
    return _do(public_id, service.enable_user, _("アカウントを再開しました。"))


@bp.post("/admin/users/<public_id>/end-sessions")
@allow("users.administer")
def end_sessions(public_id: str) -> Response:
    """End all sessions of somebody."""
    return _do(public_id, service.end_sessions, _("すべての端末でサインアウトさせました。"))


@bp.post("/admin/users/<public_id>/remove-second-factor")
@allow("users.administer")
def remove_second_factor(public_id: str) -> Response:
    """Let somebody in who lost the authenticator."""
    return _do(public_id, service.remove_second_factor, _("二段階認証を解きました。"))


def _do(public_id: str, action: Callable[..., None], message: str) -> Response:
    """Carry out a button of a person's page; a refusal is said there."""
    actor: Viewer = viewer()
    try:
        with transaction():
            found: User = queries.get_user(public_id)
            action(found, viewer=actor)
    except DomainError as error:
        if not error.message:
            raise
        flash(str(error.message), "error")
    else:
        flash(message, "done")
    return redirect(url_for("users.user", public_id=public_id), 303)


def _roles() -> list[tuple[str, str]]:
    """Roles that an account may have, with their names."""
    return [(role.value, role_label(role)) for role in Role if role in SIGNED_IN]
