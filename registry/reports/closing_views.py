"""Pages that close a month and say why a closed figure would be another today."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.common.calendar import Month, today
from registry.common.errors import NotFound
from registry.reports import closing, monthly
from registry.reports.closing import Difference
from registry.reports.forms import RestateForm
from registry.reports.models import ClosedMonth
from registry.reports.naming import month_label
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.submit import submit

bp = Blueprint("closing", __name__)


@bp.route("/reports/monthly/<month>/close", methods=["GET", "POST"])
@allow("reports.close")
def confirm(month: str) -> str | Response:
    """Ask once more, then close the month."""
    wanted = monthly.month_of(month)
    form = PlainForm()
    if response := submit(
        form,
        lambda: closing.close_month(wanted, today=today(), viewer=viewer()),
        then=lambda _closed: url_for("reports.monthly", month=str(wanted)),
        message=_("%(month)sを締めました。", month=month_label(wanted)),
    ):
        return response
    return render_template("reports/close.html", form=form, month=wanted, label=month_label(wanted))


@bp.route("/reports/monthly/<month>/restate", methods=["GET", "POST"])
@allow("reports.close")
def restate(month: str) -> str | Response:
    """Write why one figure (in the address: section, group, measure) would be another today."""
    wanted = monthly.month_of(month)
    closed, difference = _difference(wanted)
    form = RestateForm()
    if response := submit(
        form,
        lambda: closing.restate(closed, difference, form.reason.data or "", viewer=viewer()),
        then=lambda _row: url_for("reports.monthly", month=str(wanted), _anchor="restatements"),
        message=_("訂正の理由を記録しました。"),
    ):
        return response
    return render_template(
        "reports/restate.html", form=form, month=wanted, label=month_label(wanted), one=difference
    )


def _difference(month: Month) -> tuple[ClosedMonth, Difference]:
    closed = closing.closed_month(month)
    if closed is None:
        raise NotFound
    key = tuple(request.args.get(name, "") for name in ("section", "group", "measure"))
    for one in closing.differences(closed, month, today=today()):
        if (one.section, one.group, one.measure) == key:
            return closed, one
    raise NotFound
