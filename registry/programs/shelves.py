"""Programs in the order of the policy tree, put together by their 施策 (second level)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.policy.models import PolicyCode
from registry.policy.queries import path_of
from registry.programs.models import Program

SECOND = 2


@dataclass
class Shelf:
    """The programs of one 施策, with the codes above them; no path for programs without a code."""

    path: list[PolicyCode]
    programs: list[Program] = field(default_factory=list)


def shelve(programs: Iterable[Program]) -> list[Shelf]:
    """Shelves in the order in which their first program comes."""
    shelves: dict[int | None, Shelf] = {}
    for program in programs:
        path = path_of(program.policy_code)[:SECOND]
        key = path[-1].id if path else None
        shelves.setdefault(key, Shelf(path)).programs.append(program)
    return list(shelves.values())
