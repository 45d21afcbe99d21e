"""One's own account."""

from flask import Blueprint, render_template

from registry.web.access import allow

bp = Blueprint("accounts", __name__)


@bp.get("/account")
@allow("account.use")
def profile() -> str:
    """One's own account: name, language, password, second factor."""
    return render_template("portal/front_page.html")
