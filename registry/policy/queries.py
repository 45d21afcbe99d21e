"""Reading the policy tree. Always by code: titles vary within one plan, and stand as aliases."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from registry.common.errors import NotFound
from registry.common.folding import contains_folded, fold
from registry.db import db
from registry.policy.codes import Code, parse_code, read_code
from registry.policy.models import CrossTag, PlanPeriod, PolicyCode, TagKind


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


def all_codes() -> list[PolicyCode]:
    """The codes of all plans by code, of one code the older plan first."""
    rows = db.session.scalars(select(PolicyCode))
    return sorted(rows, key=lambda row: (parse_code(row.code), row.plan))


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
    """Row numbers of a code and all below it, in one plan or (None) in all of them: a program keeps
    its code when the next plan begins. None when the text is no code."""
    wanted = read_code(text)
    if wanted is None:
        return []
    rows = all_codes() if plan is None else codes_of(plan)
    return [row.id for row in rows if parse_code(row.code).is_within(wanted)]


@dataclass(frozen=True)
class Entry:
    """One code with what each plan period calls it, by the period's key."""

    code: Code
    by_plan: dict[str, PolicyCode]

    @property
    def rows(self) -> list[PolicyCode]:
        """The rows, of the newest plan first."""
        return [self.by_plan[plan] for plan in sorted(self.by_plan, reverse=True)]

    @property
    def newest(self) -> PolicyCode:
        """How the newest plan that knows the code calls it."""
        return self.rows[0]

    @property
    def aliases(self) -> list[str]:
        """Every other title that any plan printed."""
        found = [title for row in self.rows for title in (row.title, *row.aliases)]
        return [title for title in dict.fromkeys(found) if title != self.newest.title]


def periods() -> list[PlanPeriod]:
    """The plan periods, the oldest first."""
    return list(
        db.session.scalars(select(PlanPeriod).order_by(PlanPeriod.first_year, PlanPeriod.key))
    )


def get_period(key: str) -> PlanPeriod:
    """The plan period of that key. Raises NotFound."""
    row = db.session.scalar(select(PlanPeriod).where(PlanPeriod.key == key))
    if row is None:
        raise NotFound
    return row


def side_by_side() -> list[Entry]:
    """The trees of all plan periods laid side by side, in the order of the codes."""
    found: dict[Code, Entry] = {}
    for row in all_codes():
        code = parse_code(row.code)
        found.setdefault(code, Entry(code, {})).by_plan[row.plan] = row
    return list(found.values())


def search_codes(text: str) -> list[Entry]:
    """The entries that a text asks for: a code in any width with all below it, or words of a title
    in either language or of an alias."""
    wanted = read_code(text)
    if wanted is not None:
        return [entry for entry in side_by_side() if entry.code.is_within(wanted)]
    return [
        entry
        for entry in side_by_side()
        if any(
            contains_folded(title, text)
            for row in entry.rows
            for title in (row.title, row.title_en, *row.aliases)
        )
    ]


def get_entry(text: str) -> Entry:
    """A code, typed in any width, in all plans. Raises NotFound."""
    code = read_code(text)
    for entry in side_by_side():
        if entry.code == code:
            return entry
    raise NotFound


def get_row(plan: str, text: str) -> PolicyCode:
    """A code in one plan. Raises NotFound."""
    row = get_entry(text).by_plan.get(plan)
    if row is None:
        raise NotFound
    return row


def cross_tags() -> list[CrossTag]:
    """The viewpoints and priorities of all plans, the newest plan first."""
    rows = db.session.scalars(select(CrossTag))
    order = list(TagKind)
    by_number = sorted(rows, key=lambda tag: (order.index(tag.kind), tag.number))
    return sorted(by_number, key=lambda tag: tag.plan, reverse=True)


def get_tag(plan: str, kind: str, number: str) -> CrossTag:
    """One viewpoint or priority. Raises NotFound."""
    for tag in cross_tags():
        if (tag.plan, tag.kind.value, str(tag.number)) == (plan, kind, number):
            return tag
    raise NotFound
