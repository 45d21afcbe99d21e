"""メールの設定: what each person hears by mail; and the way out of the newsletter."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts.queries import get_user
from registry.common import calendar
from registry.db import transaction
from registry.digests import daily, preferences
from registry.digests.forms import MailForm, shown
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.submit import submit

bp = Blueprint("mails", __name__)
leaving = Blueprint("leaving", __name__)
"""Exempt from the check of tokens for the whole app; its page checks for itself."""
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.route("/account/mail", methods=["GET", "POST"])
@allow("account.use")
def settings() -> ResponseReturnValue:
    """One's own choices: language, digest, newsletter and interests."""
    user = get_user(viewer().public_id)
    row = preferences.preference_of(user)
    form = MailForm(data=shown(row, user.locale))
    form.keep_for(user.role)
    response = submit(
        form,
        lambda: preferences.choose(user, form.choice(), viewer=viewer()),
        then=lambda _row: url_for("mails.settings", lang=form.locale.data),
        message=_("メールの設定を保存しました。"),
    )
    return response or render_template("digests/settings.html", form=form, row=row)


@bp.get("/account/mail/digest")
@allow("desk.use")
def digest() -> str:
    """The day's digest as it would come now."""
    user = get_user(viewer().public_id)
    return render_template(
        "digests/digest.html", digest=daily.digest_of(user, today=calendar.today())
    )


@leaving.route("/mail/unsubscribe/<token>", methods=["GET", "POST"])
@allow("newsletter.leave")
def unsubscribe(token: str) -> ResponseReturnValue:
    """End the newsletter without signing in. Opening the page changes nothing; its button posts
    with the page's token, a mail program with the fixed words of RFC 8058."""
    name, words = ONE_CLICK
    one_click = request.method == "POST" and request.form.get(name) == words
    if request.method == "POST" and not one_click:
        current_app.extensions["csrf"].protect()
    row = preferences.preference_of_token(token)
    if row is None:
        return render_template("digests/unknown.html"), 404
    if request.method == "GET":
        return render_template("digests/unsubscribe.html", row=row, form=PlainForm())
    back = request.form.get("again") == "yes" and not one_click
    with transaction():
        change = preferences.subscribe if back else preferences.unsubscribe
        change(row, viewer=viewer())
    if one_click:
        return "", 200
    flash(_("また受け取ることにしました。") if back else _("便りを止めました。"), "done")
    return redirect(url_for("leaving.unsubscribe", token=token), 303)
