"""Whether an organization may have a program: what is known says yes, no, or not yet.

The seam between finding programs and their conditions: suggestions ask `fits` and never look at a
condition themselves.
"""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from registry.organizations.models import Organization, OrganizationState
from registry.programs.models import Program, ProgramState


class Fit(StrEnum):
    """The answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The answer and why, in a sentence for the organization."""

    fit: Fit
    reason: str


def fits(program: Program, organization: Organization | None) -> Verdict:
    """Judge what is known: whether the program takes new ones, and whether the organization is
    still registered. None asks about the program alone."""
    if program.state is ProgramState.ENDED:
        return Verdict(Fit.NO, _("この制度は終了しています。"))
    if program.state is ProgramState.CLOSED_TO_NEW:
        return Verdict(Fit.NO, _("新規の受付は終わっています。"))
    if program.state is not ProgramState.ACTIVE:
        return Verdict(Fit.NO, _("まだ始まっていません。"))
    if organization is not None and organization.state is OrganizationState.ARCHIVED:
        return Verdict(Fit.NO, _("登録を終えた企業・団体です。"))
    return Verdict(Fit.UNKNOWN, _("対象の条件を、制度の担当に確かめてください。"))
