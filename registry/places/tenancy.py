"""Who moves in, stays longer, moves out: the ledger of occupancy, written under the place's lock.

Never more units than the place's capacity on any day, whoever writes at the same time.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.places import vacancies
from registry.places.labels import state_on
from registry.places.ledger import obstacle, of_days
from registry.places.locking import days_held, lock
from registry.places.models import (
    Occupancy,
    OccupancyState,
    Place,
    PlaceState,
    PlaceUse,
    Waiting,
    WaitingState,
)
from registry.places.queries import family, is_held, operated, visible_to
from registry.places.service import refuse_others
from registry.places.sight import names_for
from registry.web.i18n import day as in_words


@dataclass(frozen=True)
class Tenancy:
    """What somebody writes down about a tenant: days both included, no end goes on and on."""

    organization: Organization
    starts_on: date
    ends_on: date | None = None
    units: int = 1
    note: str = ""
    waiting: Waiting | None = None


def move_in(place: Place, wish: Tenancy, *, today: date, viewer: Viewer) -> Occupancy:
    """Let a tenant in. Who waited for it waits no longer.

    Raises DomainError at the field: no room on a day (naming it and who holds the place), days
    outside the place's own, an organization that ended.
    """
    refuse_others(place, viewer)
    lock(place)
    if place.use is not PlaceUse.TENANCY:
        raise DomainError(_("ここは入居する場所ではありません。中の区画を選んでください。"))
    if place.state is not PlaceState.OPEN and (wish.ends_on is None or wish.ends_on >= today):
        raise DomainError(_("この場所は、新しい受付を終えています。"))
    if wish.organization.state is OrganizationState.ARCHIVED:
        raise DomainError(_("登録を終えた企業・団体は選べません。"), field="organization_name")
    if wish.units < 1:
        raise DomainError(_("1 以上にしてください。"), field="units")
    occupancy = Occupancy(
        place_id=place.id,
        organization_id=wish.organization.id,
        units=wish.units,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        note=wish.note.strip(),
        state=OccupancyState.PLANNED,
    )
    _refuse_days(place, occupancy)
    _refuse_overfull(place, occupancy, viewer)
    occupancy.state = state_on(occupancy, today)
    db.session.add(occupancy)
    db.session.flush()
    told = ("starts_on", "ends_on", "units")
    changes: dict[str, Change] = {name: (None, getattr(occupancy, name)) for name in told}
    changes["organization"] = (None, wish.organization.public_id)
    _log(occupancy, "occupancy.started", viewer, changes)
    if wish.waiting is not None:
        _take(wish.waiting, viewer)
    vacancies.refresh(place, today)
    return occupancy


def extend(
    occupancy: Occupancy, *, until: date | None, version: int | None, today: date, viewer: Viewer
) -> None:
    """Let a tenant stay until another day, or without an end; also undoes moving out."""
    place = _locked(occupancy, version, viewer)
    _refuse_cancelled(occupancy)
    if until is not None and until < occupancy.starts_on:
        raise DomainError(_("終わりの日を、始まりの日より後にしてください。"), field="until")
    changes = apply(occupancy, {"ends_on": until, "end_reason": ""})
    _refuse_days(place, occupancy, field="until")
    _refuse_overfull(place, occupancy, viewer, field="until")
    _settle(occupancy, "occupancy.extended", changes, today=today, viewer=viewer)


def move_out(
    occupancy: Occupancy,
    *,
    on: date,
    reason: str,
    version: int | None,
    today: date,
    viewer: Viewer,
) -> None:
    """The last day of a tenant, with the reason; earlier than it was agreed."""
    _locked(occupancy, version, viewer)
    _refuse_cancelled(occupancy)
    if on < occupancy.starts_on:
        raise DomainError(
            _("最後の日が始まりの日より前です。入居しなかったのなら「取り消す」を使います。"),
            field="on",
        )
    if occupancy.ends_on is not None and on > occupancy.ends_on:
        raise DomainError(_("いまの終わりの日より後です。「延ばす」を使います。"), field="on")
    changes = apply(occupancy, {"ends_on": on, "end_reason": reason.strip()})
    _settle(occupancy, "occupancy.ended", changes, today=today, viewer=viewer)


def cancel(
    occupancy: Occupancy, *, reason: str, version: int | None, today: date, viewer: Viewer
) -> None:
    """An entry that never was: it counts no longer, and stands in the ledger as cancelled."""
    _locked(occupancy, version, viewer)
    _refuse_cancelled(occupancy)
    changes = apply(occupancy, {"state": OccupancyState.CANCELLED, "end_reason": reason.strip()})
    _settle(occupancy, "occupancy.cancelled", changes, today=today, viewer=viewer)


def restore(occupancy: Occupancy, *, version: int | None, today: date, viewer: Viewer) -> None:
    """Undo a cancellation, while there is still room."""
    place = _locked(occupancy, version, viewer)
    if occupancy.state is not OccupancyState.CANCELLED:
        raise DomainError(_("この入居は取り消されていません。"))
    changes = apply(occupancy, {"state": OccupancyState.PLANNED, "end_reason": ""})
    _refuse_days(place, occupancy)
    _refuse_overfull(place, occupancy, viewer)
    _settle(occupancy, "occupancy.restored", changes, today=today, viewer=viewer)


def ledger_of(place: Place, viewer: Viewer, *, day: date | None = None) -> Select[Occupancy]:
    """Statement of who holds a place or those in it, the newest first; on one day when it is given.

    Cancelled entries are shown to those who keep the place only.
    """
    statement = (
        select(Occupancy)
        .join(Place, Occupancy.place_id == Place.id)
        .where(family(place))
        .options(joinedload(Occupancy.place), joinedload(Occupancy.organization))
        .order_by(Occupancy.starts_on.desc(), Occupancy.id.desc())
    )
    if day is not None:
        return statement.where(is_held(day))
    if not (viewer.is_staff or place.program_id in viewer.program_ids):
        statement = statement.where(Occupancy.state != OccupancyState.CANCELLED)
    return statement


def get_occupancy(public_id: str, viewer: Viewer) -> Occupancy:
    """The occupancy of that id in a place that the viewer keeps. Raises NotFound."""
    kept = visible_to(viewer).where(operated(viewer)).order_by(None).with_only_columns(Place.id)
    found = db.session.scalar(
        select(Occupancy).where(Occupancy.public_id == public_id, Occupancy.place_id.in_(kept))
    )
    if found is None:
        raise NotFound
    return found


def _locked(occupancy: Occupancy, version: int | None, viewer: Viewer) -> Place:
    """The place, locked; the occupancy read anew under the lock."""
    refuse_others(occupancy.place, viewer)
    lock(occupancy.place)
    db.session.refresh(occupancy)
    if version is not None and version != occupancy.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの入居の記録を変更しました。"),
            version=occupancy.version,
        )
    return occupancy.place


def _settle(
    occupancy: Occupancy,
    action: str,
    changes: dict[str, Change],
    *,
    today: date,
    viewer: Viewer,
) -> None:
    occupancy.state = state_on(occupancy, today)
    db.session.flush()
    _log(occupancy, action, viewer, changes)
    vacancies.refresh(occupancy.place, today)


def _refuse_cancelled(occupancy: Occupancy) -> None:
    if occupancy.state is OccupancyState.CANCELLED:
        raise DomainError(_("この入居は取り消されています。"))


def _refuse_days(place: Place, wish: Occupancy, field: str | None = None) -> None:
    """Days within the life of the place."""
    if wish.ends_on is not None and wish.ends_on < wish.starts_on:
        raise DomainError(
            _("終わりの日を、始まりの日より後にしてください。"), field=field or "ends_on"
        )
    if place.opened_on and wish.starts_on < place.opened_on:
        raise DomainError(
            _("この場所は%(day)sに開設しました。", day=in_words(place.opened_on)),
            field=field or "starts_on",
        )
    if place.closed_on and (wish.ends_on is None or wish.ends_on >= place.closed_on):
        raise DomainError(
            _(
                "この場所は%(day)sに閉鎖します。その前の日までにしてください。",
                day=in_words(place.closed_on),
            ),
            field=field or "ends_on",
        )


def _refuse_overfull(
    place: Place, wish: Occupancy, viewer: Viewer, field: str | None = None
) -> None:
    """Never more units than the place has, on any day of the wish."""
    with db.session.no_autoflush:
        held = days_held(place, except_for=wish)
        asked = of_days(wish.units, wish.starts_on, wish.ends_on)
        found = obstacle(held, asked, place.capacity)
    if found is None:
        return
    if not found.holds:
        raise DomainError(
            _("この場所は全部で %(all)s です。", all=place.capacity), field=field or "units"
        )
    raise DomainError(
        _(
            "%(day)sは、空きが %(free)s です（%(who)s が入居）。日か場所を変えてください。",
            day=in_words(found.at),
            free=found.free,
            who=names_for((hold.key for hold in found.holds), viewer),
        ),
        field=field or "starts_on",
    )


def _take(waiting: Waiting, viewer: Viewer) -> None:
    changes = apply(waiting, {"state": WaitingState.TAKEN})
    record(
        actor=viewer,
        action="waiting.taken",
        subject=f"waiting:{waiting.public_id}",
        changes=changes,
    )


def _log(occupancy: Occupancy, action: str, viewer: Viewer, changes: dict[str, Change]) -> None:
    record(
        actor=viewer,
        action=action,
        subject=f"occupancy:{occupancy.public_id}",
        changes={**changes, "place": (None, occupancy.place.public_id)},
    )
