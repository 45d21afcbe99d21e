"""What every request must be: not too large, and text that both databases can hold."""

from flask import Flask, abort, current_app, request

from registry.web.addresses import is_api


def init_app(app: Flask) -> None:
    """Look at every request before anything reads its form."""
    app.before_request(narrow)
    app.before_request(refuse_nul)


def narrow() -> None:
    """A form without files gets the limit of form data instead of that of uploads: Werkzeug applies
    that limit to multipart forms only. What a program sends gets the same."""
    if is_api() or request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def refuse_nul() -> None:
    """No page takes a NUL: PostgreSQL cannot store it, SQLite would cut the text there."""
    if "\0" in request.path:
        abort(404)
    for values in (request.args, request.form):
        if any("\0" in name or "\0" in value for name, value in values.items(multi=True)):
            abort(400)
