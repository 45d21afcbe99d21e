"""Reading files: those of a record, as far as the viewer sees them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select

from registry.attachments.models import Attachment
from registry.attachments.places import Place, Sees, place_of
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db


def files_of(place: Place) -> list[Attachment]:
    """The files of a place that its viewer sees, the newest first."""
    statement = _newest_first().where(
        Attachment.subject == place.subject, Attachment.removed_at.is_(None)
    )
    if place.sees is Sees.NOTHING:
        return []
    if place.sees is not Sees.ALL:
        statement = statement.where(Attachment.shared)
    return list(db.session.scalars(statement))


def removed_files_of(place: Place) -> list[Attachment]:
    """Removed files that can be put back, for those who write there."""
    if not place.writes:
        return []
    return list(
        db.session.scalars(
            _newest_first().where(
                Attachment.subject == place.subject, Attachment.removed_at.is_not(None)
            )
        )
    )


def get_file(public_id: str, viewer: Viewer) -> tuple[Attachment, Place]:
    """A file and its place. Raises NotFound when it is absent, removed or hidden from the viewer."""
    row, place = _find(public_id, viewer)
    hidden = place.sees is not Sees.ALL and not row.shared
    if row.removed_at is not None or hidden:
        raise NotFound
    return row, place


def file_to_write(public_id: str, viewer: Viewer) -> tuple[Attachment, Place]:
    """A file, removed or not, that the viewer may change, and its place. Raises NotFound."""
    row, place = _find(public_id, viewer)
    if not place.writes:
        raise NotFound
    return row, place


def count_files(subject: str) -> int:
    """How many files hang there, removed ones left out."""
    statement = select(func.count()).where(
        Attachment.subject == subject, Attachment.removed_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def removed_before(moment: datetime) -> Select[Attachment]:
    """Files whose time for putting them back is over, the oldest first."""
    return (
        select(Attachment)
        .where(Attachment.removed_at < moment)
        .order_by(Attachment.removed_at, Attachment.id)
    )


def claimed(digests: Collection[str]) -> set[str]:
    """Those of the hashes that a row points to, removed ones included."""
    found = select(Attachment.sha256).where(Attachment.sha256.in_(digests))
    return set(db.session.scalars(found)) if digests else set()


def all_digests() -> dict[str, str]:
    """Hash → name of a file that has it, of all rows."""
    rows = db.session.execute(select(Attachment.sha256, Attachment.name).order_by(Attachment.id))
    return dict(iter(rows))


def _find(public_id: str, viewer: Viewer) -> tuple[Attachment, Place]:
    row = db.session.scalar(select(Attachment).where(Attachment.public_id == public_id))
    if row is None:
        raise NotFound
    return row, place_of(row.subject, viewer)


def _newest_first() -> Select[Attachment]:
    return select(Attachment).order_by(Attachment.created_at.desc(), Attachment.id.desc())
