"""The life of an application and what became of it: each step of the operator can be taken back.
Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from registry.programs.kinds import EnrolmentState

STEPS: Mapping[EnrolmentState, tuple[EnrolmentState, ...]] = {
    EnrolmentState.ACCEPTED: (EnrolmentState.ACTIVE, EnrolmentState.WITHDRAWN),
    EnrolmentState.ACTIVE: (EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN),
}
"""After the decision: state → the states that may follow."""

WITHDRAWABLE = (EnrolmentState.APPLIED, EnrolmentState.ACCEPTED, EnrolmentState.ACTIVE)
"""States that the applicant may still leave by himself."""


class Dated(Protocol):
    """What is looked at of an enrolment."""

    state: EnrolmentState
    decided_on: date | None
    started_on: date | None


def previous(row: Dated) -> EnrolmentState | None:
    """The state that undoing leads back to; None where there is nothing to take back."""
    match row.state:
        case EnrolmentState.ACCEPTED | EnrolmentState.DECLINED:
            return EnrolmentState.APPLIED
        case EnrolmentState.ACTIVE:
            return EnrolmentState.ACCEPTED
        case EnrolmentState.COMPLETED:
            return EnrolmentState.ACTIVE
        case EnrolmentState.WITHDRAWN if row.started_on:
            return EnrolmentState.ACTIVE
        case EnrolmentState.WITHDRAWN:
            return EnrolmentState.ACCEPTED if row.decided_on else EnrolmentState.APPLIED
        case _:
            return None
