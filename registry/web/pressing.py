"""Buttons without a page of their own: carried out, then back, with the outcome told on top."""

from collections.abc import Callable

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.web.forms import PlainForm
from registry.web.submit import Result, submit


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
