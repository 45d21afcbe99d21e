"""Who may open a page: declared on every route, checked before every request, here only."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from registry.common.roles import PERMISSIONS
from registry.common.viewer import VISITOR, Viewer
from registry.web.addresses import is_api

View = TypeVar("View", bound=Callable[..., Any])

LIBRARY_ROUTES: Mapping[str, str] = {
    "static": "public.read",
    "security.static": "public.read",
    "security.login": "account.sign_in",
    "security.logout": "account.sign_in",
    "security.verify": "account.use",
    "security.forgot_password": "account.sign_in",
    "security.reset_password": "account.sign_in",
    "security.change_password": "account.use",
    "security.two_factor_setup": "account.sign_in",
    "security.two_factor_setup_validate": "account.sign_in",
    "security.two_factor_token_validation": "account.sign_in",
    "security.tf_select": "account.sign_in",
    "security.two_factor_rescue": "account.sign_in",
    "security.mf_recovery": "account.sign_in",
    "security.mf_recovery_codes": "account.use",
}
"""Routes that libraries bring: endpoint → permission."""


def allow(permission: str) -> Callable[[View], View]:
    """Declare the permission that a route asks for. Raises KeyError when the table lacks it."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> str | None:
    """The permission an endpoint declares, or None when it declares none."""
    view = app.view_functions.get(endpoint)
    declared = getattr(view, "access", None)
    return declared or LIBRARY_ROUTES.get(endpoint)


def viewer() -> Viewer:
    """Who is looking at this request."""
    if "viewer" not in g:
        load = current_app.extensions.get("musubi_viewer")
        g.viewer = load() if load else VISITOR
    found: Viewer = g.viewer
    return found


def register_viewer_loader(app: Flask, load: Callable[[], Viewer]) -> None:
    """Tell how the viewer is found; the room that knows people gives this function."""
    app.extensions["musubi_viewer"] = load


def guard() -> Response | None:
    """Before every request: no declaration, no entry. Visitors are led to the sign-in page,
    programs are told that a token is missing."""
    if request.endpoint is None:
        return None
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        abort(403)
    if viewer().may(permission):
        return None
    if not viewer().is_signed_in:
        if request.method in {"GET", "HEAD"} and not is_api():
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        abort(401)
    abort(403)


def route_table(app: Flask) -> list[dict[str, str]]:
    """Every route: method, rule, endpoint and the permission it asks for, in a stable order."""
    return sorted(
        (
            {
                "method": method,
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "access": permission_of(app, rule.endpoint) or "",
            }
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ),
        key=lambda row: (row["rule"], row["method"]),
    )
