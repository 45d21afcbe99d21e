"""Making, changing and ending accounts."""

from flask_babel import gettext as _

from registry.accounts.models import User, new_uniquifier
from registry.accounts.passwords import fault, hashed
from registry.accounts.queries import user_by_email
from registry.accounts.tokens import revoke_tokens_of
from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db, now


def create_user(
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    locale: str = "ja",
    actor: Viewer,
) -> User:
    """A new account whose address is known to be its owner's; without a password until he sets one
    through `links.set_password_link`.

    Raises DomainError when the address has an account already, or the password is refused.
    """
    address = email.strip().lower()
    if user_by_email(address):
        raise DomainError(_("このメールアドレスはすでに使われています。"), field="email")
    if password is not None and (found := fault(password, email=address)):
        raise DomainError(found, field="password")
    user = User(
        email=address,
        name=name.strip(),
        role=role,
        password=hashed(password) if password is not None else None,
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


def change_user(
    user: User, *, name: str, role: Role, version: int | None = None, viewer: Viewer
) -> None:
    """Another name or role. A new role counts from the next request on.

    Raises DomainError when administrators would take their own role from themselves, or nobody
    may be a visitor by account; Conflict when somebody else changed the account meanwhile.
    """
    _refuse_old(user, version)
    if role is Role.VISITOR:
        raise DomainError(_("役割を選んでください。"), field="role")
    if user.id == viewer.user_id and role is not user.role:
        raise DomainError(
            _("自分の役割は変えられません。ほかの管理者に頼んでください。"), field="role"
        )
    changes = apply(user, {"name": name.strip(), "role": role})
    if changes:
        record(
            actor=viewer, action="user.changed", subject=f"user:{user.public_id}", changes=changes
        )


def change_profile(
    user: User, *, name: str, locale: str, version: int | None = None, viewer: Viewer
) -> None:
    """One's own name and language. Raises Conflict when the account was changed meanwhile."""
    _refuse_old(user, version)
    changes = apply(user, {"name": name.strip(), "locale": locale})
    if changes:
        record(
            actor=viewer, action="user.changed", subject=f"user:{user.public_id}", changes=changes
        )


def disable_user(user: User, *, viewer: Viewer) -> None:
    """End an account: every session, link and API token of it is dead on the next request.

    Raises DomainError for one's own account.
    """
    if user.id == viewer.user_id:
        raise DomainError(_("自分のアカウントは止められません。"))
    changes = apply(user, {"active": False})
    user.fs_uniquifier = new_uniquifier()
    record(actor=viewer, action="user.disabled", subject=f"user:{user.public_id}", changes=changes)
    revoke_tokens_of(user, viewer=viewer)


def enable_user(user: User, *, viewer: Viewer) -> None:
    """Let a disabled account sign in again."""
    changes = apply(user, {"active": True})
    record(actor=viewer, action="user.enabled", subject=f"user:{user.public_id}", changes=changes)


def remove_second_factor(user: User, *, viewer: Viewer) -> None:
    """Let somebody in without the authenticator that was lost; the office has made sure who asks."""
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    user.fs_uniquifier = new_uniquifier()
    record(actor=viewer, action="user.second_factor_removed", subject=f"user:{user.public_id}")


def end_sessions(user: User, *, viewer: Viewer) -> None:
    """Sign a person out everywhere; links to set a password are dead as well."""
    user.fs_uniquifier = new_uniquifier()
    record(actor=viewer, action="user.signed_out", subject=f"user:{user.public_id}")


def _refuse_old(user: User, version: int | None) -> None:
    if version is not None and version != user.version:
        raise Conflict(
            _("開いている間に、このアカウントが変更されました。"),
            version=user.version,
            fields=(
                ConflictField("name", _("氏名"), user.name),
                ConflictField("role", _("役割"), user.role.value),
            ),
        )
