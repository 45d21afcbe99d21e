"""Pages that gather rooms: the front page, help and the office's statements, health."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.db import db
from registry.web.access import allow

bp = Blueprint("portal", __name__)


@bp.get("/")
@allow("public.read")
def front_page() -> str:
    """The public front page."""
    return render_template("portal/front_page.html")


@bp.get("/healthz")
@allow("public.read")
def health() -> ResponseReturnValue:
    """Whether the app and its database answer: 200 or 503."""
    try:
        db.session.execute(text("SELECT position FROM audit_head"))
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok")


@bp.get("/search")
@allow("search.all")
def search() -> str:
    """Search across all rooms."""
    return render_template("portal/front_page.html")


@bp.get("/help")
@allow("public.read")
def help() -> str:
    """How to use Musubi, by role."""
    return render_template("portal/front_page.html")


@bp.get("/about")
@allow("public.read")
def about() -> str:
    """What Musubi is, its licences and sources."""
    return render_template("portal/front_page.html")


@bp.get("/privacy")
@allow("public.read")
def privacy() -> str:
    """How personal data are handled."""
    return render_template("portal/front_page.html")


@bp.get("/accessibility")
@allow("public.read")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("portal/front_page.html")
