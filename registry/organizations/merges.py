"""Reading what was merged: where an old address leads, what a record took in."""

from sqlalchemy import select

from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.identity_models import Merge
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to


def survivor_of(public_id: str) -> str | None:
    """The public id of the record that a merged one became part of, over several merges."""
    seen = {public_id}
    current = public_id
    while following := db.session.scalar(
        select(Merge.survivor_public_id)
        .where(Merge.merged_public_id == current, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(1)
    ):
        if following in seen:
            return None
        seen.add(following)
        current = following
    return None if current == public_id else current


def visible_survivor_of(public_id: str, viewer: Viewer) -> str | None:
    """The same, when the viewer may see the survivor."""
    survivor = survivor_of(public_id)
    if survivor is None:
        return None
    return db.session.scalar(
        visible_to(viewer)
        .with_only_columns(Organization.public_id)
        .where(Organization.public_id == survivor)
    )


def merges_of(organization: Organization) -> list[Merge]:
    """What a record took in, the newest first; undone ones too."""
    return list(
        db.session.scalars(
            select(Merge)
            .where(Merge.survivor_public_id == organization.public_id)
            .order_by(Merge.id.desc())
        )
    )


def get_merge(public_id: str) -> Merge:
    """The merge of that id, for staff. Raises NotFound."""
    found = db.session.scalar(select(Merge).where(Merge.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def later_merge_of(merge: Merge) -> Merge | None:
    """The newest merge not undone that took place after this one and touched its survivor."""
    ids = (merge.survivor_public_id, merge.merged_public_id)
    return db.session.scalar(
        select(Merge)
        .where(
            Merge.id > merge.id,
            Merge.undone_at.is_(None),
            Merge.survivor_public_id.in_(ids) | Merge.merged_public_id.in_(ids),
        )
        .order_by(Merge.id.desc())
        .limit(1)
    )


def organization_of(public_id: str) -> Organization | None:
    """The organization of that id, whoever may see it."""
    return db.session.scalar(select(Organization).where(Organization.public_id == public_id))
