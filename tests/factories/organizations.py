"""Organizations and their members for tests."""

from datetime import date
from itertools import count

from registry.accounts.models import User
from registry.common.folding import fold, fold_name
from registry.common.roles import Role
from registry.db import db, transaction
from registry.organizations.models import (
    Membership,
    Organization,
    OrganizationKind,
    OrganizationState,
)
from tests.factories.accounts import make_user

_numbers = count(1)


def make_organization(**fields: object) -> Organization:
    """An approved company."""
    number = next(_numbers)
    values: dict[str, object] = {
        "number": number,
        "kind": OrganizationKind.COMPANY,
        "name": f"試験製作所{number}",
        "state": OrganizationState.APPROVED,
        "approved_on": date(2026, 4, 1),
    }
    values.update(fields)
    name = str(values["name"])
    values.setdefault("name_key", fold_name(name))
    values.setdefault("search_text", fold(name))
    organization = Organization(**values)
    with transaction():
        db.session.add(organization)
    return organization


def make_member(organization: Organization | None = None, **fields: object) -> User:
    """A user who speaks for the organization (a new one when none is given)."""
    is_manager = bool(fields.pop("is_manager", False))
    organization = organization or make_organization()
    user = make_user(Role.MEMBER, **fields)
    with transaction():
        db.session.add(
            Membership(
                organization_id=organization.id,
                user_id=user.id,
                is_manager=is_manager,
                since=date(2026, 4, 1),
            )
        )
    return user
