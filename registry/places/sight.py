"""Whose names a reader may see beside a place: those of organizations that he may see."""

from collections.abc import Iterable

from sqlalchemy import select

from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.blind import blind_line
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.web.i18n import listed, pick


def seen_of(organization_ids: Iterable[int], viewer: Viewer) -> set[int]:
    """Row numbers of those organizations that the viewer may see."""
    wanted = set(organization_ids)
    if not wanted or viewer.is_staff:
        return wanted
    statement = organizations_visible_to(viewer).with_only_columns(Organization.id).order_by(None)
    return set(db.session.scalars(statement.where(Organization.id.in_(wanted))))


def names_for(organization_ids: Iterable[int], viewer: Viewer) -> str:
    """The organizations in one line: names, and of hidden ones industry, ward and size alone."""
    wanted = list(dict.fromkeys(organization_ids))
    seen = seen_of(wanted, viewer)
    found = db.session.scalars(
        select(Organization).where(Organization.id.in_(wanted)).order_by(Organization.number)
    )
    return listed(
        pick(row.name, row.name_en) if row.id in seen else blind_line(row) for row in found
    )
