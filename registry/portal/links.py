"""Addresses of other rooms' pages."""

from typing import Any

from flask import current_app, url_for


def address(*endpoints: str, **values: Any) -> str | None:
    """Address of the first of these pages that this installation has; None when it has none."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            return url_for(endpoint, **values)
    return None
