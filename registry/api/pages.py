"""The documentation page, made from the OpenAPI document itself; it needs no script."""

from flask import Blueprint, current_app, render_template

from registry.api.describing import groups_of, problem_kinds, scopes
from registry.config import Config
from registry.web.access import allow

bp = Blueprint("api_docs", __name__)


@bp.get("/api")
@allow("public.read")
def index() -> str:
    """How programs use the registry: tokens, examples, every operation with its members."""
    config: Config = current_app.extensions["musubi_config"]
    return render_template(
        "api/index.html",
        groups=groups_of(),
        problems=problem_kinds(),
        scopes=scopes(),
        base=config.base_url.rstrip("/"),
    )
