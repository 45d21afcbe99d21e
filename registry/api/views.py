"""The API's addresses: every operation of every resource, guarded like a page."""

import re
from collections.abc import Callable

from flask import Blueprint, Flask, Response
from flask_wtf import CSRFProtect

from registry.api.auth import count_request, note_token, require_scope
from registry.api.document import document_text
from registry.api.operations import Operation
from registry.api.v1 import operations
from registry.web.access import allow
from registry.web.addresses import API

bp = Blueprint("api_v1", __name__, url_prefix=API)
bp.before_request(count_request)
bp.after_request(note_token)


def _view(operation: Operation) -> Callable[..., Response]:
    @allow(operation.permission)
    def view(**ids: str) -> Response:
        require_scope(operation.scope)
        return operation.act(ids)

    view.__doc__ = operation.summary
    return view


for _operation in operations():
    bp.add_url_rule(
        re.sub(r"{(\w+)}", r"<\1>", _operation.path),
        endpoint=_operation.name,
        view_func=_view(_operation),
        methods=[_operation.method],
    )


@bp.get("/openapi.json", endpoint="openapi")
@allow("public.read")
def openapi() -> Response:
    """The document that describes the API."""
    return Response(document_text(), mimetype="application/json")


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Serve the API. Forged requests have no cookie to ride on: a session does not count here."""
    csrf.exempt(bp)
    app.register_blueprint(bp)
