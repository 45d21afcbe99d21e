"""Users for tests."""

from functools import lru_cache
from itertools import count

from flask import current_app
from flask_security import hash_password

from registry.accounts.models import User
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db, now, transaction
from tests.client import PASSWORD

_numbers = count(1)


@lru_cache(maxsize=4)
def _hashed(_salt: str) -> str:
    """One hash for each app: it depends on the app's own salt."""
    return str(hash_password(PASSWORD))


def make_user(role: Role = Role.COORDINATOR, **fields: object) -> User:
    """A user whose password is `PASSWORD`."""
    number = next(_numbers)
    values: dict[str, object] = {
        "email": f"user{number}@test.example",
        "name": f"試験 {number}",
        "password": _hashed(current_app.config["SECURITY_PASSWORD_SALT"]),
        "confirmed_at": now(),
    }
    user = User(role=role, **{**values, **fields})
    with transaction():
        db.session.add(user)
    return user


def viewer_of(user: User, organization_id: int | None = None) -> Viewer:
    """The user as a viewer, for calling services directly."""
    return Viewer(
        role=user.role,
        user_id=user.id,
        public_id=user.public_id,
        name=user.name,
        organization_id=organization_id,
    )
