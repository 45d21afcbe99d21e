"""Imports that are too long for a page: taken by the worker, each in its own transaction."""

from datetime import timedelta

from flask_babel import force_locale
from sqlalchemy import or_, select

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, now, transaction
from registry.exchange import progress, service
from registry.exchange.models import ImportRun, ImportState

WAITING = (ImportState.CHECKING, ImportState.RUNNING)
LOST = timedelta(hours=1)
"""After so long an import that was taken and did not end is taken again: its worker died."""
KEPT = timedelta(days=14)
"""For so long a file waits for its import to be finished."""


def work_due() -> int:
    """Carry out what waits, one after another; return how many."""
    count = 0
    while (public_id := _take()) is not None:
        work(public_id)
        count += 1
    return count


def forget_old() -> int:
    """Delete files that nobody went on with."""
    with transaction():
        return service.forget_old_files(calendar.today() - KEPT)


def _take() -> str | None:
    """Claim the import that waits longest, or one whose worker died."""
    with transaction():
        run = db.session.scalar(
            select(ImportRun)
            .where(
                ImportRun.state.in_(WAITING),
                or_(ImportRun.taken_at.is_(None), ImportRun.taken_at < now() - LOST),
            )
            .order_by(ImportRun.updated_at, ImportRun.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if run is None:
            return None
        run.taken_at = now()
        return run.public_id


def work(public_id: str) -> None:
    """Check or carry out one import; what goes wrong stands with it."""
    run = _get(public_id)
    locale, note = run.locale, progress.noting(run)
    with force_locale(locale):
        try:
            with transaction():
                run = _get(public_id)
                who = viewer_of(run)
                act = service.check if run.state is ImportState.CHECKING else service.carry_out
                act(run, viewer=who, today=calendar.today(), progress=note)
        except service.RowsRefused as refused:
            with transaction():
                service.keep_refusal(_get(public_id), refused)
        except DomainError as refusal:
            with transaction():
                run = _get(public_id)
                run.state, run.problem = ImportState.REFUSED, str(refusal.message)
    progress.forget(_get(public_id))


def _get(public_id: str) -> ImportRun:
    return db.session.scalars(select(ImportRun).where(ImportRun.public_id == public_id)).one()


def viewer_of(run: ImportRun) -> Viewer:
    """Whoever began the import, as he may act today; a command's imports are the system's."""
    user = run.imported_by
    if user is None:
        return SYSTEM
    if not user.active:
        return Viewer()
    return Viewer(role=user.role, user_id=user.id, public_id=user.public_id, name=user.name)
