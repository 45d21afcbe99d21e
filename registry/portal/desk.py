"""The day's work laid out: groups of rows, each one step from its action."""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.portal import check_ins, desk_cases, desk_intake
from registry.portal.desk_parts import Group
from registry.portal.desk_queries import Scope


def lay_out(scope: Scope, found: dict[str, int]) -> list[Group]:
    """The groups that hold something, in the order of the day's work."""
    groups = [
        desk_cases.answers(scope, found),
        check_ins.answered(scope, found),
        desk_intake.reviews(scope, found),
        desk_intake.suggestions(scope, found),
        desk_cases.steps(scope, found),
        desk_cases.unanswered(scope, found),
        desk_cases.stale(scope, found),
        desk_intake.deferred(scope, found),
        check_ins.calls(scope, found),
    ]
    return [group for group in groups if group.count]


def total(groups: Iterable[Group]) -> int:
    """How many things wait in all."""
    return sum(group.count for group in groups)


def order(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """The groups as the row of counts shows them."""
    return [{"label": g.title, "count": g.count, "url": f"#{g.code}", "sub": g.sub} for g in groups]
