"""Reading the policy tree. Always by code: titles vary within one plan, and stand as aliases."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from registry.common.errors import NotFound
from registry.common.folding import fold
from registry.db import db
from registry.policy.codes import Code, parse_code, read_code
from registry.policy.models import PolicyCode


@dataclass(frozen=True)
class Node:
    """One node of the tree with those below it, in the order of their codes."""

    row: PolicyCode
    code: Code
    children: list["Node"] = field(default_factory=list)


def plans() -> list[str]:
    """The plans whose trees are known, the newest first."""
    found = select(PolicyCode.plan).distinct().order_by(PolicyCode.plan.desc())
    return list(db.session.scalars(found))


def codes_of(plan: str | None = None) -> list[PolicyCode]:
    """All codes of a plan (the newest one), in their order: 3, 3-1, 3-1-1 … 3-3, 3-3-1."""
    newest = select(func.max(PolicyCode.plan)).scalar_subquery()
    rows = db.session.scalars(
        select(PolicyCode).where(PolicyCode.plan == (plan if plan else newest))
    )
    return sorted(rows, key=lambda row: parse_code(row.code))


def tree(plan: str | None = None) -> list[Node]:
    """The tree of a plan (the newest one): its top nodes, each with those below."""
    nodes: dict[Code, Node] = {}
    tops: list[Node] = []
    for row in codes_of(plan):
        node = Node(row, parse_code(row.code))
        nodes[node.code] = node
        above = nodes.get(node.code.parent) if node.code.parent else None
        (above.children if above else tops).append(node)
    return tops


def get_code(text: str, plan: str | None = None) -> PolicyCode:
    """The row of a code, typed in any width. Raises NotFound."""
    code = read_code(text)
    for row in codes_of(plan):
        if parse_code(row.code) == code:
            return row
    raise NotFound


def codes_titled(title: str, plan: str | None = None) -> list[PolicyCode]:
    """The codes that carry this title, or had it printed elsewhere in the plan."""
    key = fold(title)
    return [
        row for row in codes_of(plan) if key and key in {fold(t) for t in (row.title, *row.aliases)}
    ]


def path_of(row: PolicyCode | None) -> list[PolicyCode]:
    """A code with those above it, from the top: 政策, 施策, 基本戦略."""
    path: list[PolicyCode] = []
    while row is not None:
        path.insert(0, row)
        row = db.session.get(PolicyCode, row.parent_id) if row.parent_id else None
    return path


def ids_within(text: str, plan: str | None = None) -> list[int]:
    """Row numbers of a code and all below it; none when the text is no code of the plan."""
    wanted = read_code(text)
    if wanted is None:
        return []
    return [row.id for row in codes_of(plan) if parse_code(row.code).is_within(wanted)]
