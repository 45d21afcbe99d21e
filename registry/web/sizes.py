"""How large a plain form may be: Werkzeug's limit for form data covers multipart forms only."""

from flask import Flask, current_app, request


def init_app(app: Flask) -> None:
    """Look at every request before anything reads its form."""
    app.before_request(narrow)


def narrow() -> None:
    """A form without files gets the limit of form data instead of that of uploads."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
