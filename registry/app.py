"""The composition root: settings in, a Flask app out."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, g
from flask_wtf import CSRFProtect
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from registry import config as configuration
from registry.accounts import security
from registry.api import views as api
from registry.api.auth import token_user
from registry.attachments.places import register_place
from registry.blueprints import BLUEPRINTS
from registry.cases.files import place_of_case
from registry.cases.merging import refuse_two_sides_of_one_case
from registry.common import calendar
from registry.common.roles import Role
from registry.common.viewer import VISITOR, Viewer
from registry.config import Config
from registry.db import db, migrate
from registry.digests.views import leaving
from registry.notifications import smtp
from registry.office.settings import Office
from registry.office.settings import office as current_office
from registry.organizations.merging import register_merge_guard
from registry.organizations.models import Membership
from registry.portal.desk_queries import Scope
from registry.portal.menu_counts import menu_counts
from registry.portal.navigation import menu
from registry.programs.models import ProgramOperator
from registry.web import access, errors, headers, i18n, incoming
from registry.web.addresses import is_api
from registry.web.i18n import pick
from registry.web.limits import limiter
from registry.web.sessions import RowSessionInterface

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024

csrf = CSRFProtect()


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The app of one installation. `overrides` are Flask settings, for tests.

    Raises BadConfig when the environment asks for something unsafe.
    """
    config = config or configuration.load(os.environ)
    _set_up_log()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    app.config.update(_flask_settings(config), **overrides)
    app.extensions["musubi_config"] = config
    config.data.mkdir(parents=True, exist_ok=True)
    if hops := config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(
        app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True
    )
    i18n.init_app(app)
    app.session_interface = RowSessionInterface(app)
    incoming.init_app(app)
    app.before_request(access.guard)
    csrf.init_app(app)
    limiter.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app, csrf)
    csrf.exempt(leaving)  # it checks for itself: mail programs post without a page (RFC 8058)
    security.init_app(app, config)
    smtp.configure(app, config)
    headers.init_app(app)
    errors.init_app(app)
    access.register_viewer_loader(app, load_viewer)
    register_merge_guard(app, refuse_two_sides_of_one_case)
    register_place(app, "case", place_of_case)
    _set_up_templates(app, config)
    return app


def _set_up_log() -> None:
    """One JSON object a line on stderr; tracebacks without the values of variables."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "MAX_CONTENT_LENGTH": max(16, config.file_megabytes + 6) * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "SESSION_COOKIE_NAME": "__Host-musubi" if config.is_https else "musubi",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "TRUSTED_HOSTS": _trusted_hosts(config),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_I18N_ENABLED": True,
    }


def _trusted_hosts(config: Config) -> list[str] | None:
    """The names by which a request may call this host: links and redirects never carry another.

    A demo that listens on all addresses is opened by whatever name the machine has.
    """
    if config.demo and config.host in {"0.0.0.0", "::"}:  # noqa: S104  it is only compared
        return None
    named = urlsplit(config.base_url).hostname or "localhost"
    return sorted({named, config.host, "localhost", "127.0.0.1", "[::1]"} - {"0.0.0.0", "::"})  # noqa: S104


def _engine_options(config: Config) -> dict[str, Any]:
    return {} if config.is_sqlite else {"pool_pre_ping": True, "pool_size": 10}


def load_viewer() -> Viewer:
    """Who is looking: the signed-in user, or the owner of a program's token, with his organization
    and programs, read anew each time."""
    user = token_user() if is_api() else security.signed_in_user()
    if user is None or not user.active:
        return VISITOR
    membership = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.ended_on.is_(None))
    )
    operated = (
        db.session.scalars(
            select(ProgramOperator.program_id).where(ProgramOperator.user_id == user.id)
        )
        if user.role is Role.OPERATOR
        else ()
    )
    return Viewer(
        role=user.role,
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        organization_id=membership.organization_id if membership else None,
        organization_name=pick(membership.organization.name, membership.organization.name_en)
        if membership
        else None,
        manages_organization=bool(membership and membership.is_manager),
        program_ids=frozenset(operated),
    )


def _set_up_templates(app: Flask, config: Config) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def office_once() -> Office:
        if "office" not in g:
            g.office = current_office()
        found: Office = g.office
        return found

    @app.context_processor
    def globals_of_pages() -> dict[str, Any]:
        if errors.is_without_database():
            viewer, office_shown, entries = VISITOR, Office(), []
        else:
            viewer, office_shown = access.viewer(), office_once()
            scope = Scope(viewer, calendar.today(), office_shown)
            entries = menu(viewer, menu_counts(scope))
        return {
            "viewer": viewer,
            "office": office_shown,
            "navigation": entries,
            "role_label": security.role_label,
            "demo": config.demo,
            "today": calendar.today(),
            "has_endpoint": lambda name: name in app.view_functions,
        }
