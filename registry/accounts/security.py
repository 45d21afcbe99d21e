"""Sign-in, password reset and second factor: Flask-Security, set up for this house."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import Security, SQLAlchemyUserDatastore, Totp

from registry.accounts import absences, forms, library_views, messages, names, seen, traces
from registry.accounts.mails import OutboxMail
from registry.accounts.models import User, UserRole
from registry.accounts.passwords import SHORTEST, PasswordRules
from registry.common.roles import Role
from registry.config import Config
from registry.db import db


class Datastore(SQLAlchemyUserDatastore):
    """The library's access to users; its commits find our own transaction finished."""


class OneTimeCodes(Totp):
    """Each code of the authenticator counts once: one that was looked at is worth nothing."""

    def get_last_counter(self, user: Any) -> int | None:
        """The time step of the code used last."""
        last: int | None = user.tf_last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember the time step of the code just used."""
        user.tf_last_counter = tmatch.counter


def init_app(app: Flask, config: Config) -> None:
    """Set up Flask-Security with the addresses of the contracts."""
    app.config.update(_addresses(), **_settings(config), **messages.settings())
    # The library takes classes here and silently ignores them in init_app.
    security = Security(
        mail_util_cls=OutboxMail,
        password_util_cls=PasswordRules,
        mf_recovery_codes_util_cls=traces.RecoveryCodes,
        totp_cls=OneTimeCodes,
        login_form=forms.SignInForm,
        forgot_password_form=forms.ForgottenForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.OtherPasswordForm,
        verify_form=forms.AgainForm,
        two_factor_setup_form=forms.SecondFactorForm,
        two_factor_verify_code_form=forms.CodeForm,
        two_factor_rescue_form=forms.RescueForm,
        mf_recovery_form=forms.RecoveryForm,
    )
    security.init_app(app, Datastore(db, User, UserRole))
    security.i18n_domain = messages.Words(app)
    # Pages only: no tokens in addresses or headers, no answers as JSON.
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    traces.init_app(app)
    library_views.init_app(app)
    seen.init_app(app)
    names.init_app(app)
    absences.init_app(app)


def _addresses() -> dict[str, Any]:
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_VERIFY_URL": "/account/verify",
        "SECURITY_RESET_URL": "/reset-password",
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in/method",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_POST_RESET_VIEW": "/sign-in",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
    }


def _settings(config: Config) -> dict[str, Any]:
    key = config.secret_key.encode()
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        # argon2id with 19 MiB, 2 rounds, 1 lane: OWASP Password Storage Cheat Sheet. The default's
        # 64 MiB and 4 lanes would let eight guesses at once take half a gigabyte and both cores.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__memory_cost": 19456,
            "argon2__rounds": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_SALT": hashlib.sha256(key).hexdigest(),
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": True,
        "SECURITY_TOTP_SECRETS": {"1": hashlib.sha512(key).hexdigest()},
        "SECURITY_TOTP_ISSUER": "Musubi",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=1),
        "SECURITY_CHANGEABLE": True,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": False,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(hashlib.sha256(key + b"recovery codes").digest())
        ],
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        # The mails are written by OutboxMail in the receiver's language.
        "SECURITY_EMAIL_PLAINTEXT": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_I18N_DIRNAME": ["builtin"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {
            "check_deliverability": False,
            "test_environment": config.demo,
        },
    }


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
        Role.PARTNER: _("連携機関"),
        Role.EVALUATOR: _("評価者"),
        Role.COORDINATOR: _("コーディネーター"),
        Role.ADMINISTRATOR: _("管理者"),
    }[role]


__all__ = ["init_app", "role_label", "signed_in_user"]
