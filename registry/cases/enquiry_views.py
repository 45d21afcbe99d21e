"""A request to a creator or supporter goes on as a case."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases.enquiries import case_of_enquiry
from registry.common import calendar
from registry.intake.queries import get_enquiry
from registry.web.access import allow, viewer
from registry.web.pressing import press

bp = Blueprint("case_enquiries", __name__)


@bp.post("/intake/<public_id>/case")
@allow("cases.work")
def open_case(public_id: str) -> ResponseReturnValue:
    """Open a case of the one who asked and the one who is asked."""
    enquiry = get_enquiry(public_id, viewer())
    return press(
        lambda: case_of_enquiry(enquiry, today=calendar.today(), viewer=viewer()),
        back=url_for("intake.show", public_id=public_id),
        message=_("マッチングを始めました。"),
    )
