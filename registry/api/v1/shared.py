"""What the resources share: rows named by an id, lists of what changed, organizations in short."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import Select

from registry.accounts.models import User
from registry.accounts.queries import get_user
from registry.api.models import Part
from registry.common.errors import DomainError, NotFound
from registry.common.roles import STAFF
from registry.common.viewer import VISITOR, Viewer
from registry.organizations.models import Organization
from registry.programs.models import Program
from registry.programs.queries import get_program

Row = TypeVar("Row")


class Named(Part):
    """A record's id and name."""

    id: str = Field(description="公開 ID / Public id")
    name: str = Field(description="名称 / Name")


def named(organization: Organization) -> Named:
    """An organization in short."""
    return Named(id=organization.public_id, name=organization.name)


def wanted(
    get: Callable[[str, Viewer], Row | None], public_id: str, viewer: Viewer, member: str
) -> Row:
    """The row that a member of the body names. Raises DomainError at it for an unknown one."""
    try:
        row = get(public_id, viewer)
    except NotFound:
        row = None
    if row is None:
        raise DomainError(_("この ID の記録は見つかりません。"), field=member)
    return row


def changed_since(statement: Select[Any], model: Any, moment: datetime | None) -> Select[Any]:
    """What changed after a moment, the oldest change first; the statement itself without one."""
    if moment is None:
        return statement
    later = statement.where(model.updated_at > moment)
    return later.order_by(None).order_by(model.updated_at, model.id)


def program_meant(public_id: str | None, viewer: Viewer) -> Program | None:
    """The program that the member `program` names, if any. Raises DomainError for an unknown one."""
    return wanted(get_program, public_id, viewer, "program") if public_id else None


def coordinator_meant(public_id: str | None) -> User | None:
    """The person in charge that `coordinator` names, if any: active staff. Raises DomainError."""
    if public_id is None:
        return None
    user = wanted(lambda one, _viewer: get_user(one), public_id, VISITOR, "coordinator")
    if user.role not in STAFF or not user.active:
        raise DomainError(_("担当にできるのは、事務局の人です。"), field="coordinator")
    return user
