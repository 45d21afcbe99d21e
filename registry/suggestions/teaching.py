"""Which decisions teach the ranking, and how many there are.

| decision | reason | teaches |
| --- | --- | --- |
| accepted | – | this seed fits |
| dismissed | unfit_use, precision | this seed does not fit |
| dismissed | known, quantity, timing, cost, distance, rival, capacity, outdated, other | nothing |
| deferred | any | nothing |

A known partner, a full order book or a far place say nothing about whether what the texts tell
belongs together: to push such pairs down would hide good technology from the next need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from registry.db import db
from registry.suggestions.models import Decision, DecisionKind, DismissReason

TEACHES: Mapping[DismissReason, bool] = {
    DismissReason.KNOWN: False,
    DismissReason.UNFIT_USE: True,
    DismissReason.PRECISION: True,
    DismissReason.QUANTITY: False,
    DismissReason.TIMING: False,
    DismissReason.COST: False,
    DismissReason.DISTANCE: False,
    DismissReason.RIVAL: False,
    DismissReason.CAPACITY: False,
    DismissReason.OUTDATED: False,
    DismissReason.OTHER: False,
}
"""Whether a dismissal for this reason says that the texts do not fit."""


@dataclass(frozen=True)
class Tally:
    """Decisions up to a moment: those that teach, those that say nothing, the newest."""

    accepted: int
    dismissed: int
    silent: int
    latest: datetime | None

    @property
    def teaching(self) -> int:
        """How many teach."""
        return self.accepted + self.dismissed


def lesson_of(kind: DecisionKind, reason: DismissReason | None) -> bool | None:
    """True when the pair fits, False when it does not, None when the decision says neither."""
    if kind is DecisionKind.ACCEPTED:
        return True
    if kind is DecisionKind.DISMISSED and reason is not None and TEACHES[reason]:
        return False
    return None


def tally(until: datetime) -> Tally:
    """Count the decisions up to a moment."""
    statement = (
        select(Decision.kind, Decision.reason, func.count(), func.max(Decision.decided_at))
        .where(Decision.decided_at <= until)
        .group_by(Decision.kind, Decision.reason)
    )
    counts: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    latest: datetime | None = None
    for kind, reason, count, newest in db.session.execute(statement):
        counts[lesson_of(kind, reason)] += count
        latest = newest if latest is None else max(latest, newest)
    return Tally(counts[True], counts[False], counts[None], latest)
