"""Reading imports: staff see all of them, nobody else any."""

from sqlalchemy import Select, select

from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.models import ImportRun, ImportState


def visible_to(viewer: Viewer) -> Select[ImportRun]:
    """The imports that the viewer may see, the newest first."""
    statement = select(ImportRun).order_by(ImportRun.created_at.desc(), ImportRun.id.desc())
    return statement if viewer.may("exchange.import") else statement.where(ImportRun.id < 0)


def get_import(public_id: str, viewer: Viewer) -> ImportRun:
    """The import of that id. Raises NotFound when it is absent or hidden from the viewer."""
    found = db.session.scalar(visible_to(viewer).where(ImportRun.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def same_file(run: ImportRun, viewer: Viewer) -> ImportRun | None:
    """An earlier import of the very same file that is done."""
    return db.session.scalar(
        visible_to(viewer)
        .where(
            ImportRun.digest == run.digest,
            ImportRun.kind == run.kind,
            ImportRun.state == ImportState.DONE,
            ImportRun.id != run.id,
        )
        .limit(1)
    )
