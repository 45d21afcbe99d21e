"""Carrying out a submit: one transaction, one record for retries, refusals shown in the form."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, request, session
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from registry.common.errors import Conflict, DomainError, NotAllowed, NotFound
from registry.db import transaction
from registry.web.access import viewer
from registry.web.forms import BaseForm
from registry.web.idempotency import location_of, remember

Result = TypeVar("Result")


def submit(
    form: BaseForm,
    action: Callable[[], Result],
    *,
    then: Callable[[Result], str],
    message: Callable[[Result], str] | str = "",
) -> Response | None:
    """Validate a posted form, run `action` in one transaction and redirect to `then(result)`.

    Returns None when the page is to be shown (not posted, a field wrong, or a rule refused: its
    message then stands in the form). A key that was carried out before leads to the same place
    without doing anything again. Conflict, NotFound and NotAllowed pass through to the error pages.
    """
    if request.method != "POST" or not form.validate():
        return None
    key, actor = _key(), _actor()
    if key and (location := location_of(key, actor)):
        return redirect(location, 303)
    try:
        with transaction():
            result = action()
            location = then(result)
            if key:
                remember(key, actor, location)
    except (Conflict, NotFound, NotAllowed):
        raise
    except DomainError as error:
        form.refuse(error.message, error.field)
        return None
    except IntegrityError:
        if key and (location := location_of(key, actor)):
            return redirect(location, 303)
        raise
    text = message(result) if callable(message) else message
    if text:
        flash(text, "done")
    return redirect(location, 303)


def _key() -> str:
    """The form's key with a digest of what was sent: the same key with other words (somebody went
    back and wrote anew) is another submit; empty without a key."""
    key = request.form.get("idempotency_key", "")[:36]
    sent = sorted((n, v) for n, v in request.form.items(multi=True) if n != "csrf_token")
    sent += sorted((n, _digest(file)) for n, file in request.files.items(multi=True))
    return f"{key}:{hashlib.sha256(repr(sent).encode()).hexdigest()[:24]}" if key else ""


def _digest(file: FileStorage) -> str:
    """Name and hash of a sent file, which is read from its start again afterwards."""
    found = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return f"{file.filename}:{found}"


def _actor() -> str:
    """Whose key it is: a person's, or a visitor's session."""
    if viewer().is_signed_in:
        return viewer().public_id
    return (
        "session:" + str(session.setdefault("visit", request.form.get("idempotency_key", "")))[:48]
    )
