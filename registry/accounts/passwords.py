"""Which passwords are taken: from 10 to 128 characters and none of the commonest; no rules about
kinds of characters (ASVS 5.0, 6.2.1, 6.2.4, 6.2.5, 6.2.9)."""

import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

from flask_babel import gettext as _
from flask_security import PasswordUtil
from flask_security import hash_password as hash_normal

SHORTEST = 10
LONGEST = 128


def normalise(password: str) -> str:
    """The form that is hashed: the same password typed on another keyboard is the same."""
    return unicodedata.normalize("NFKD", password)


def fault(password: str, *, email: str = "") -> str | None:
    """What is wrong with a new password, in the page's language; None when it may be used."""
    typed = normalise(password)
    if len(password) < SHORTEST:
        return _("パスワードは %(most)s 文字以上にしてください。", most=SHORTEST)
    if len(password) > LONGEST:
        return _("パスワードは %(most)s 文字以内にしてください。", most=LONGEST)
    if _is_common(typed.casefold(), email.casefold()):
        return _("よく使われるパスワードです。推測されにくい、別のパスワードにしてください。")
    return None


def hashed(password: str) -> str:
    """The hash that is stored."""
    return str(hash_normal(normalise(password)))


class PasswordRules(PasswordUtil):
    """The same rules for the library's own pages."""

    def normalize(self, password: str) -> str:
        """The form that is hashed."""
        return normalise(password)

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """Messages (or None) and the normalised password."""
        email = str(getattr(kwargs.get("user"), "email", "") or "")
        found = fault(password, email=email)
        return ([found] if found else None), normalise(password)


def _is_common(typed: str, email: str) -> bool:
    if len(set(typed)) < 3 or typed in _common():
        return True
    return bool(email) and typed in {email, email.partition("@")[0]}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = files("registry").joinpath("data", "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(
        unicodedata.normalize("NFKD", line).casefold()
        for line in text.splitlines()
        if line and not line.startswith("#")
    )
