"""Links in mails: built from the configured address only, never from what a request claims."""

from flask import current_app
from flask_security.recoverable import generate_reset_password_token

from registry.accounts.models import User
from registry.config import Config


def absolute(path: str) -> str:
    """The address that people type, and a path of ours."""
    config: Config = current_app.extensions["musubi_config"]
    return config.base_url + path


def set_password_link(user: User) -> str:
    """A link with which its holder sets the user's password once, for 24 hours."""
    return absolute(f"/reset-password/{generate_reset_password_token(user)}")
