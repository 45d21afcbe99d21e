"""Making places and changing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.common import codelists
from registry.common.calendar import day_bounds_utc
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, next_number
from registry.organizations.models import Organization
from registry.places import vacancies
from registry.places.ledger import peak
from registry.places.locking import days_held, lock, moments_held
from registry.places.models import Booking, Occupancy, Place, PlaceKind, PlaceState, PlaceUse
from registry.places.queries import operates
from registry.places.sight import names_for
from registry.programs.models import Program
from registry.web.i18n import day as in_words

MOST_AT_ONCE = 200
"""So many equal places are made by one form."""


@dataclass(frozen=True)
class PlaceRecord:
    """What is written about one place. Area in square metres, hours in Tokyo, money in yen."""

    name: str
    kind: PlaceKind
    use: PlaceUse
    capacity: int = 1
    name_en: str = ""
    description: str = ""
    description_en: str = ""
    municipality: str = ""
    country: str = "JP"
    address: str = ""
    floor: str = ""
    area_m2: float | None = None
    fee: str = ""
    monthly_yen: int | None = None
    open_from: int = 9
    open_until: int = 17
    open_weekends: bool = False
    opened_on: date | None = None
    program: Program | None = None
    organization: Organization | None = None

    def values(self) -> dict[str, object]:
        """The columns of a place."""
        texts = ("name", "name_en", "description", "description_en", "address", "floor", "fee")
        plain = ("kind", "use", "capacity", "area_m2", "monthly_yen", "open_from", "open_until",
                 "open_weekends", "opened_on")  # fmt: skip
        abroad = self.country != "JP"
        return {
            **{name: getattr(self, name).strip() for name in texts},
            **{name: getattr(self, name) for name in plain},
            "country": self.country or "JP",
            "municipality": "" if abroad else self.municipality,
            "program_id": self.program.id if self.program else None,
            "organization_id": self.organization.id if self.organization else None,
        }


def create_places(
    wish: PlaceRecord, *, parent: Place | None = None, count: int = 1, viewer: Viewer
) -> list[Place]:
    """One place, or `count` equal ones with numbers after the name, alone or in a facility.

    Raises NotAllowed for others than staff and the program's operators, DomainError at the field.
    """
    _refuse_others(parent, wish.program, viewer)
    if not 1 <= count <= MOST_AT_ONCE:
        raise DomainError(
            _("数は 1 から %(most)s までにしてください。", most=MOST_AT_ONCE), field="count"
        )
    if parent is not None and parent.parent_id is not None:
        raise DomainError(_("施設の中の区画に、さらに区画は作れません。"))
    if parent is not None and parent.state is PlaceState.CLOSED:
        raise DomainError(_("閉鎖した施設には区画を作れません。"))
    if parent is not None:
        lock(parent)
    _check(wish, parent)
    names = numbered(wish.name.strip(), count)
    _refuse_taken(names, parent)
    number, made = next_number(Place.number), []
    for place, name in enumerate(names):
        english = numbered(wish.name_en.strip(), count)[place] if wish.name_en.strip() else ""
        values = {**wish.values(), "name": name, "name_en": english}
        row = Place(
            number=number + place,
            parent_id=parent.id if parent else None,
            state=PlaceState.OPEN,
            **values,
        )
        db.session.add(row)
        made.append(row)
    db.session.flush()
    for row in made:
        record(
            actor=viewer,
            action="place.created",
            subject=f"place:{row.public_id}",
            changes={"name": (None, row.name), "capacity": (None, row.capacity)},
        )
    vacancies.refresh(made[0])
    return made


def within_facility(wish: PlaceRecord, parent: Place) -> PlaceRecord:
    """The record of a place in a facility: it lies where the facility does and belongs to it."""
    return replace(
        wish,
        program=parent.program,
        organization=parent.organization,
        municipality=parent.municipality,
        country=parent.country,
        address=parent.address,
    )


def numbered(name: str, count: int) -> list[str]:
    """The names of `count` equal places: ＃ or # in the pattern becomes the number, which else
    comes after it; numbers are as wide as the last one, at least two digits."""
    if count == 1:
        return [name]
    width = max(2, len(str(count)))
    mark = next((sign for sign in ("＃", "#") if sign in name), "")
    pattern = name if mark else f"{name} #"
    return [pattern.replace(mark or "#", f"{n:0{width}}", 1) for n in range(1, count + 1)]


def change_place(
    place: Place, wish: PlaceRecord, *, version: int | None, today: date, viewer: Viewer
) -> None:
    """Correct a place. What is held on it stays possible: never below what is let or booked.

    Raises Conflict when somebody changed it after `version`.
    """
    refuse_others(place, viewer)
    lock(place)
    if version is not None and version != place.version:
        raise _conflict(place, wish)
    _check(wish, place.parent)
    if wish.name.strip() != place.name:
        _refuse_taken([wish.name.strip()], place.parent, except_for=place)
    if place.parent is None and wish.program is not None and not viewer.is_staff:
        _refuse_others(None, wish.program, viewer)
    _refuse_other_use(place, wish.use)
    changes = apply(place, wish.values())
    refuse_overfull(place, today, viewer)
    db.session.flush()
    if "program_id" in changes:
        for inner in db.session.scalars(select(Place).where(Place.parent_id == place.id)):
            inner.program_id = place.program_id
    if changes:
        subject = f"place:{place.public_id}"
        record(actor=viewer, action="place.changed", subject=subject, changes=changes)
    vacancies.refresh(place)


def refuse_others(place: Place, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer keeps this place."""
    if not operates(place, viewer):
        raise NotAllowed(_("この場所を扱えるのは、制度の担当と事務局です。"))


