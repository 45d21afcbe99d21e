"""Who waits for a place: joining, being offered one, taking it, withdrawing; first come first."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from registry.audit.service import apply, record
from registry.common.errors import Conflict, DomainError, NotAllowed, NotFound
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.places.bookings import may_book_for
from registry.places.locking import lock_row
from registry.places.models import Place, PlaceState, PlaceUse, Waiting, WaitingState
from registry.places.queries import family, free_units, operated, visible_to
from registry.places.service import refuse_others

LIVE = (WaitingState.WAITING, WaitingState.OFFERED)
"""Who still waits."""


def join(
    place: Place, organization: Organization, *, wish: str, since: date, viewer: Viewer
) -> Waiting:
    """Wait for a place, or for any in a facility. Members for their own organization.

    Raises DomainError when the organization waits for it already, or the place takes nobody in.
    """
    if not may_book_for(place, organization.id, viewer):
        raise NotAllowed(_("申し込めるのは、会員（自社の分）と制度の担当、事務局です。"))
    lock_row(place)
    if place.use is PlaceUse.BOOKING or place.state is not PlaceState.OPEN:
        raise DomainError(_("この場所には、待つ列がありません。"))
    if organization.state is OrganizationState.ARCHIVED:
        raise DomainError(_("登録を終えた企業・団体は選べません。"), field="organization_name")
    if db.session.scalar(
        select(Waiting.id).where(
            Waiting.place_id == place.id,
            Waiting.organization_id == organization.id,
            Waiting.state.in_(LIVE),
        )
    ):
        raise DomainError(
            _("この企業・団体は、もうここの空きを待っています。"), field="organization_name"
        )
    waiting = Waiting(
        place_id=place.id,
        organization_id=organization.id,
        since=since,
        wish=wish.strip(),
        state=WaitingState.WAITING,
    )
    db.session.add(waiting)
    db.session.flush()
    record(
        actor=viewer,
        action="waiting.joined",
        subject=f"waiting:{waiting.public_id}",
        changes={
            "place": (None, place.public_id),
            "organization": (None, organization.public_id),
            "since": (None, since),
        },
    )
    return waiting


def offer(waiting: Waiting, *, version: int | None, today: date, viewer: Viewer) -> None:
    """Note that a free place was offered. Raises DomainError while nothing is free."""
    refuse_others(waiting.place, viewer)
    if not free_units(waiting.place, today):
        raise DomainError(_("いまは空きがありません。"))
    _move(waiting, WaitingState.OFFERED, "waiting.offered", version, viewer)


def withdraw(waiting: Waiting, *, reason: str, version: int | None, viewer: Viewer) -> None:
    """Wait no longer: who waits says so, or those who keep the place."""
    if not may_book_for(waiting.place, waiting.organization_id, viewer):
        raise NotAllowed(_("取り下げられるのは、待っている会員と制度の担当、事務局です。"))
    _move(waiting, WaitingState.WITHDRAWN, "waiting.withdrawn", version, viewer, reason)


def put_back(waiting: Waiting, *, version: int | None, viewer: Viewer) -> None:
    """Back into the line at the old place: undoes an offer or a withdrawal."""
    refuse_others(waiting.place, viewer)
    _refuse_version(waiting, version)
    if waiting.state not in (WaitingState.OFFERED, WaitingState.WITHDRAWN):
        raise DomainError(_("この申し込みの状態では、この操作はできません。"))
    same = select(Waiting.id).where(
        Waiting.place_id == waiting.place_id,
        Waiting.organization_id == waiting.organization_id,
        Waiting.state.in_(LIVE),
        Waiting.id != waiting.id,
    )
    if db.session.scalar(same):
        raise DomainError(_("この企業・団体は、もうここの空きを待っています。"))
    _set(waiting, WaitingState.WAITING, "waiting.put_back", viewer, "")


def waiting_visible_to(viewer: Viewer) -> Select[Waiting]:
    """Statement of who waits, first come first: for those who keep the place all, for members
    their own organization's."""
    seen: list[ColumnElement[bool]] = [Place.id < 0]
    if viewer.may("places.operate"):
        seen.append(operated(viewer))
    if viewer.organization_id is not None and viewer.role is Role.MEMBER:
        seen.append(Waiting.organization_id == viewer.organization_id)
    shown = visible_to(viewer).order_by(None).with_only_columns(Place.id)
    return (
        select(Waiting)
        .join(Place, Waiting.place_id == Place.id)
        .where(true() if viewer.is_staff else or_(*seen), Place.id.in_(shown))
        .options(
            joinedload(Waiting.place).joinedload(Place.parent), joinedload(Waiting.organization)
        )
        .order_by(Waiting.since, Waiting.id)
    )


def waiting_for(place: Place, viewer: Viewer) -> list[Waiting]:
    """Who waits for a place or one in it, as far as the viewer may know, first come first."""
    statement = waiting_visible_to(viewer).where(family(place), Waiting.state.in_(LIVE))
    return list(db.session.scalars(statement))


def get_waiting(public_id: str, viewer: Viewer) -> Waiting:
    """The entry of that id. Raises NotFound when it is absent or somebody else's."""
    found = db.session.scalar(waiting_visible_to(viewer).where(Waiting.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def free_for(found: list[Waiting], today: date) -> dict[int, int]:
    """Free units by place of those who wait: what the operator is told."""
    places = {row.place_id: row.place for row in found}
    return {number: free_units(place, today) for number, place in places.items()}


def _move(
    waiting: Waiting,
    state: WaitingState,
    action: str,
    version: int | None,
    viewer: Viewer,
    reason: str = "",
) -> None:
    _refuse_version(waiting, version)
    if waiting.state not in LIVE or waiting.state is state:
        raise DomainError(_("この申し込みの状態では、この操作はできません。"))
    _set(waiting, state, action, viewer, reason)


def _refuse_version(waiting: Waiting, version: int | None) -> None:
    lock_row(waiting)
    if version is not None and version != waiting.version:
        raise Conflict(_("開いている間に、この申し込みが変更されました。"), version=waiting.version)


def _set(waiting: Waiting, state: WaitingState, action: str, viewer: Viewer, reason: str) -> None:
    changes = apply(waiting, {"state": state, "state_reason": reason.strip()})
    db.session.flush()
    subject = f"waiting:{waiting.public_id}"
    record(actor=viewer, action=action, subject=subject, changes=changes)
