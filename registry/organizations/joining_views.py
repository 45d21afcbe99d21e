"""Ways in: the public application to join, invitations, and the office's answers to them."""

from flask import Blueprint, render_template

from registry.web.access import allow

bp = Blueprint("joining", __name__)


@bp.get("/join")
@allow("account.join")
def apply() -> str:
    """Apply to join."""
    return render_template("portal/front_page.html")
