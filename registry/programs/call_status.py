"""Where a call stands on a day: it opens and closes by itself, by the days of its window. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from registry.programs.kinds import CallState, CallStatus

SOON_DAYS = 14
"""A call that closes within so many days is "closing soon"."""

STEPS: Mapping[CallState, tuple[CallState, ...]] = {
    CallState.DRAFT: (CallState.OPEN,),
    CallState.OPEN: (CallState.CLOSED, CallState.DRAFT),
    CallState.CLOSED: (CallState.DECIDED, CallState.OPEN),
    CallState.DECIDED: (CallState.CLOSED,),
}
"""State → the states that may follow: each step can be taken back."""


class Window(Protocol):
    """What is looked at of a call."""

    state: CallState
    opens_on: date
    closes_on: date | None


def status_of(call: Window, today: date) -> CallStatus:
    """A published call is upcoming before its window, open in it (both days included), closed
    after it."""
    if call.state is not CallState.OPEN:
        return CallStatus(call.state.value)
    if today < call.opens_on:
        return CallStatus.UPCOMING
    if call.closes_on is not None and today > call.closes_on:
        return CallStatus.CLOSED
    return CallStatus.OPEN


def days_left(call: Window, today: date) -> int | None:
    """Days until the last day of an open call, 0 on it; None without a last day."""
    return (call.closes_on - today).days if call.closes_on else None
