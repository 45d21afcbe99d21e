"""The ledgers of places as files: tenants (入居), bookings (予約), those who wait (待機).

They are kept under the places' locks and not taken in from tables.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.exchange.batch import Batch
from registry.exchange.columns import Column, Context, Kind
from registry.exchange.verdicts import Verdict
from registry.organizations.blind import blind_line
from registry.places import labels
from registry.places.bookings import bookings_visible_to, clock_of
from registry.places.models import Booking, BookingState, Occupancy, Waiting
from registry.places.queries import get_place, operates
from registry.places.sight import seen_of
from registry.places.tenancy import ledger_of
from registry.places.waiting import waiting_visible_to

OCCUPANCIES = (
    Column("id", "ID"),
    Column("organization", "企業・団体"),
    Column("place", "場所"),
    Column("units", "数", cell="integer"),
    Column("starts_on", "始まりの日", cell="date"),
    Column("ends_on", "最後の日", cell="date"),
    Column("state", "状態"),
    Column("note", "メモ"),
    Column("end_reason", "退去の理由"),
)
BOOKINGS = (
    Column("id", "ID"),
    Column("place", "場所"),
    Column("organization", "企業・団体"),
    Column("on", "日", cell="date"),
    Column("starts", "始まり"),
    Column("ends", "終わり"),
    Column("units", "数", cell="integer"),
    Column("purpose", "目的"),
    Column("state", "状態"),
)
WAITINGS = (
    Column("id", "ID"),
    Column("place", "施設"),
    Column("organization", "企業・団体"),
    Column("since", "申し込んだ日", cell="date"),
    Column("wish", "希望"),
    Column("state", "状態"),
)


def run(_batch: Batch, _context: Context) -> list[Verdict]:
    """Refuse: a ledger is written where its lock is."""
    raise DomainError(_("入居・予約・待機は、表から取り込めません。"))


def occupancies(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The ledger of the place that is asked for. Raises NotFound."""
    return ledger_of(get_place(asked.get("place", "")[:36], viewer), viewer)


def occupancy_values(found: Sequence[Occupancy], viewer: Viewer) -> list[dict[str, Any]]:
    """Each entry; hidden organizations without a name, notes for those who keep the place only."""
    seen = seen_of((row.organization_id for row in found), viewer)
    today = calendar.today()
    return [
        {
            "id": row.public_id,
            "organization": row.organization.name
            if row.organization_id in seen
            else blind_line(row.organization),
            "place": row.place.name,
            "units": row.units,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "state": str(labels.TENANCY_STATES[labels.state_on(row, today)]),
            "note": row.note if operates(row.place, viewer) else "",
            "end_reason": row.end_reason if operates(row.place, viewer) else "",
        }
        for row in found
    ]


def bookings(viewer: Viewer, _asked: Mapping[str, str]) -> Select[Any]:
    """The bookings on screen: one's own organization's, or of the places one keeps."""
    return bookings_visible_to(viewer)


def booking_values(found: Sequence[Booking], _viewer: Viewer) -> list[dict[str, Any]]:
    """Each booking, its times in Tokyo."""
    return [
        {
            "id": row.public_id,
            "place": row.place.name,
            "organization": row.organization.name,
            "on": row.on,
            "starts": clock_of(row.starts_at, row.on),
            "ends": clock_of(row.ends_at, row.on),
            "units": row.units,
            "purpose": row.purpose,
            "state": str(labels.BOOKING_STATES[_state(row)]),
        }
        for row in found
    ]


def _state(row: Booking) -> BookingState:
    """A booking whose day is over was used."""
    over = row.state is BookingState.BOOKED and row.on < calendar.today()
    return BookingState.USED if over else row.state


def waitings(viewer: Viewer, _asked: Mapping[str, str]) -> Select[Any]:
    """Who waits, first come first."""
    return waiting_visible_to(viewer)


def waiting_values(found: Sequence[Waiting], _viewer: Viewer) -> list[dict[str, Any]]:
    """Each entry of the waiting list."""
    return [
        {
            "id": row.public_id,
            "place": row.place.name,
            "organization": row.organization.name,
            "since": row.since,
            "wish": row.wish,
            "state": str(labels.WAITING_STATES[row.state]),
        }
        for row in found
    ]


KINDS = (
    Kind(
        code="occupancies",
        title=lambda: str(_l("入居の台帳")),
        columns=OCCUPANCIES,
        runs=run,
        rows=occupancies,
        values=occupancy_values,
        tables=("occupancies",),
        list_endpoint="places.index",
        page_endpoint="places.show",
        reads_permission="places.read",
    ),
    Kind(
        code="bookings",
        title=lambda: str(_l("予約の一覧")),
        columns=BOOKINGS,
        runs=run,
        rows=bookings,
        values=booking_values,
        tables=("bookings",),
        list_endpoint="bookings.index",
        page_endpoint="places.show",
        reads_permission="places.book",
    ),
    Kind(
        code="waitings",
        title=lambda: str(_l("空きを待つ企業・団体")),
        columns=WAITINGS,
        runs=run,
        rows=waitings,
        values=waiting_values,
        tables=("waitings",),
        list_endpoint="places.waiting",
        page_endpoint="places.show",
        reads_permission="places.book",
    ),
)
