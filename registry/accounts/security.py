"""Sign-in, password reset and second factor: Flask-Security, set up for this house."""

import hashlib
from typing import Any

from flask import Flask, current_app, request, session
from flask_babel import gettext as _
from flask_login import current_user, user_logged_in
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore

from registry.accounts.models import User, UserRole
from registry.audit.service import record
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.config import Config
from registry.db import db, transaction
from registry.notifications.service import enqueue
from registry.web.i18n import locale
from registry.web.limits import limiter

security = Security()

LIMITED = {
    "security.login": "10 per minute; 60 per hour",
    "security.forgot_password": "5 per minute; 20 per hour",
    "security.two_factor_token_validation": "10 per minute; 60 per hour",
    "security.mf_recovery": "5 per minute; 20 per hour",
}
"""How often one address and one account may try, each counted apart."""


class OutboxMail(MailUtil):
    """Flask-Security's mails go through our outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str,
        sender: str | tuple[str, str],
        body: str,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Write the mail into the outbox, in the transaction that the library commits."""
        enqueue(
            address=recipient,
            locale=locale(),
            kind=f"account.{template}",
            subject=subject,
            body=body,
        )


class Datastore(SQLAlchemyUserDatastore):
    """The library's access to users; it commits by itself at the end of its own views."""


def init_app(app: Flask, config: Config) -> None:
    """Set up Flask-Security with the addresses of the contracts."""
    app.config.update(_settings(config))
    datastore = Datastore(db, User, UserRole)
    security.init_app(app, datastore, mail_util_cls=OutboxMail)
    user_logged_in.connect(_on_sign_in, app)
    for endpoint, limit in LIMITED.items():
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _limited(app.view_functions[endpoint], limit)


def _settings(config: Config) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": hashlib.sha256(config.secret_key.encode()).hexdigest(),
        "SECURITY_TOTP_SECRETS": {"1": hashlib.sha512(config.secret_key.encode()).hexdigest()},
        "SECURITY_TOTP_ISSUER": "Musubi",
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_VERIFY_URL": "/account/verify",
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_URL": "/reset-password",
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": False,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in/method",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": True,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": True,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_I18N_DIRNAME": ["builtin"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {
            "check_deliverability": False,
            "test_environment": config.demo,
        },
    }


def _limited(view: Any, limit: str) -> Any:
    """Count posts per source and, apart, per account."""
    per_source = limiter.limit(limit.replace("10 ", "60 ").replace("5 ", "30 "), methods=["POST"])
    per_account = limiter.limit(limit, key_func=_account_typed, methods=["POST"])
    return per_source(per_account(view))


def _account_typed() -> str:
    typed = request.form.get("email", "") or str(session.get("tf_user_id", ""))
    return "account:" + hashlib.sha256(typed.strip().lower().encode()).hexdigest()[:32]


def _on_sign_in(_app: Flask, user: User, **_kwargs: Any) -> None:
    """A new session id at sign-in, and an entry in the log."""
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    with transaction():
        record(
            actor=Viewer(role=user.role, user_id=user.id, public_id=user.public_id),
            action="user.signed_in",
            subject=f"user:{user.public_id}",
        )


def signed_in_user() -> User | None:
    """The user behind the request, if any."""
    if not current_user.is_authenticated:
        return None
    found: User = current_user._get_current_object()
    return found


def role_label(role: Role) -> str:
    """What a role is called on a page."""
    return {
        Role.VISITOR: _("訪問者"),
        Role.MEMBER: _("会員"),
        Role.OPERATOR: _("制度の担当"),
        Role.PARTNER: _("支援機関"),
        Role.EVALUATOR: _("評価者"),
        Role.COORDINATOR: _("コーディネーター"),
        Role.ADMINISTRATOR: _("管理者"),
    }[role]


__all__ = ["init_app", "role_label", "security", "signed_in_user"]
