"""What staff wrote about figures of closed months (訂正), as the report of the month of writing
tells it: each with the closed figure, today's figure, and the reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from registry.common.calendar import Month, day_bounds_utc
from registry.db import db
from registry.reports.models import Restatement

CHIEF = ("summary", "month")
"""Section and group of a month's own figures; the others follow from them."""


@dataclass(frozen=True)
class Told:
    """One restated figure of a closed month (2026-09), by the report's stable codes."""

    month: str
    section: str
    group: str
    measure: str
    closed: float | None
    now: float | None
    reason: str

    @property
    def is_chief(self) -> bool:
        """Whether it is a figure of the month itself, not of a part of it."""
        return (self.section, self.group) == CHIEF


def told_in(month: Month, *, until: date, staff: bool) -> list[Told]:
    """What was written in a month, up to a day: of each figure the last word, by closed month.

    One late record changes many figures. Where a reason covers figures of the month itself, only
    they are told. Readers outside see none of the others: they could be small.
    """
    start, end = day_bounds_utc(month.start, until)
    newest: dict[tuple[str, str, str, str], Told] = {}
    for row in db.session.scalars(
        select(Restatement)
        .where(Restatement.created_at >= start, Restatement.created_at < end)
        .order_by(Restatement.month, Restatement.id)
    ):
        told = Told(
            row.month, row.section, row.group, row.measure, row.closed, row.value, row.reason
        )
        newest[row.month, row.section, row.group, row.measure] = told
    covered = {(one.month, one.reason) for one in newest.values() if one.is_chief}
    return [
        one
        for one in newest.values()
        if one.is_chief or (staff and (one.month, one.reason) not in covered)
    ]
