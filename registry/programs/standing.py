"""What stands in a program: its funnel, its stock with the opening balance, members by class."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.counting import stock_by_year
from registry.policy.models import Indicator
from registry.programs.counts import COUNTS
from registry.programs.kinds import COUNTED, EnrolmentResult, MemberClass
from registry.programs.models import Enrolment, EnrolmentStep, Program
from registry.programs.queries import enrolments_visible_to, visible_to
from registry.web.i18n import pick

LASTING = (EnrolmentResult.CERTIFIED, EnrolmentResult.MEMBER)
"""Results that go on: certificates and memberships; an award is over when it is given."""
STANDING = next(count for count in COUNTS if count.name == "enrolments.standing")


@dataclass(frozen=True)
class Rung:
    """One step of the funnel and how many came so far."""

    label: str
    count: int


def funnel(program: Program, year: int | None) -> list[Rung]:
    """How many were taken in, and how many reached each of the program's own steps, in their
    order (trap T15: 3 → 2 → 1); of those taken in in a fiscal year, or of all."""
    taken = [Enrolment.program_id == program.id, Enrolment.state.in_(COUNTED)]
    if year:
        taken.append(Enrolment.fiscal_year == year)
    reached = select(EnrolmentStep.step, func.count()).join(
        Enrolment, Enrolment.id == EnrolmentStep.enrolment_id
    )
    rows = db.session.execute(reached.where(*taken).group_by(EnrolmentStep.step))
    counts = {row[0]: row[1] for row in rows}
    total = db.session.scalar(select(func.count(Enrolment.id)).where(*taken)) or 0
    return [Rung("", total)] + [
        Rung(pick(words.get("ja", key), words.get("en")), counts.get(key, 0))
        for key, words in program.stage_names.items()
    ]


def members_by_class(program: Program, day: date) -> dict[MemberClass, int]:
    """How many members of each class stood in the program on a day (trap T11: 53 / 7 / 2 / 9)."""
    at = STANDING.at
    assert at is not None
    return {
        member_class: int(at({"program": program.key, "member_class": member_class}, day) or 0)
        for member_class in MemberClass
    }


@dataclass(frozen=True)
class Stock:
    """What stood at the end of each fiscal year, after an opening balance."""

    label: str
    unit: str
    opening: int
    opening_year: int | None
    years: list[tuple[FiscalYear, int, int]]
    """Fiscal year, what came in less what went out, what stood at its end."""


def stock_of(program: Program, today: date) -> Stock | None:
    """The program's stock of certificates or members, by its indicator where it has one with an
    opening balance (trap: 65 before + 9 + 10 = 84). None when nothing ever stood in it."""
    indicator = _indicator(program)
    filters = (
        {name: value for name, value in indicator.filters.items() if name != "as_of"}
        if indicator
        else {"program": program.key, "results": [result.value for result in LASTING]}
    )
    opening = (indicator.opening_balance or 0) if indicator else 0
    since = indicator.opening_year if indicator else None
    first = db.session.scalar(
        select(func.min(Enrolment.fiscal_year)).where(
            Enrolment.program_id == program.id,
            Enrolment.state.in_(COUNTED),
            Enrolment.result.in_(LASTING),
        )
    )
    begin = since if since is not None else first
    if begin is None or STANDING.moves is None:
        return None
    years = range(begin, FiscalYear.of(today).year + 1)
    found = stock_by_year(STANDING.moves(filters), years, opening=opening, since=since)
    rows, before = [], opening
    for year in years:
        total = int(found[year].value) if year in found else before
        if since is None or year > since:
            rows.append((FiscalYear(year), total - before, total))
        before = total
    label = pick(indicator.label, indicator.label_en) if indicator else ""
    unit = pick(indicator.unit, indicator.unit_en) if indicator else ""
    return Stock(label, unit, opening, since, rows)


def _indicator(program: Program) -> Indicator | None:
    rows = db.session.scalars(
        select(Indicator)
        .where(Indicator.measure == STANDING.name)
        .order_by(Indicator.opening_balance.is_(None), Indicator.id)
    )
    return next(
        (
            row
            for row in rows
            if row.filters.get("program") == program.key and row.opening_balance is not None
        ),
        None,
    )


def has_classes(program: Program) -> bool:
    """Whether members of the program have classes."""
    found = select(Enrolment.id).where(
        Enrolment.program_id == program.id, Enrolment.member_class.is_not(None)
    )
    return db.session.scalar(found.limit(1)) is not None


@dataclass(frozen=True)
class AwardFilter:
    """What the public list of awards is narrowed to: a program's public id, a fiscal year."""

    program: str = ""
    year: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.program or self.year)


def awards(wanted: AwardFilter, viewer: Viewer) -> Select[Enrolment]:
    """Statement of the public list: published results, the newest first."""
    statement = enrolments_visible_to(viewer).where(
        Enrolment.published,
        Enrolment.state.in_(COUNTED),
        or_(Enrolment.decided_on.is_not(None), Enrolment.fiscal_year.is_not(None)),
    )
    if wanted.program:
        statement = statement.where(Enrolment.program.has(public_id=wanted.program))
    if wanted.year:
        statement = statement.where(Enrolment.fiscal_year == wanted.year)
    return statement


def award_years() -> list[int]:
    """The fiscal years in which something was published, the newest first."""
    found = select(Enrolment.fiscal_year).where(
        Enrolment.published, Enrolment.state.in_(COUNTED), Enrolment.fiscal_year.is_not(None)
    )
    years = db.session.scalars(found.distinct().order_by(Enrolment.fiscal_year.desc()))
    return [year for year in years if year is not None]


def award_programs(viewer: Viewer) -> list[tuple[str, str]]:
    """(public id, title) of the visible programs with something published."""
    published = select(Enrolment.program_id).where(
        Enrolment.published, Enrolment.state.in_(COUNTED)
    )
    rows = db.session.scalars(visible_to(viewer).where(Program.id.in_(published)))
    return [(row.public_id, pick(row.title, row.title_en)) for row in rows]
