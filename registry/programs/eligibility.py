"""Whether an organization may have a program: what is known says yes, no, or not yet.

The seam between finding programs and their conditions: suggestions ask `fits` and never look at a
condition themselves.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.common import calendar
from registry.common.enterprise_size import LegalKind
from registry.organizations.models import Organization, OrganizationKind, OrganizationState
from registry.programs.conditions import Finding, Firm, Fit, judge
from registry.programs.models import Program, ProgramState
from registry.web.i18n import pick

__all__ = ["Finding", "Firm", "Fit", "Verdict", "findings", "firm_of", "fits", "verdict_of"]


@dataclass(frozen=True)
class Verdict:
    """The answer and why, in a sentence for the organization."""

    fit: Fit
    reason: str
    findings: tuple[Finding, ...] = ()


def fits(program: Program, organization: Organization | None) -> Verdict:
    """Judge what is known: whether the program takes new ones, whether the organization is still
    registered, and each condition. None asks about the program alone."""
    if organization is not None and organization.state is OrganizationState.ARCHIVED:
        return _closed(program) or Verdict(Fit.NO, _("登録を終えた企業・団体です。"))
    firm = firm_of(organization) if organization is not None else None
    return verdict_of(program, firm, calendar.today())


def verdict_of(program: Program, firm: Firm | None, today: date) -> Verdict:
    """The verdict for a firm of which so much is known. One "no" decides; while anything is
    unknown the answer is unknown."""
    if closed := _closed(program):
        return closed
    found = findings(program, firm, today) if firm is not None else ()
    for fit in (Fit.NO, Fit.UNKNOWN):
        if row := next((row for row in found if row.fit is fit), None):
            words = f"{row.rule} {row.question}".strip()
            reason = _("対象の条件に合いません：%(rule)s", rule=row.rule)
            return Verdict(fit, reason if fit is Fit.NO else words, found)
    if found:
        return Verdict(Fit.YES, _("登録された内容では、対象の条件に合います。"), found)
    return Verdict(Fit.UNKNOWN, _("対象の条件を、制度の担当に確かめてください。"))


def findings(program: Program, firm: Firm, today: date) -> tuple[Finding, ...]:
    """The answer to each condition of a program, in their order."""
    return tuple(
        judge(row.kind, row.limits, pick(row.rule, row.rule_en), firm, today)
        for row in program.conditions
    )


def firm_of(organization: Organization, **answers: Any) -> Firm:
    """What the registry knows of an organization, with answers given to questions; an answer that
    is None leaves what is registered."""
    companies = (OrganizationKind.COMPANY,)
    known = Firm(
        legal=LegalKind.COMPANY if organization.kind in companies else LegalKind.OTHER,
        industry=organization.industry,
        capital_yen=organization.capital_yen,
        employees=organization.employees,
        municipality=organization.municipality,
    )
    return replace(known, **{name: value for name, value in answers.items() if value is not None})


def _closed(program: Program) -> Verdict | None:
    """Why the program takes nobody new, whoever asks."""
    if program.state is ProgramState.ENDED:
        return Verdict(Fit.NO, _("この制度は終了しています。"))
    if program.state is ProgramState.CLOSED_TO_NEW:
        return Verdict(Fit.NO, _("新規の受付は終わっています。"))
    if program.state is not ProgramState.ACTIVE:
        return Verdict(Fit.NO, _("まだ始まっていません。"))
    return None
