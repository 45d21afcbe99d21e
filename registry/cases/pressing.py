"""Buttons without a page of their own: carried out, then back, with the outcome told on top."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.cases.labels import rung_label
from registry.cases.models import Case, Rung
from registry.web.forms import PlainForm
from registry.web.submit import Result, submit

REMOVED = "removed_outcome"
"""Where the session keeps the rung taken off last, so that it can be put back."""


def removed_just_now(case: Case) -> str:
    """The rung that was taken off on the way to this page, in words; empty when none was."""
    kept = session.get(REMOVED) or {}
    wanted = (case.id, request.args.get("removed", ""))
    return rung_label(Rung(kept["rung"])) if (kept and _named(kept) == wanted) else ""


def _named(kept: Mapping[str, Any]) -> tuple[Any, Any]:
    return kept["case_id"], kept["public_id"]


def press(
    action: Callable[[], Result], *, back: str, message: Callable[[Result], str] | str = ""
) -> Response:
    """Carry out the button's action in one transaction and lead back; a refusal is flashed."""
    form = PlainForm()
    response = submit(form, action, then=lambda _result: back, message=message)
    if response is None:
        for text in [*form.form_errors, *(e for f in form for e in f.errors)]:
            flash(str(text) or _("もう一度操作してください。"), "error")
        response = redirect(back, 303)
    return response
