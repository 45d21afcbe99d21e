"""The life of a program: which step leads where; every step can be taken back. Pure."""

from collections.abc import Mapping
from datetime import date

from registry.programs.kinds import ProgramState

STALE_MONTHS = 12
"""A program that nobody confirmed for so long is shown to staff as stale (standards 4.7)."""

STEPS: Mapping[ProgramState, tuple[ProgramState, ...]] = {
    ProgramState.DRAFT: (ProgramState.ACTIVE,),
    ProgramState.ACTIVE: (ProgramState.CLOSED_TO_NEW, ProgramState.ENDED, ProgramState.DRAFT),
    ProgramState.CLOSED_TO_NEW: (ProgramState.ACTIVE, ProgramState.ENDED),
    ProgramState.ENDED: (ProgramState.ACTIVE, ProgramState.CLOSED_TO_NEW),
}
"""State → the states that may follow. One closed to new still serves those inside (T16)."""

NEEDED = ("title", "summary", "content", "contact")
"""What a published program must say (GIF DS-451-4: required fields)."""


def missing(program: object) -> tuple[str, ...]:
    """Names of the required fields that are empty."""
    return tuple(name for name in NEEDED if not str(getattr(program, name) or "").strip())


def is_stale(confirmed_on: date | None, today: date) -> bool:
    """Whether the last confirmation is missing or older than twelve months."""
    if confirmed_on is None:
        return True
    months = (today.year - confirmed_on.year) * 12 + today.month - confirmed_on.month
    months -= today.day < confirmed_on.day
    return months >= STALE_MONTHS


def way(start: ProgramState, goal: ProgramState) -> tuple[ProgramState, ...]:
    """The steps that lead from one state to another, the fewest; none when there are none."""
    ways: list[tuple[ProgramState, ...]] = [(start,)]
    seen = {start}
    for found in ways:
        if found[-1] is goal:
            return found[1:]
        for state in STEPS[found[-1]]:
            if state not in seen:
                seen.add(state)
                ways.append((*found, state))
    return ()
