"""The life of a place: taking nobody new in, closing, reopening."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.common.calendar import day_bounds_utc
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.places import vacancies
from registry.places.locking import days_held, lock, moments_held
from registry.places.models import Place, PlaceState
from registry.places.service import refuse_others, refuse_version
from registry.places.sight import names_for
from registry.web.i18n import day as in_words


def close_place(
    place: Place, *, on: date, reason: str, version: int | None, today: date, viewer: Viewer
) -> None:
    """Close a place and those in it from a day on. Nobody may hold it from then; bookings neither.

    A day to come: from today on nobody new is taken in, and the place counts until that day.
    """
    refuse_others(place, viewer)
    lock(place)
    refuse_version(place, version)
    if place.state is PlaceState.CLOSED:
        raise DomainError(_("この場所は、もう閉鎖されています。"))
    inner = list(db.session.scalars(select(Place).where(Place.parent_id == place.id)))
    opened = [row.opened_on for row in (place, *inner) if row.opened_on]
    if opened and on < max(opened):
        raise DomainError(_("閉鎖の日を、開設の日より後にしてください。"), field="on")
    for row in (place, *inner):
        if row is not place:
            lock(row)
        _refuse_held_from(row, on, viewer)
    state = PlaceState.CLOSED if on <= today else PlaceState.CLOSED_TO_NEW
    for row in (place, *(row for row in inner if row.state is not PlaceState.CLOSED)):
        changes = apply(row, {"state": state, "closed_on": on})
        changes["reason"] = (None, reason.strip() or None)
        subject = f"place:{row.public_id}"
        record(actor=viewer, action="place.closed", subject=subject, changes=changes)
    db.session.flush()
    vacancies.refresh(place)


def stop_taking(place: Place, *, version: int | None, viewer: Viewer) -> None:
    """Take nobody new in; those who are in it stay."""
    _move(place, PlaceState.CLOSED_TO_NEW, (PlaceState.OPEN,), "place.stopped", version, viewer)


def reopen_place(place: Place, *, version: int | None, viewer: Viewer) -> None:
    """Take in again: undoes closing and stopping. Of a facility also those that closed with it."""
    if place.parent is not None and place.parent.state is not PlaceState.OPEN:
        raise DomainError(_("先に施設を再開してください。"))
    was = place.closed_on
    _move(
        place,
        PlaceState.OPEN,
        (PlaceState.CLOSED, PlaceState.CLOSED_TO_NEW),
        "place.reopened",
        version,
        viewer,
    )
    inner = select(Place).where(Place.parent_id == place.id, Place.closed_on == was)
    for row in db.session.scalars(inner) if was else ():
        _set_state(row, PlaceState.OPEN, "place.reopened", viewer)
    db.session.flush()
    vacancies.refresh(place)


def _move(
    place: Place,
    state: PlaceState,
    before: tuple[PlaceState, ...],
    action: str,
    version: int | None,
    viewer: Viewer,
) -> None:
    refuse_others(place, viewer)
    lock(place)
    refuse_version(place, version)
    if place.state not in before:
        raise DomainError(_("この場所の状態では、この操作はできません。"))
    _set_state(place, state, action, viewer)
    db.session.flush()
    vacancies.refresh(place)


def _set_state(place: Place, state: PlaceState, action: str, viewer: Viewer) -> None:
    values: dict[str, object] = {"state": state}
    if state is PlaceState.OPEN:
        values["closed_on"] = None
    changes = apply(place, values)
    record(actor=viewer, action=action, subject=f"place:{place.public_id}", changes=changes)


def _refuse_held_from(place: Place, on: date, viewer: Viewer) -> None:
    """Nobody holds the place on the closing day or later: else it would count no longer."""
    staying = [hold for hold in days_held(place) if hold.ends is None or hold.ends > on]
    if staying:
        raise DomainError(
            _(
                "「%(place)s」に、%(day)sから後も入居の記録があります（%(who)s）。"
                "先に退去か取り消しを記録してください。",
                place=place.name,
                day=in_words(on),
                who=names_for((hold.key for hold in staying), viewer),
            ),
            field="on",
        )
    if moments_held(place, day_bounds_utc(on, on)[0]):
        raise DomainError(
            _(
                "「%(place)s」に、%(day)sから後の予約があります。先に予約を取り消してください。",
                place=place.name,
                day=in_words(on),
            ),
            field="on",
        )
