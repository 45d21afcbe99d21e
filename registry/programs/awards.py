"""A program's enrolments as a public list: by fiscal year, members of one project together. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from registry.common.fiscal import FiscalYear
from registry.organizations.models import Organization
from registry.programs.models import Enrolment, EnrolmentResult

COUNTED = (
    EnrolmentResult.AWARDED,
    EnrolmentResult.CERTIFIED,
    EnrolmentResult.SELECTED,
    EnrolmentResult.PRIZE,
    EnrolmentResult.MEMBER,
)
"""Results that are counted by organization. The rows of a joint project repeat one project from
every side: they count as one."""


@dataclass
class Project:
    """One project, or one organization without a project: its rows, and partners without a row."""

    title: str
    enrolments: list[Enrolment] = field(default_factory=list)

    @property
    def partners(self) -> list[Organization]:
        """Partners that have no row of their own, by number."""
        own = {row.organization_id for row in self.enrolments}
        others = {p.id: p for row in self.enrolments for p in row.partners if p.id not in own}
        return sorted(others.values(), key=lambda partner: partner.number)

    @property
    def source(self) -> str:
        """Where the plan says so; empty for what the office recorded."""
        return next((row.source for row in self.enrolments if row.source), "")

    @property
    def note(self) -> str:
        """What the source says besides."""
        return next((row.note for row in self.enrolments if row.note), "")

    @property
    def amount_yen(self) -> int | None:
        """The sum of the known amounts; None when none is known."""
        known = [row.amount_yen for row in self.enrolments if row.amount_yen is not None]
        return sum(known) if known else None

    @property
    def result(self) -> EnrolmentResult:
        """The project's result; a partner's part in it does not hide the award."""
        found = [row.result for row in self.enrolments]
        return next((r for r in found if r is not EnrolmentResult.JOINT_PROJECT), found[0])

    @property
    def decided_on(self) -> date | None:
        """The day of the decision, where one is known."""
        return next((row.decided_on for row in self.enrolments if row.decided_on), None)

    @property
    def illustrative(self) -> bool:
        return any(row.illustrative for row in self.enrolments)


@dataclass
class Year:
    """The projects of one fiscal year; `year` is None where the source gives none."""

    year: FiscalYear | None
    projects: list[Project] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[EnrolmentResult, int]]:
        """How many of each result: organizations, but joint projects as projects."""
        rows = [row for project in self.projects for row in project.enrolments]
        found = Counter(row.result for row in rows if row.result in COUNTED)
        joint = sum(
            all(row.result is EnrolmentResult.JOINT_PROJECT for row in project.enrolments)
            for project in self.projects
        )
        if joint:
            found[EnrolmentResult.JOINT_PROJECT] = joint
        return [(result, found[result]) for result in EnrolmentResult if found[result]]


def by_year(enrolments: Iterable[Enrolment]) -> list[Year]:
    """Fiscal years, the newest first and those without a year last; projects in their order.

    Rows of one year with the same project name are one project, whatever the order of the rows.
    """
    years: dict[int | None, Year] = {}
    projects: dict[tuple[int | None, str], Project] = {}
    for row in enrolments:
        year = years.setdefault(
            row.fiscal_year, Year(FiscalYear(row.fiscal_year) if row.fiscal_year else None)
        )
        key = (row.fiscal_year, row.project or f"#{row.id}")
        if key not in projects:
            projects[key] = Project(row.project)
            year.projects.append(projects[key])
        projects[key].enrolments.append(row)
    return sorted(years.values(), key=lambda year: -(year.year.year if year.year else 0))
