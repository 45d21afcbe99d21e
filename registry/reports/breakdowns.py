"""A month by program, policy code, tag, industry, ward and coordinator, for a reader."""

from collections.abc import Callable, Sequence

from registry.policy.codes import Code, read_code
from registry.reports import figures
from registry.reports.dimensions import Dimensions, Tags
from registry.reports.disclosure import Protected, protect
from registry.reports.facts import Fact
from registry.reports.figures import Group
from registry.reports.measures import BROKEN_DOWN

DIMENSIONS: dict[str, Callable[[Dimensions], Tags]] = {
    "program": lambda at: (at.program,),
    "policy": lambda at: at.policies,
    "tag": lambda at: at.tags or ("",),
    "industry": lambda at: (at.industry,),
    "ward": lambda at: (at.ward,),
    "coordinator": lambda at: (at.coordinator,),
}
"""By what the month is broken down: stable code → the groups of a fact."""
OVERLAPPING = frozenset({"policy", "tag"})
"""Where a fact may stand in several groups, so that the groups' sum is not the month's figure."""
PROTECTED = frozenset({"industry", "ward"})
"""Where a small figure could give a party away."""
OF_STAFF = frozenset({"coordinator"})
"""What nobody outside the office sees."""


def breakdowns_of(facts: Sequence[Fact], *, staff: bool) -> dict[str, Protected]:
    """The breakdowns of one month's facts. For readers outside nobody is named, and small figures
    are withheld where they could tell on a party."""
    found: dict[str, Protected] = {}
    for code, key in DIMENSIONS.items():
        if code in OF_STAFF and not staff:
            continue
        groups = figures.break_down(facts, BROKEN_DOWN, key)
        if code == "policy":
            groups.sort(key=in_the_tree)
        if code == "tag" and all(group.code == "" for group in groups):
            continue
        if code in PROTECTED and not staff:
            found[code] = protect(groups, BROKEN_DOWN)
        else:
            found[code] = [(group.code, dict(group.counts)) for group in groups]
    return found


def in_the_tree(group: Group) -> tuple[bool, Code, str]:
    """Where a policy code stands: 3, 3-3, 3-3-1, 3-3-10; what has none comes last."""
    code = read_code(group.code)
    return code is None, code or Code(()), group.code
