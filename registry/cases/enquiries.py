"""A case made of a request: the two organizations as its parties."""

from datetime import date

from flask_babel import gettext as _

from registry.cases.models import Case, Side
from registry.cases.opening import PartyWish, open_project
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.intake.following import went_on
from registry.intake.models import Became, Enquiry


def case_of_enquiry(enquiry: Enquiry, *, today: date, viewer: Viewer) -> Case:
    """Open a project of the organization that asked and the one that is asked.

    Raises DomainError when either is not known, or it went on already.
    """
    if enquiry.organization is None or enquiry.addressee is None:
        raise DomainError(_("先に、登録された企業・団体を「振り分け」の画面で選んでください。"))
    case = open_project(
        enquiry.subject,
        (PartyWish(enquiry.organization, Side.NEED), PartyWish(enquiry.addressee, Side.SEED)),
        program=enquiry.program,
        coordinator=None,
        today=today,
        viewer=viewer,
    )
    went_on(enquiry, Became.CASE, case.public_id, viewer=viewer)
    return case