def refuse_version(place: Place, version: int | None) -> None:
    """Raise Conflict when the place was changed after `version`."""
    if version is not None and version != place.version:
        raise Conflict(
            _("開いている間に、ほかの人がこの場所を変更しました。"), version=place.version
        )


def _refuse_others(parent: Place | None, program: Program | None, viewer: Viewer) -> None:
    if parent is not None:
        refuse_others(parent, viewer)
    elif not viewer.is_staff and (program is None or program.id not in viewer.program_ids):
        raise DomainError(_("担当する制度を選んでください。"), field="program")


def refuse_overfull(place: Place, today: date, viewer: Viewer) -> None:
    """Raise DomainError where more is let or booked, from today on, than the capacity allows.

    Call it under the place's lock, the new capacity set.
    """
    tenants = days_held(place)
    day, most = peak(tenants, today)
    if most > place.capacity:
        holders = (hold.key for hold in tenants if hold.covers(day))
        raise DomainError(
            _(
                "%(day)sに %(held)s を使っています（%(who)s）。それより小さくはできません。",
                day=in_words(day),
                held=most,
                who=names_for(holders, viewer),
            ),
            field="capacity",
        )
    start = day_bounds_utc(today, today)[0]
    moment, booked = peak(moments_held(place, start), start)
    if booked > place.capacity:
        raise DomainError(
            _(
                "%(day)sに %(held)s の予約があります。先に予約を変えてください。",
                day=in_words(moment),
                held=booked,
            ),
            field="capacity",
        )


def _refuse_other_use(place: Place, use: PlaceUse) -> None:
    if use is place.use:
        return
    used = db.session.scalar(
        select(Occupancy.id).where(Occupancy.place_id == place.id).limit(1)
    ) or db.session.scalar(select(Booking.id).where(Booking.place_id == place.id).limit(1))
    if used:
        raise DomainError(_("入居や予約の記録があるので、使い方は変えられません。"), field="use")


def _refuse_taken(
    names: Sequence[str], parent: Place | None, except_for: Place | None = None
) -> None:
    """Two places of one name in one facility could not be told apart."""
    same = select(Place).where(
        Place.name.in_(names),
        Place.parent_id == parent.id if parent else Place.parent_id.is_(None),
    )
    if taken := [row.name for row in db.session.scalars(same) if row is not except_for]:
        raise DomainError(
            _("「%(name)s」は、もうあります。別の名前にしてください。", name=taken[0]),
            field="name",
        )


def _check(wish: PlaceRecord, parent: Place | None) -> None:
    if parent is not None and wish.use is PlaceUse.NONE:
        raise DomainError(_("施設の中の区画は、入居か予約のどちらかにしてください。"), field="use")
    if wish.open_from >= wish.open_until:
        raise DomainError(_("終わりの時刻を、始まりより後にしてください。"), field="open_until")
    known = not wish.municipality or codelists.municipality(wish.municipality) is not None
    if wish.country == "JP" and not known:
        raise DomainError(_("市区町村を、一覧から選んでください。"), field="municipality")


def _conflict(place: Place, wish: PlaceRecord) -> Conflict:
    labels = {"name": _("名称"), "description": _("説明"), "fee": _("料金")}
    return Conflict(
        _("開いている間に、ほかの人がこの場所を変更しました。"),
        version=place.version,
        fields=tuple(
            ConflictField(name, label, getattr(place, name)) for name, label in labels.items()
        ),
    )
