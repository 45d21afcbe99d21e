"""One's own account."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import service
from registry.accounts.forms import ProfileForm
from registry.accounts.queries import get_user
from registry.db import transaction
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.submit import submit

bp = Blueprint("accounts", __name__)


@bp.route("/account", methods=["GET", "POST"])
@allow("account.use")
def profile() -> str | Response:
    """One's own account: name, language, password, second factor, sessions."""
    user = get_user(viewer().public_id)
    form = ProfileForm(obj=user)
    if response := submit(
        form,
        lambda: service.change_profile(
            user, **form.answers(), version=form.version.data, viewer=viewer()
        ),
        then=lambda _nothing: url_for("accounts.profile", lang=form.locale.data),
        message=_("アカウントの設定を保存しました。"),
    ):
        return response
    return render_template("accounts/profile.html", form=form, user=user, plain=PlainForm())


@bp.post("/account/end-sessions")
@allow("account.use")
def end_sessions() -> Response:
    """End all of one's own sessions, this one too."""
    with transaction():
        service.end_sessions(get_user(viewer().public_id), viewer=viewer())
    flash(_("すべての端末でサインアウトしました。"), "done")
    return redirect(url_for("security.login"), 303)
