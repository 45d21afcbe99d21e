"""Words of the room as a page shows them: kinds, uses, states, places on the map."""

from collections.abc import Mapping
from datetime import date

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.common import codelists
from registry.organizations.blind import blind_line
from registry.places.models import (
    BookingState,
    Occupancy,
    OccupancyState,
    Place,
    PlaceKind,
    PlaceState,
    PlaceUse,
    WaitingState,
)
from registry.web.i18n import locale

KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.FACILITY: _l("施設（建物）"),
    PlaceKind.ROOM: _l("部屋"),
    PlaceKind.DESK: _l("机"),
    PlaceKind.LAB: _l("研究室・実験室"),
    PlaceKind.BOOTH: _l("ブース"),
    PlaceKind.MACHINE: _l("機器"),
    PlaceKind.HALL: _l("ホール・会議室"),
    PlaceKind.LAND: _l("工業用地"),
}
USES: Mapping[PlaceUse, str] = {
    PlaceUse.TENANCY: _l("入居する（月や年の単位）"),
    PlaceUse.BOOKING: _l("予約して使う（時間の単位）"),
    PlaceUse.NONE: _l("それだけでは貸さない（中に区画がある）"),
}
STATES: Mapping[PlaceState, str] = {
    PlaceState.OPEN: _l("受付中"),
    PlaceState.CLOSED_TO_NEW: _l("新しい受付は終了"),
    PlaceState.CLOSED: _l("閉鎖"),
}
STATE_CHIPS: Mapping[PlaceState, str] = {
    PlaceState.OPEN: "live",
    PlaceState.CLOSED_TO_NEW: "wait",
    PlaceState.CLOSED: "off",
}
TENANCY_STATES: Mapping[OccupancyState, str] = {
    OccupancyState.PLANNED: _l("入居の予定"),
    OccupancyState.ACTIVE: _l("入居中"),
    OccupancyState.ENDED: _l("退去済み"),
    OccupancyState.CANCELLED: _l("取り消し"),
}
TENANCY_CHIPS: Mapping[OccupancyState, str] = {
    OccupancyState.PLANNED: "wait",
    OccupancyState.ACTIVE: "live",
    OccupancyState.ENDED: "off",
    OccupancyState.CANCELLED: "off",
}
BOOKING_STATES: Mapping[BookingState, str] = {
    BookingState.BOOKED: _l("予約"),
    BookingState.USED: _l("利用済み"),
    BookingState.CANCELLED: _l("取り消し"),
}
WAITING_STATES: Mapping[WaitingState, str] = {
    WaitingState.WAITING: _l("空きを待っている"),
    WaitingState.OFFERED: _l("案内した"),
    WaitingState.TAKEN: _l("入居した"),
    WaitingState.WITHDRAWN: _l("取り下げた"),
}
WAITING_CHIPS: Mapping[WaitingState, str] = {
    WaitingState.WAITING: "wait",
    WaitingState.OFFERED: "live",
    WaitingState.TAKEN: "done",
    WaitingState.WITHDRAWN: "off",
}


def state_on(occupancy: Occupancy, day: date) -> OccupancyState:
    """Where an occupancy stands on a day: its days say it, unless it was cancelled."""
    if occupancy.state is OccupancyState.CANCELLED:
        return OccupancyState.CANCELLED
    if occupancy.starts_on > day:
        return OccupancyState.PLANNED
    if occupancy.ends_on is not None and occupancy.ends_on < day:
        return OccupancyState.ENDED
    return OccupancyState.ACTIVE


def country_label(code: str) -> str:
    """A country's name in the page's language; the code itself when it is unknown."""
    found = get_locale()
    return str(found.territories.get(code, code)) if found else code


def where_label(place: Place) -> str:
    """Where a place lies: ward and city at home, the country abroad; empty when it is not said."""
    if place.country != "JP":
        return country_label(place.country)
    found = codelists.municipality(place.municipality) if place.municipality else None
    return found.full_label(locale()) if found else ""


def short_where_label(place: Place) -> str:
    """The same without the prefecture, for tables."""
    if place.country != "JP":
        return country_label(place.country)
    found = codelists.municipality(place.municipality) if place.municipality else None
    return found.label(locale()) if found else ""


def hours(place: Place) -> str:
    """When a place may be booked: 9:00–17:00 on weekdays."""
    values = {"first": f"{place.open_from}:00", "last": f"{place.open_until}:00"}
    if place.open_weekends:
        return _("毎日 %(first)s–%(last)s", **values)
    return _("月曜から金曜の %(first)s–%(last)s", **values)


def weekdays() -> list[str]:
    """The days of the week from Monday, as tables show them."""
    return [
        _("（月）"),
        _("（火）"),
        _("（水）"),
        _("（木）"),
        _("（金）"),
        _("（土）"),
        _("（日）"),
    ]


def page_words() -> dict[str, object]:
    """What the templates of this room use besides what their views hand over."""
    return {"hours": hours, "weekdays": weekdays(), "blind_line": blind_line}
