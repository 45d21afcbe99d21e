"""Public pages that gather rooms: the front page, help and the office's statements, health."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.common import calendar
from registry.db import db
from registry.listings import labels
from registry.portal.finder import questions
from registry.portal.front import front_of
from registry.portal.links import address
from registry.portal.public_record import offered
from registry.web.access import allow, viewer

bp = Blueprint("portal", __name__)
bp.context_processor(lambda: {"address": address})
bp.app_context_processor(offered)


@bp.get("/")
@allow("public.read")
def front_page() -> str:
    """The public front page; members find their next steps on it."""
    return render_template(
        "portal/front_page.html",
        front=front_of(viewer(), calendar.today()),
        questions=questions(),
        labels=labels,
    )


@bp.get("/healthz")
@allow("public.read")
def health() -> ResponseReturnValue:
    """Whether the app and its database answer: 200 or 503."""
    try:
        db.session.execute(text("SELECT position FROM audit_head"))
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok")


@bp.get("/help")
@allow("public.read")
def help() -> str:
    """How to use Musubi, by role."""
    return render_template("portal/help.html")


@bp.get("/about")
@allow("public.read")
def about() -> str:
    """What Musubi is, its licences and sources."""
    return render_template("portal/about.html")


@bp.get("/privacy")
@allow("public.read")
def privacy() -> str:
    """How personal data are handled."""
    return render_template("portal/privacy.html")


@bp.get("/accessibility")
@allow("public.read")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("portal/accessibility.html")
