"""Which stage a case may go to, from values alone.

proposed → introduced → talking → agreed → prototype → market. `introduced` is never chosen: it
follows by itself from the consent of both sides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.cases.models import Answer, CloseReason, Side, Stage

ORDER = tuple(Stage)
"""The stages from the first to the last."""

ENDS_WELL_FROM = Stage.AGREED
"""A case may be closed as completed from this stage on."""


class Move(StrEnum):
    """What kind of step a change of stage is."""

    FORWARD = "forward"
    SKIP = "skip"
    BACK = "back"


class StageProblem(ValueError):
    """A change that is not allowed. Codes: same · consent · back_far · evidence · early · future."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Consent:
    """One party's answer, as far as the introduction asks for it."""

    side: Side
    answer: Answer
    on: date | None = None


def position(stage: Stage) -> int:
    """0 for proposed … 5 for on the market."""
    return ORDER.index(stage)


def reachable(stage: Stage) -> tuple[Stage, ...]:
    """The stages that a person may choose from here, in order: one back, and all later ones.

    From `proposed` nothing can be chosen, since only the consents lead on; nothing leads back to
    `proposed`, since a name once told cannot be taken back.
    """
    here = position(stage)
    if stage is Stage.PROPOSED:
        return ()
    back = ORDER[here - 1 : here] if here > position(Stage.INTRODUCED) else ()
    return back + ORDER[here + 1 :]


def move(current: Stage, to: Stage) -> Move:
    """The kind of step from one stage to another. Raises StageProblem: same, consent, back_far."""
    steps = position(to) - position(current)
    if steps == 0:
        raise StageProblem("same")
    if Stage.PROPOSED in (current, to):
        raise StageProblem("consent")
    if steps < -1:
        raise StageProblem("back_far")
    if steps < 0:
        return Move.BACK
    return Move.FORWARD if steps == 1 else Move.SKIP


def check(current: Stage, to: Stage, *, on: date, evidence: str, since: date, today: date) -> Move:
    """The kind of step, when day and evidence fit it too.

    `since` is the day on which the current stage was reached. A skip needs evidence, a step back
    its reason. Raises StageProblem: same, consent, back_far, evidence, early, future.
    """
    kind = move(current, to)
    if on > today:
        raise StageProblem("future")
    if on < since:
        raise StageProblem("early")
    if kind is not Move.FORWARD and not evidence.strip():
        raise StageProblem("evidence")
    return kind


def introduced_on(consents: Iterable[Consent]) -> date | None:
    """The day on which both sides had agreed, or None while they have not.

    With a need's and a seed's side: the later of the first yes of each. Without a pair: the day of
    the last yes, once there are two parties or more and all said yes.
    """
    given = list(consents)
    sides = {c.side for c in given} & {Side.NEED, Side.SEED}
    if len(sides) == 2:
        first = [_first_yes(given, side) for side in (Side.NEED, Side.SEED)]
        return max(day for day in first if day) if all(first) else None
    if len(given) < 2 or any(c.answer is not Answer.YES or c.on is None for c in given):
        return None
    return max(c.on for c in given if c.on)


def may_close(stage: Stage, reason: CloseReason) -> bool:
    """Whether a case in that stage may be closed for that reason: completed only once agreed."""
    return reason is not CloseReason.COMPLETED or position(stage) >= position(ENDS_WELL_FROM)


def _first_yes(consents: list[Consent], side: Side) -> date | None:
    days = [c.on for c in consents if c.side is side and c.answer is Answer.YES and c.on]
    return min(days) if days else None
