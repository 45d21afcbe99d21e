"""Pages of check-ins: the link of a mail, and what staff write down or have read."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import check_ins
from registry.cases.check_in_forms import CheckInForm, SpokenCheckInForm
from registry.cases.check_in_queries import check_in_of, check_in_of_token
from registry.cases.check_ins import SpokenCheckIn, is_answerable
from registry.cases.labels import check_in_label
from registry.cases.queries import get_case
from registry.cases.views import address_of
from registry.common import calendar
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("check_ins", __name__)


@bp.route("/check-ins/<token>", methods=["GET", "POST"])
@allow("cases.answer")
def show(token: str) -> ResponseReturnValue:
    """How it goes, by the link of a mail. Opening it changes nothing."""
    check, today = check_in_of_token(token), calendar.today()
    if check is None:
        return render_template("introductions/unknown.html"), 404
    form = CheckInForm(data={"state": check.state, "comment": check.comment})
    response = submit(
        form,
        lambda: check_ins.answer_by_link(
            check,
            state=form.state.data,
            comment=form.comment.data or "",
            today=today,
            viewer=viewer(),
        ),
        then=lambda _result: url_for("check_ins.show", token=token),
    )
    return response or render_template(
        "check_ins/show.html",
        form=form,
        check=check,
        is_open=is_answerable(check, today=today),
        check_in_label=check_in_label,
    )


@bp.route("/cases/<public_id>/check-ins/<check_in_id>/record", methods=["GET", "POST"])
@allow("cases.work")
def record(public_id: str, check_in_id: str) -> ResponseReturnValue:
    """Write down what a party told by telephone, on paper, in person or by mail."""
    case, today = get_case(public_id, viewer()), calendar.today()
    check = check_in_of(case, check_in_id)
    form = SpokenCheckInForm(
        data={
            "state": check.state,
            "comment": check.comment,
            "answered_by": check.answered_by,
            "way": check.way,
            "on": check.answered_on or today,
            "evidence": check.evidence,
        }
    )
    response = submit(
        form,
        lambda: check_ins.record_spoken(check, _spoken(form), today=today, viewer=viewer()),
        then=lambda _result: address_of(case),
        message=_("回答を記録しました。"),
    )
    return response or render_template(
        "cases/record_check_in.html", form=form, case=case, check=check
    )


@bp.post("/cases/<public_id>/check-ins/seen")
@allow("cases.work")
def seen(public_id: str) -> ResponseReturnValue:
    """Note that the answers of a case were read."""
    case = get_case(public_id, viewer())
    return press(
        lambda: check_ins.mark_seen(case, viewer=viewer()),
        back=address_of(case),
        message=_("確認済みにしました。"),
    )


def _spoken(form: SpokenCheckInForm) -> SpokenCheckIn:
    return SpokenCheckIn(
        state=form.state.data,
        answered_by=form.answered_by.data or "",
        way=form.way.data,
        on=form.on.data,
        evidence=form.evidence.data or "",
        comment=form.comment.data or "",
    )
