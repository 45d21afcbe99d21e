"""The demo's accounts: one for each role, with passwords that are drawn and kept in a file."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from registry.accounts.models import User
from registry.accounts.passwords import hashed
from registry.common.roles import Role
from registry.config import DEMO_ACCOUNTS
from registry.db import db
from registry.demo.files import rows
from registry.demo.world import World, moment
from registry.organizations.models import Membership

PASSWORD_BYTES = 9


@dataclass(frozen=True)
class Account:
    """What somebody needs to sign in. `organization` is its name, empty without one."""

    email: str
    password: str
    role: str
    organization: str


def load_accounts(world: World) -> list[Account]:
    """Accounts with new passwords; the members and supporters among them join their organization."""
    found = []
    for row in rows("accounts"):
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        organization = world.organizations.get(row["organization"])
        first = organization.approved_on if organization else None
        start = first or world.need_day("-400")
        user = User(
            public_id=world.ids.of(f"user:{row['email']}"),
            email=row["email"],
            name=row["name"],
            role=Role(row["role"]),
            password=hashed(password),
            confirmed_at=moment(start),
            created_at=moment(start),
        )
        db.session.add(user)
        world.users[row["email"]] = user
        if organization:
            db.session.add(
                Membership(organization=organization, user=user, is_manager=True, since=start)
            )
            if user.role is Role.MEMBER:
                world.members[row["organization"]] = user
        name = organization.name if organization else ""
        found.append(Account(user.email, password, user.role.value, name))
    db.session.flush()
    for user in world.users.values():
        world.log("user.created", f"user:{user.public_id}", name=user.name, role=user.role)
    return found


def draw_passwords() -> list[Account]:
    """New passwords for the accounts of a demo whose file was lost."""
    found = []
    for row in rows("accounts"):
        user = db.session.query(User).filter_by(email=row["email"]).one_or_none()
        if user is None:
            continue
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        user.password = hashed(password)
        membership = db.session.query(Membership).filter_by(user_id=user.id).first()
        name = membership.organization.name if membership else ""
        found.append(Account(user.email, password, user.role.value, name))
    db.session.flush()
    return found


def write_accounts(folder: Path, accounts: list[Account]) -> None:
    """Keep the accounts in a file that its owner alone can read; whole or not at all."""
    path = folder / DEMO_ACCOUNTS
    draft = path.with_suffix(".tmp")
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_accounts(folder: Path) -> list[Account]:
    """The accounts of the file; none when it is missing."""
    path = folder / DEMO_ACCOUNTS
    if not path.exists():
        return []
    return [Account(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
