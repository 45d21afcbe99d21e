"""Pages of the verification: remarks by code and year, their publication and answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.fiscal import FiscalYear
from registry.planning.remark_forms import AnswerForm, RemarkEditForm, RemarkForm
from registry.policy import remarks as service
from registry.policy.labels import REMARK_KINDS
from registry.policy.models import RemarkKind
from registry.policy.queries import get_entry
from registry.policy.remarks import RemarkFilter, RemarkWords
from registry.reports.yearly import first_year
from registry.reports.yearly_page import years_to_choose
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("remarks", __name__)


@bp.get("/remarks")
@allow("policy.read")
def index() -> str:
    """The remarks one may read, with filters."""
    args = request.args
    wanted = RemarkFilter(
        year=args.get("year", type=int),
        kind=next((kind for kind in RemarkKind if kind.value == args.get("kind")), None),
        state=args.get("state", "")[:12],
    )
    now = FiscalYear.of(calendar.today())
    return render_template(
        "policy/remarks.html",
        page=paginate(service.remarks(wanted, viewer())),
        wanted=wanted,
        years=[(code[2:], words) for code, words in years_to_choose(now, first_year())],
        kinds=REMARK_KINDS,
    )


@bp.route("/policy/<code>/new-remark", methods=["GET", "POST"])
@allow("policy.remark")
def write(code: str) -> ResponseReturnValue:
    """Write a remark on a code."""
    entry, today = get_entry(code), calendar.today()
    form = RemarkForm(fiscal_year=request.args.get("year", FiscalYear.of(today).year - 1, type=int))
    response = submit(
        form,
        lambda: service.write_remark(entry.newest, _words(form), today=today, viewer=viewer()),
        then=lambda row: url_for("remarks.show", public_id=row.public_id),
        message=_("記録しました。まだ公開されていません。"),
    )
    return response or render_template("policy/remark_new.html", form=form, entry=entry)


@bp.get("/remarks/<public_id>")
@allow("policy.read")
def show(public_id: str) -> str:
    """One remark, with how the office took it up."""
    row = service.get_remark(public_id, viewer())
    return render_template(
        "policy/remark.html", row=row, may_write=service.may_write(row, viewer())
    )


@bp.route("/remarks/<public_id>/answer", methods=["GET", "POST"])
@allow("policy.edit")
def answer(public_id: str) -> ResponseReturnValue:
    """Say how the office took a remark up (反映)."""
    row = service.get_remark(public_id, viewer())
    form = AnswerForm(version=row.version, feedback=row.feedback)
    response = submit(
        form,
        lambda: service.answer_remark(
            row,
            feedback=(form.feedback.data or "").strip(),
            version=form.version.data,
            viewer=viewer(),
        ),
        then=lambda _row: url_for("remarks.show", public_id=public_id),
        message=_("反映を記録しました。"),
    )
    return response or render_template("policy/remark_answer.html", row=row, form=form)


@bp.route("/remarks/<public_id>/edit", methods=["GET", "POST"])
@allow("policy.remark")
def edit(public_id: str) -> ResponseReturnValue:
    """Change the words of a remark."""
    row, today = service.get_remark(public_id, viewer()), calendar.today()
    form = RemarkEditForm(obj=row)
    response = submit(
        form,
        lambda: service.edit_remark(
            row, _words(form), version=form.version.data, today=today, viewer=viewer()
        ),
        then=lambda _row: url_for("remarks.show", public_id=public_id),
        message=_("変更しました。"),
    )
    return response or render_template("policy/remark_edit.html", form=form, row=row)


@bp.post("/remarks/<public_id>/publish")
@allow("policy.edit")
def publish(public_id: str) -> ResponseReturnValue:
    """Show a remark to all."""
    return _publish(public_id, published=True)


@bp.post("/remarks/<public_id>/withdraw")
@allow("policy.edit")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Show it to evaluators and staff only again."""
    return _publish(public_id, published=False)


@bp.post("/remarks/<public_id>/delete")
@allow("policy.remark")
def delete(public_id: str) -> ResponseReturnValue:
    """Take away a remark that is not published."""
    row, form = service.get_remark(public_id, viewer()), PlainForm()
    response = submit(
        form,
        lambda: service.delete_remark(row, viewer=viewer()),
        then=lambda _nothing: url_for("remarks.index"),
        message=_("消しました。中身は変更の記録に残っています。"),
    )
    for message in form.form_errors:
        flash(message, "error")
    return response or redirect(url_for("remarks.show", public_id=public_id), 303)


def _publish(public_id: str, *, published: bool) -> ResponseReturnValue:
    row, form = service.get_remark(public_id, viewer()), PlainForm()
    response = submit(
        form,
        lambda: service.publish_remark(row, published=published, viewer=viewer()),
        then=lambda _row: url_for("remarks.show", public_id=public_id),
        message=_("公開しました。") if published else _("公開をやめました。"),
    )
    return response or redirect(url_for("remarks.show", public_id=public_id), 303)


def _words(form: RemarkForm) -> RemarkWords:
    return RemarkWords(
        fiscal_year=form.fiscal_year.data or 0,
        kind=form.kind.data,
        held_on=form.held_on.data,
        body=(form.body.data or "").strip(),
    )
