"""Making, changing and ending accounts."""

from flask_babel import gettext as _
from flask_security import hash_password

from registry.accounts.models import User, new_uniquifier
from registry.accounts.queries import user_by_email
from registry.audit.service import apply, record
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db, now


def create_user(
    *, email: str, name: str, role: Role, password: str, locale: str = "ja", actor: Viewer
) -> User:
    """A new account whose address is known to be its owner's.

    Raises DomainError when the address has an account already.
    """
    address = email.strip().lower()
    if user_by_email(address):
        raise DomainError(_("このメールアドレスはすでに使われています。"), field="email")
    user = User(
        email=address,
        name=name.strip(),
        role=role,
        password=hash_password(password),
        locale=locale,
        confirmed_at=now(),
    )
    db.session.add(user)
    db.session.flush()
    record(
        actor=actor,
        action="user.created",
        subject=f"user:{user.public_id}",
        changes={"name": (None, user.name), "role": (None, role)},
    )
    return user


def change_user(user: User, *, name: str, role: Role, viewer: Viewer) -> None:
    """Another name or role. A new role counts from the next request on.

    Raises DomainError when administrators would take their own role from themselves.
    """
    if user.id == viewer.user_id and role is not user.role:
        raise DomainError(
            _("自分の役割は変えられません。ほかの管理者に頼んでください。"), field="role"
        )
    changes = apply(user, {"name": name.strip(), "role": role})
    record(actor=viewer, action="user.changed", subject=f"user:{user.public_id}", changes=changes)


def disable_user(user: User, *, viewer: Viewer) -> None:
    """End an account: every session and link of it is dead on the next request."""
    if user.id == viewer.user_id:
        raise DomainError(_("自分のアカウントは止められません。"))
    changes = apply(user, {"active": False})
    user.fs_uniquifier = new_uniquifier()
    record(actor=viewer, action="user.disabled", subject=f"user:{user.public_id}", changes=changes)


def enable_user(user: User, *, viewer: Viewer) -> None:
    """Let a disabled account sign in again."""
    changes = apply(user, {"active": True})
    record(actor=viewer, action="user.enabled", subject=f"user:{user.public_id}", changes=changes)


def end_sessions(user: User, *, viewer: Viewer) -> None:
    """Sign a person out everywhere."""
    user.fs_uniquifier = new_uniquifier()
    record(actor=viewer, action="user.signed_out", subject=f"user:{user.public_id}")
