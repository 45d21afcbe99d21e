"""What is put round the library's own views: limits on tries, redirects to our own pages only, and
one transaction for what they change (the library would commit a stale snapshot by itself)."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask, abort, request, session
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import parse_many
from werkzeug.datastructures import ImmutableMultiDict

from registry.db import transaction
from registry.web.limits import limiter

View = Callable[..., Any]

IN_ONE_TRANSACTION = (
    "security.change_password",
    "security.reset_password",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.mf_recovery_codes",
)
"""Views that change a user. Sign-in is not among them: it only writes its entry in the log, and
checking a password inside would hold SQLite's lock for a tenth of a second at each guess."""

GUESSES: Mapping[str, tuple[str, str, str]] = {
    "security.login": ("10 per minute; 60 per hour", "300 per hour", "300 per hour"),
    "security.forgot_password": ("5 per minute; 10 per hour", "100 per hour", "20 per hour"),
    "security.two_factor_token_validation": ("10 per minute", "300 per hour", "60 per hour"),
    "security.mf_recovery": ("5 per minute", "100 per hour", "20 per hour"),
    "security.verify": ("10 per minute", "300 per hour", "60 per hour"),
    "security.change_password": ("10 per minute", "300 per hour", "60 per hour"),
}
"""How often may be tried: for one account from one place, from one place, for one account. The first
stops a guesser soon without shutting out the owner, who sits elsewhere; nothing locks for ever."""

OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*")


def init_app(app: Flask) -> None:
    """Wrap the library's views; call it after the library registered them."""
    for endpoint in [name for name in app.view_functions if name.startswith("security.")]:
        view = app.view_functions[endpoint]
        if endpoint in IN_ONE_TRANSACTION:
            view = _in_transaction(view)
        view = _with_own_next(view)
        if endpoint in GUESSES:
            view = _limited(view, endpoint)
        app.view_functions[endpoint] = view


def is_own_path(address: str) -> bool:
    """Whether a redirect to `address` surely stays on this site: a path of ours, however a browser
    reads backslashes, control characters and double slashes."""
    return bool(OWN_PATH.fullmatch(address))


def _in_transaction(view: View) -> View:
    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        with transaction():
            return view(*args, **kwargs)

    return wrapped


def _with_own_next(view: View) -> View:
    """Forget a `next` that leads elsewhere, in the address and in the form."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        request.args = _without_foreign_next(request.args)
        if request.method == "POST":
            request.form = _without_foreign_next(request.form)
        return view(*args, **kwargs)

    return wrapped


def _without_foreign_next(values: Any) -> Any:
    if all(is_own_path(value) for value in values.getlist("next")):
        return values
    kept = [(name, value) for name, value in values.items(multi=True) if name != "next"]
    return ImmutableMultiDict(kept)


def _limited(view: View, endpoint: str) -> View:
    """Count posts, refused ones too. The keys are hashes: no address stands in the table."""
    limits = [parse_many(limit) for limit in GUESSES[endpoint]]

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and limiter.enabled:
            keys = (_account() + _place(), _place(), _account())
            for items, key in zip(limits, keys, strict=True):
                # every window counts, so that a short one does not hide tries from a long one
                allowed = [limiter.limiter.hit(item, endpoint, key) for item in items]
                if not all(allowed):
                    abort(429)
        return view(*args, **kwargs)

    return wrapped


def _account() -> str:
    typed = request.form.get("email") or session.get("tf_user_id") or _signed_in()
    return "account:" + _hash(str(typed).strip().lower())


def _place() -> str:
    return "place:" + _hash(get_remote_address())


def _signed_in() -> str:
    return str(current_user.public_id) if current_user.is_authenticated else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
