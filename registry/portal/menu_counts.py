"""What waits behind the menu's entries, counted once for each state of the records."""

import time
from datetime import date
from threading import Lock

from registry.audit.queries import position
from registry.office.settings import Office
from registry.portal.desk_queries import Scope, counts

LASTS = 20.0
"""Seconds; suggestions appear without an entry in the log, so that a count grows old by itself."""
MOST = 500

Key = tuple[str, date, Office, int]
_known: dict[Key, tuple[float, dict[str, int]]] = {}
_lock = Lock()


def menu_counts(scope: Scope) -> dict[str, int]:
    """Counts by endpoint; nothing for those who are not staff.

    Every change moves the log's position, and with it the next page counts anew; without a change
    one look at the position is all that a page costs.
    """
    if not scope.viewer.is_staff:
        return {}
    key = (scope.viewer.public_id, scope.today, scope.office, position())
    known = _known.get(key)
    if known and time.monotonic() - known[0] < LASTS:
        return known[1]
    found = counts(scope)
    waiting = {"portal.desk": sum(found.values()), "suggestions.index": found["suggestions"]}
    with _lock:
        if len(_known) >= MOST:
            _known.clear()
        _known[key] = (time.monotonic(), waiting)
    return waiting
