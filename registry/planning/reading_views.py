"""Pages on which figures are typed, corrected with a reason, and taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.audit.queries import entries_of, names_of
from registry.common import calendar
from registry.common.dates import DateProblem
from registry.common.errors import DomainError
from registry.common.fiscal import FiscalYear, parse_fiscal_year
from registry.planning import grid as grids
from registry.planning.code_page import indicators_within
from registry.planning.laws import broken_laws
from registry.planning.reading_forms import CorrectionForm, grid_form, name_of
from registry.policy import figures as service
from registry.policy.figures import Figure, FigureWords
from registry.policy.models import Reading
from registry.policy.periods import parse_period
from registry.policy.queries import get_entry
from registry.reports.yearly import first_year
from registry.reports.yearly_page import years_to_choose
from registry.reports.yearly_sentences import label_of, unit_of
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.submit import submit

bp = Blueprint("readings", __name__)


@bp.route("/policy/<code>/figures", methods=["GET", "POST"])
@allow("policy.edit")
def grid(code: str) -> ResponseReturnValue:
    """Type a year's figures of all hand-read indicators of a code and below it; ?year=."""
    entry, year = get_entry(code), _year()
    now = FiscalYear.of(calendar.today())
    lines = grids.lines_of(indicators_within(entry.code, viewer()), year)
    form = grid_form([line.indicator for line in lines])()
    response = submit(
        form,
        lambda: grids.save(form, lines, year, this_year=now, viewer=viewer()),
        then=lambda _number: url_for("readings.grid", code=str(entry.code), year=year.code),
        message=lambda n: ngettext(
            "%(num)d 個の数値を記録しました。", "%(num)d 個の数値を記録しました。", n
        ),
    )
    return response or render_template(
        "policy/grid.html",
        form=form,
        lines=lines,
        entry=entry,
        year=year,
        years=[(now.next.code, now.next.label()), *years_to_choose(now, first_year())],
        name_of=name_of,
        label_of=label_of,
        unit_of=unit_of,
        parse_period=parse_period,
    )


@bp.route("/figures/<kind>/<public_id>", methods=["GET", "POST"])
@allow("policy.edit")
def correct(kind: str, public_id: str) -> ResponseReturnValue:
    """Correct a reading or target with the reason; what it was before stands below."""
    row = service.get_figure(kind, public_id, viewer())
    form = CorrectionForm(obj=row)
    response = submit(
        form,
        lambda: _corrected(row, form),
        then=lambda _row: url_for("indicators.show", public_id=row.indicator.public_id),
        message=_("訂正しました。前の値は変更の記録に残っています。"),
    )
    if response:
        return response
    history = entries_of(f"{kind}:{public_id}")
    return render_template(
        "policy/figure.html",
        form=form,
        row=row,
        kind=kind,
        period=parse_period(row.period),
        has_note=isinstance(row, Reading),
        history=history,
        names=names_of(history),
        plain=PlainForm(),
    )


@bp.post("/figures/<kind>/<public_id>/undo")
@allow("policy.edit")
def undo(kind: str, public_id: str) -> ResponseReturnValue:
    """Take the last step back: the value before the last correction, or the record itself."""
    row, form = service.get_figure(kind, public_id, viewer()), PlainForm()
    indicator = row.indicator.public_id
    version = request.form.get("version", 0, type=int)
    response = submit(
        form,
        lambda: service.undo_figure(row, version=version, viewer=viewer()),
        then=lambda _row: url_for("indicators.show", public_id=indicator),
        message=lambda back: _("前の値に戻しました。") if back else _("記録を取り消しました。"),
    )
    if response:
        return response
    for message in form.form_errors:
        flash(message, "error")
    return redirect(url_for("readings.correct", kind=kind, public_id=public_id), 303)


def _corrected(row: Figure, form: CorrectionForm) -> Figure:
    words = FigureWords(
        value=form.value.data,
        approximate=bool(form.approximate.data) or form.value.is_about,
        note=(form.note.data or "").strip(),
        source=(form.source.data or "").strip(),
    )
    found = service.correct_figure(
        row,
        words,
        reason=form.reason.data or "",
        is_exact_now=bool(form.exact.data),
        version=form.version.data,
        viewer=viewer(),
    )
    if isinstance(row, Reading):
        for broken in broken_laws(row.fiscal_year):
            if broken.is_about([row.indicator_id]):
                raise DomainError(broken.sentence, field="value")
    return found


def _year() -> FiscalYear:
    """The year asked for, else the last complete one."""
    try:
        return parse_fiscal_year(request.args.get("year", "")[:20])
    except DateProblem:
        return FiscalYear.of(calendar.today()).previous
