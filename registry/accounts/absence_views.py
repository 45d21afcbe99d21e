"""Pages of absences: who of the office is away, who stands in, and one's own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts import absences
from registry.accounts.absence_forms import AbsenceForm
from registry.accounts.queries import coordinators, get_user
from registry.common import calendar
from registry.common.errors import DomainError
from registry.db import transaction
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("absences", __name__)


@bp.route("/absences", methods=["GET", "POST"])
@allow("desk.use")
def index() -> ResponseReturnValue:
    """Absences now and to come, and the form for one's own; administrators enter anybody's."""
    today, me = calendar.today(), viewer()
    form = AbsenceForm(user=me.public_id)
    form.offer(coordinators(), me=me.public_id, may_choose=me.may("users.administer"))
    response = submit(
        form,
        lambda: absences.set_absence(
            get_user(form.user.data),
            deputy=get_user(form.deputy.data),
            today=today,
            viewer=me,
            **form.days(),
        ),
        then=lambda _absence: url_for("absences.index"),
        message=lambda absence: _(
            "不在を登録しました。%(name)sさんが代理です。", name=absence.deputy.name
        ),
    )
    return response or render_template(
        "accounts/absences.html", form=form, absences=absences.absences_from(today), today=today
    )


@bp.post("/absences/<public_id>/end")
@allow("desk.use")
def end(public_id: str) -> ResponseReturnValue:
    """Back earlier, or not away after all."""
    try:
        with transaction():
            found = absences.get_absence(public_id, viewer())
            absences.end_absence(found, today=calendar.today(), viewer=viewer())
    except DomainError as error:
        if not error.message:
            raise
        flash(str(error.message), "error")
    else:
        flash(_("不在を終えました。仕事は本人の「今日の仕事」に出ます。"), "done")
    return redirect(url_for("absences.index"), 303)
