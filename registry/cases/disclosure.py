"""What one party may see of another: field → summary → name → contact. From values alone.

Source of the rule: double opt-in (issue demand B9). Names are told only when both agreed and the
case was introduced; contacts are told while the case is open.
"""

from dataclasses import dataclass
from enum import IntEnum

from registry.cases.models import Answer


class Step(IntEnum):
    """How much is disclosed; the number counts the steps that are open."""

    NOTHING = 0
    FIELD = 1
    SUMMARY = 2
    NAME = 3
    CONTACT = 4


@dataclass(frozen=True)
class Stand:
    """Where one party stands: whether it was asked, and what it answered."""

    asked: bool
    answer: Answer


def step(own: Stand, other: Stand, *, introduced: bool, is_open: bool) -> Step:
    """How much of the other party its counterpart sees.

    Nothing before it was asked itself; only the field once it said no; the name when the case was
    introduced and both said yes, with contacts as long as the case is open.
    """
    if not own.asked:
        return Step.NOTHING
    if own.answer is Answer.NO:
        return Step.FIELD
    if introduced and own.answer is other.answer is Answer.YES:
        return Step.CONTACT if is_open else Step.NAME
    return Step.SUMMARY
