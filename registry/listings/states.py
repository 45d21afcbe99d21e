"""The states of a listing and the steps between them.

draft → submitted → published → expired → closed, with returned beside submitted. Pure.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.listings.models import ListingState as State


class Step(StrEnum):
    """What can be done to a listing."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    RETURN = "return"
    RENEW = "renew"
    CLOSE = "close"


OPEN_STATES = frozenset(State) - {State.CLOSED}

STEPS: Mapping[Step, frozenset[State]] = {
    Step.EDIT: frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED, State.PUBLISHED}),
    Step.SUBMIT: frozenset({State.DRAFT, State.RETURNED}),
    Step.WITHDRAW: frozenset({State.SUBMITTED}),
    Step.PUBLISH: frozenset({State.SUBMITTED}),
    Step.RETURN: frozenset({State.SUBMITTED}),
    Step.RENEW: frozenset({State.PUBLISHED, State.EXPIRED}),
    Step.CLOSE: OPEN_STATES,
}
"""Step → the states from which it may be taken."""

OFFICE_STEPS = frozenset({Step.PUBLISH, Step.RETURN})
"""Steps that only staff take."""


def steps_from(state: State, *, staff: bool) -> frozenset[Step]:
    """What the owner (or staff) can do with a listing in that state."""
    return frozenset(
        step
        for step, states in STEPS.items()
        if state in states and (staff or step not in OFFICE_STEPS)
    )
