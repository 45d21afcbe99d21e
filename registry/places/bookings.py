"""Booking machines, halls and desks by the hour, under the place's lock like tenancies."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from registry.audit.service import apply, record
from registry.common.calendar import TOKYO, day_bounds_utc, to_tokyo, tokyo_day
from registry.common.errors import Conflict, DomainError, NotAllowed, NotFound
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.models import Organization, OrganizationState
from registry.places.ledger import Hold, free_spans, obstacle
from registry.places.locking import lock, moments_held
from registry.places.models import Booking, BookingState, Place, PlaceState, PlaceUse
from registry.places.queries import operated, operates, visible_to
from registry.places.sight import names_for
from registry.web.i18n import day as in_words

AHEAD = timedelta(days=366)
"""So far ahead one may book."""
SATURDAY = 5


@dataclass(frozen=True)
class BookingWish:
    """Who books how much of a place: one day in Tokyo, from a half hour to another (minutes after
    midnight, so that 1440 is the day's end)."""

    organization: Organization
    on: date
    starts: int
    ends: int
    units: int = 1
    purpose: str = ""

    @property
    def starts_at(self) -> datetime:
        return moment_of(self.on, self.starts)

    @property
    def ends_at(self) -> datetime:
        return moment_of(self.on, self.ends)


def moment_of(day: date, minutes: int) -> datetime:
    """So many minutes after midnight in Tokyo."""
    return datetime.combine(day, time(), TOKYO) + timedelta(minutes=minutes)


def may_book_for(place: Place, organization_id: int, viewer: Viewer) -> bool:
    """Staff and operators for any organization, members for their own."""
    own = viewer.role is Role.MEMBER and viewer.belongs_to(organization_id)
    return own or operates(place, viewer)


def book(place: Place, wish: BookingWish, *, today: date, now: datetime, viewer: Viewer) -> Booking:
    """Book a place. Members book what begins after now; those who keep it also note past use.

    Raises DomainError at the field: outside the hours, or no room at a time (naming it).
    """
    if not may_book_for(place, wish.organization.id, viewer):
        raise NotAllowed(_("予約できるのは、会員（自社の分）と制度の担当、事務局です。"))
    lock(place)
    _refuse_place(place)
    if wish.organization.state is not OrganizationState.APPROVED:
        raise DomainError(
            _("登録が済んだ企業・団体だけが予約できます。"), field="organization_name"
        )
    _refuse_time(place, wish, today=today, now=now, viewer=viewer)
    _refuse_overfull(place, wish, viewer)
    booking = Booking(
        place_id=place.id,
        organization_id=wish.organization.id,
        units=wish.units,
        on=wish.on,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        purpose=wish.purpose.strip(),
        state=BookingState.BOOKED if wish.ends_at > now else BookingState.USED,
        booked_by_id=viewer.user_id,
    )
    db.session.add(booking)
    db.session.flush()
    _log(booking, "booking.made", viewer, {"on": (None, wish.on), "units": (None, wish.units)})
    return booking


def cancel_booking(
    booking: Booking, *, reason: str, version: int | None, now: datetime, viewer: Viewer
) -> None:
    """Give a booking back. Members until it begins; those who keep the place at any time."""
    place = booking.place
    if not may_book_for(place, booking.organization_id, viewer):
        raise NotAllowed(_("予約を取り消せるのは、予約した会員と制度の担当、事務局です。"))
    lock(place)
    db.session.refresh(booking)
    if version is not None and version != booking.version:
        raise Conflict(_("開いている間に、この予約が変更されました。"), version=booking.version)
    if booking.state is BookingState.CANCELLED:
        raise DomainError(_("この予約は取り消されています。"))
    if booking.starts_at <= now and not operates(place, viewer):
        raise DomainError(_("始まった予約は、施設の担当に連絡して取り消してください。"))
    changes = apply(booking, {"state": BookingState.CANCELLED, "state_reason": reason.strip()})
    db.session.flush()
    _log(booking, "booking.cancelled", viewer, changes)


def restore_booking(
    booking: Booking, *, version: int | None, today: date, now: datetime, viewer: Viewer
) -> None:
    """Undo a cancellation, while the time is still free."""
    place = booking.place
    if not may_book_for(place, booking.organization_id, viewer):
        raise NotAllowed(_("予約を戻せるのは、予約した会員と制度の担当、事務局です。"))
    lock(place)
    db.session.refresh(booking)
    if booking.state is not BookingState.CANCELLED:
        raise DomainError(_("この予約は取り消されていません。"))
    if version is not None and version != booking.version:
        raise Conflict(_("開いている間に、この予約が変更されました。"), version=booking.version)
    _refuse_place(place)
    wish = BookingWish(
        organization=booking.organization,
        on=booking.on,
        starts=minutes_of(booking.starts_at, booking.on),
        ends=minutes_of(booking.ends_at, booking.on),
        units=booking.units,
    )
    _refuse_time(place, wish, today=today, now=now, viewer=viewer)
    _refuse_overfull(place, wish, viewer)
    state = BookingState.BOOKED if booking.ends_at > now else BookingState.USED
    changes = apply(booking, {"state": state, "state_reason": ""})
    db.session.flush()
    _log(booking, "booking.restored", viewer, changes)


def minutes_of(moment: datetime, day: date) -> int:
    """Minutes after midnight in Tokyo of that day."""
    return int((moment - moment_of(day, 0)) / timedelta(minutes=1))


def clock(minutes: int) -> str:
    """9:00, 24:00."""
    return f"{minutes // 60}:{minutes % 60:02}"


def clock_of(moment: datetime, day: date) -> str:
    """The time of a moment in Tokyo; midnight at the end of the day is 24:00."""
    return clock(minutes_of(moment, day))


def is_open_on(place: Place, day: date) -> bool:
    """Whether a place is open for booking on a day."""
    begun = place.opened_on is None or place.opened_on <= day
    standing = begun and (place.closed_on is None or day < place.closed_on)
    return standing and (place.open_weekends or day.weekday() < SATURDAY)


def bookings_visible_to(viewer: Viewer) -> Select[Booking]:
    """Statement of the bookings that a viewer may read, by time: of places he keeps all, of the
    own organization the own. That a time is taken is shown to everybody, by whom is not."""
    seen: list[ColumnElement[bool]] = [Place.id < 0]
    if viewer.may("places.operate"):
        seen.append(operated(viewer))
    if viewer.organization_id is not None and viewer.role is Role.MEMBER:
        seen.append(Booking.organization_id == viewer.organization_id)
    return (
        select(Booking)
        .join(Place, Booking.place_id == Place.id)
        .where(true() if viewer.is_staff else or_(*seen))
        .options(joinedload(Booking.place), joinedload(Booking.organization))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
    )


def get_booking(public_id: str, viewer: Viewer) -> Booking:
    """The booking of that id. Raises NotFound when it is absent or somebody else's."""
    shown = visible_to(viewer).order_by(None).with_only_columns(Place.id)
    found = db.session.scalar(
        bookings_visible_to(viewer).where(
            Booking.public_id == public_id, Booking.place_id.in_(shown)
        )
    )
    if found is None:
        raise NotFound
    return found


def bookings_between(place: Place, first: date, last: date) -> list[Booking]:
    """The bookings of a place on those days, without cancelled ones, by time."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(
                Booking.place_id == place.id,
                Booking.on.between(first, last),
                Booking.state != BookingState.CANCELLED,
            )
            .options(joinedload(Booking.organization))
            .order_by(Booking.starts_at, Booking.id)
        )
    )


def free_times(place: Place, day: date, found: list[Booking]) -> list[tuple[int, int]]:
    """The spans of a day in which at least one unit is free, in minutes after midnight."""
    if place.state is not PlaceState.OPEN or not is_open_on(place, day):
        return []
    holds = [Hold(row.units, row.starts_at, row.ends_at) for row in found if row.on == day]
    first, last = (moment_of(day, hour * 60) for hour in (place.open_from, place.open_until))
    spans = free_spans(holds, first, last, place.capacity)
    return [(minutes_of(begins, day), minutes_of(ends, day)) for begins, ends in spans]


def _refuse_place(place: Place) -> None:
    if place.use is not PlaceUse.BOOKING:
        raise DomainError(_("ここは予約して使う場所ではありません。"))
    if place.state is not PlaceState.OPEN:
        raise DomainError(_("この場所は、新しい受付を終えています。"))


def _refuse_time(
    place: Place, wish: BookingWish, *, today: date, now: datetime, viewer: Viewer
) -> None:
    if wish.ends <= wish.starts:
        raise DomainError(_("終わりの時刻を、始まりより後にしてください。"), field="ends")
    if wish.starts_at < now and not operates(place, viewer):
        raise DomainError(_("これから始まる時間を選んでください。"), field="starts")
    if wish.on > today + AHEAD:
        raise DomainError(_("予約できるのは、1 年先までです。"), field="on")
    if not is_open_on(place, wish.on):
        raise DomainError(_("%(day)sは開いていません。", day=in_words(wish.on)), field="on")
    if wish.starts < place.open_from * 60 or wish.ends > place.open_until * 60:
        raise DomainError(
            _(
                "開いているのは %(first)s から %(last)s までです。",
                first=clock(place.open_from * 60),
                last=clock(place.open_until * 60),
            ),
            field="starts",
        )


def _refuse_overfull(place: Place, wish: BookingWish, viewer: Viewer) -> None:
    if not 1 <= wish.units <= place.capacity:
        raise DomainError(
            _("1 から %(all)s までにしてください。", all=place.capacity), field="units"
        )
    start = day_bounds_utc(wish.on, wish.on)[0]
    held = moments_held(place, start)
    found = obstacle(held, Hold(wish.units, wish.starts_at, wish.ends_at), place.capacity)
    if found is None:
        return
    first = min(hold.begins for hold in found.holds)
    last = max(hold.ends for hold in found.holds if hold.ends)
    who = names_for((hold.key for hold in found.holds), viewer) if operates(place, viewer) else ""
    values = {
        "day": in_words(tokyo_day(found.at)),
        "time": f"{to_tokyo(first):%-H:%M}",
        "until": clock_of(last, wish.on),
        "who": who,
    }
    raise DomainError(
        _("%(day)sの %(time)s から %(until)s までは予約があります（%(who)s）。", **values)
        if who
        else _("%(day)sの %(time)s から %(until)s までは予約があります。", **values),
        field="starts",
    )


def _log(
    booking: Booking, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(
        actor=viewer,
        action=action,
        subject=f"booking:{booking.public_id}",
        changes={
            **changes,
            "place": (None, booking.place.public_id),
            "organization": (None, booking.organization.public_id),
        },
    )
