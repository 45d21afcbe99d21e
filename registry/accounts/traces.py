"""What the library does to an account leaves an entry in the log, in the same transaction."""

from typing import Any

import structlog
from flask import Flask, after_this_request, current_app, has_request_context, request, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in
from flask_security import (
    MfRecoveryCodesUtil,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
)
from flask_security.signals import user_failed_authn

from registry.accounts.mails import write
from registry.accounts.models import User
from registry.audit.service import record
from registry.common.viewer import Viewer
from registry.db import transaction
from registry.web.i18n import COOKIE, YEAR

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Listen to the library."""
    user_logged_in.connect(_on_sign_in, app)
    password_changed.connect(_on_password_changed, app)
    password_reset.connect(_on_password_reset, app)
    tf_profile_changed.connect(_on_second_factor, app)
    tf_disabled.connect(_on_no_second_factor, app)
    user_failed_authn.connect(_on_failure, app)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes whose making and use are logged."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New codes; the old ones are dead."""
        codes: list[str] = super().create_recovery_codes(user)
        _trace(user, "user.recovery_codes_made")
        return codes

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """A code was used."""
        deleted = bool(super().delete_recovery_code(user, code))
        _trace(user, "user.recovery_code_used")
        return deleted


def _on_sign_in(_app: Flask, user: User, **_kwargs: Any) -> None:
    """A new session id once the view is through, and an entry in the log.

    The id changes after the view's transaction: it is a write of its own.
    """
    _trace(user, "user.signed_in")
    if has_request_context():
        after_this_request(_new_session_id)
        if COOKIE not in request.cookies:
            after_this_request(_language_of(user.locale))


def _new_session_id(response: Any) -> Any:
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    return response


def _language_of(locale: str) -> Any:
    """Pages in the person's own language, unless this browser has chosen one."""

    def remember(response: Any) -> ResponseReturnValue:
        response.set_cookie(COOKIE, locale, max_age=YEAR, samesite="Lax", httponly=True)
        return response

    return remember


def _on_password_changed(_app: Flask, user: User, **_kwargs: Any) -> None:
    _trace(user, "user.password_changed")


def _on_password_reset(_app: Flask, user: User, **_kwargs: Any) -> None:
    _trace(user, "user.password_reset")


def _on_second_factor(_app: Flask, user: User, **_kwargs: Any) -> None:
    _trace(user, "user.second_factor_set")
    write("second_factor_set", _plain(user))


def _on_no_second_factor(_app: Flask, user: User, **_kwargs: Any) -> None:
    _trace(user, "user.second_factor_removed")
    write("second_factor_removed", _plain(user))


def _on_failure(_app: Flask, user: User | None = None, **_kwargs: Any) -> None:
    log.warning("sign-in failed", user=_plain(user).public_id if user else None)


def _trace(user: User, action: str) -> None:
    user = _plain(user)
    with transaction():
        record(
            actor=Viewer(role=user.role, user_id=user.id, public_id=user.public_id),
            action=action,
            subject=f"user:{user.public_id}",
        )


def _plain(user: Any) -> User:
    """The user behind the library's proxy."""
    found: User = user._get_current_object() if hasattr(user, "_get_current_object") else user
    return found
