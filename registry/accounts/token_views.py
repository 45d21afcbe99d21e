"""Pages of one's own API tokens."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts import tokens
from registry.accounts.forms import TokenForm
from registry.accounts.models import ApiToken
from registry.accounts.queries import get_user
from registry.accounts.scopes import Scope, scope_label, scopes_for
from registry.accounts.tokens import TokenWish
from registry.common import calendar
from registry.db import transaction
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("tokens", __name__)
USUAL = timedelta(days=90)


@bp.get("/account/tokens")
@allow("account.use")
def index() -> str:
    """One's own tokens, with what they open and when they were used last."""
    return render_template(
        "accounts/tokens.html",
        tokens=tokens.tokens_of(get_user(viewer().public_id)),
        today=calendar.today(),
        labels={scope.value: scope_label(scope) for scope in Scope},
    )


@bp.route("/account/tokens/new", methods=["GET", "POST"])
@allow("account.use")
def create() -> ResponseReturnValue:
    """Make a token; its key is shown on the answer to this one submit and nowhere else."""
    today = calendar.today()
    form = TokenForm(expires_on=today + USUAL)
    form.scopes.choices = [(scope.value, scope_label(scope)) for scope in scopes_for(viewer().role)]
    made: list[tuple[ApiToken, str]] = []

    def act() -> None:
        owner = get_user(viewer().public_id)
        made.append(tokens.create_token(owner, _wish(form), today=today, viewer=viewer()))

    response = submit(form, act, then=lambda _nothing: url_for("tokens.index"))
    if response and made:
        token, key = made[-1]
        return render_template("accounts/token_made.html", token=token, key=key)
    return response or render_template("accounts/token_new.html", form=form)


@bp.post("/account/tokens/<public_id>/revoke")
@allow("account.use")
def revoke(public_id: str) -> ResponseReturnValue:
    """End a token: one's own, or as administrator anybody's."""
    with transaction():
        token = tokens.get_token(public_id, viewer())
        tokens.revoke_token(token, viewer=viewer())
        is_own, owner = token.user_id == viewer().user_id, token.user.public_id
    flash(_("トークンを取り消しました。次の要求から使えません。"), "done")
    back = url_for("tokens.index") if is_own else url_for("users.user", public_id=owner)
    return redirect(back, 303)


def _wish(form: TokenForm) -> TokenWish:
    return TokenWish(
        name=form.name.data or "",
        scopes=tuple(Scope(value) for value in form.scopes.data or []),
        expires_on=form.expires_on.data,
    )
