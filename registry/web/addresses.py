"""The address of the page being shown, with some of its query changed; where the API begins."""

from urllib.parse import urlencode

from flask import has_request_context, request, url_for

API = "/api/v1"
"""Below it programs are answered: in JSON, by token, without cookies."""


def is_api() -> bool:
    """Whether this request is a program's."""
    return has_request_context() and f"{request.path}/".startswith(f"{API}/")


def this_page(**changes: object) -> str:
    """The page's own path and query, with these parameters set anew.

    The query is written by hand: handed to `url_for`, a visitor's `?_scheme=javascript&_external=1`
    would be read as its options.
    """
    query = request.args.to_dict(flat=False) | {name: [str(v)] for name, v in changes.items()}
    path = url_for(request.endpoint or "portal.front_page", **(request.view_args or {}))
    return f"{path}?{urlencode(query, doseq=True)}"
