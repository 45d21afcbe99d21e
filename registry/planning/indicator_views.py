"""Pages of the indicators: list, record, and the form by which one is made without code."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.audit.queries import entries_of
from registry.common import calendar
from registry.common.errors import Conflict, DomainError, NotFound
from registry.common.fiscal import FiscalYear
from registry.planning import filter_fields, indicator_pages
from registry.planning.indicator_forms import IndicatorEditForm, IndicatorForm, form_for
from registry.planning.indicator_pages import BY_HAND, IndicatorFilter
from registry.policy import indicators as service
from registry.policy.counting import Count
from registry.policy.figures import readings_of, targets_of
from registry.policy.labels import RULE_HINTS, RULES
from registry.policy.models import Indicator
from registry.reports.counts import COUNTS
from registry.reports.yearly_page import figure_of
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("indicators", __name__)


@bp.get("/indicators")
@allow("policy.read")
def index() -> str:
    """All indicators, with filters."""
    args = request.args
    wanted = IndicatorFilter(
        code=indicator_pages.clean_code(args.get("code", "")),
        text=args.get("q", "").strip()[:120],
        program=args.get("program", "")[:64],
        how=args.get("how", "")[:20],
        state=args.get("state", "")[:10],
    )
    return render_template(
        "policy/indicators.html",
        page=paginate(indicator_pages.indicators(wanted, viewer())),
        wanted=wanted,
        programs=filter_fields.FILTERS["program"].options(),
        rules=RULES,
        what=indicator_pages.what_is_counted,
    )


@bp.get("/indicators/new")
@allow("policy.edit")
def begin() -> str:
    """Choose what a new indicator counts."""
    return render_template(
        "policy/begin_indicator.html",
        counts=list(COUNTS.values()),
        code=indicator_pages.clean_code(request.args.get("code", "")),
        rules=RULES,
        by_hand=BY_HAND,
    )


@bp.route("/indicators/new/<measure>", methods=["GET", "POST"])
@allow("policy.edit")
def create(measure: str) -> ResponseReturnValue:
    """Make an indicator of what was chosen."""
    count = _count(measure)
    form = form_for(IndicatorForm, count)(is_public=True)
    indicator_pages.offer(form, None)
    if request.method == "GET" and (
        code := indicator_pages.clean_code(request.args.get("code", ""))
    ):
        codes = [value for value, _words in form.policy_code.choices if value.endswith(f"/{code}")]
        form.policy_code.data = codes[-1] if codes else None
    response = submit(
        form,
        lambda: _made(form, count),
        then=lambda row: url_for("indicators.show", public_id=row.public_id),
        message=_("指標を作りました。"),
    )
    return response or _form_page(form, count, None, measure)


@bp.get("/indicators/<public_id>")
@allow("policy.read")
def show(public_id: str) -> str:
    """One indicator: its definition in words, its figures, targets and readings."""
    row = service.get_indicator(public_id, viewer())
    found = indicator_pages.figures_of(
        row, last=FiscalYear.of(calendar.today()), inside=viewer().may("yearly.open")
    )
    return render_template(
        "policy/indicator.html",
        indicator=row,
        program=indicator_pages.program_of(row),
        definition=indicator_pages.definition(row),
        figures=found,
        figure_of=figure_of,
        chart=indicator_pages.chart_of(row, found),
        readings=readings_of(row),
        targets=targets_of(row),
        history=entries_of(f"indicator:{row.public_id}") if viewer().is_staff else [],
        form=PlainForm(),
        this_year=FiscalYear.of(calendar.today()),
    )


@bp.route("/indicators/<public_id>/edit", methods=["GET", "POST"])
@allow("policy.edit")
def edit(public_id: str) -> ResponseReturnValue:
    """Change an indicator; ?measure= counts something else."""
    row = service.get_indicator(public_id, viewer())
    measure = request.args.get("measure") or row.measure or BY_HAND
    count = _count(measure)
    form = form_for(IndicatorEditForm, count)(data=indicator_pages.stored(row))
    indicator_pages.offer(form, row)
    response = submit(
        form,
        lambda: _changed(row, form, count),
        then=lambda _row: url_for("indicators.show", public_id=public_id),
        message=_("変更しました。"),
    )
    return response or _form_page(form, count, row, measure)


@bp.post("/indicators/<public_id>/retire")
@allow("policy.edit")
def retire(public_id: str) -> ResponseReturnValue:
    """Count it no more; what was read stays."""
    return _retire(public_id, retired=True)


@bp.post("/indicators/<public_id>/restore")
@allow("policy.edit")
def restore(public_id: str) -> ResponseReturnValue:
    """Take the retirement back."""
    return _retire(public_id, retired=False)


def _retire(public_id: str, *, retired: bool) -> ResponseReturnValue:
    row, form = service.get_indicator(public_id, viewer()), PlainForm()
    response = submit(
        form,
        lambda: service.retire_indicator(row, retired=retired, viewer=viewer()),
        then=lambda _row: url_for("indicators.show", public_id=public_id),
        message=_("指標の使用をやめました。過去の報告値は残ります。")
        if retired
        else _("使用に戻しました。"),
    )
    return response or show(public_id)


def _count(measure: str) -> Count | None:
    if measure == BY_HAND:
        return None
    if measure not in COUNTS:
        raise NotFound
    return COUNTS[measure]


def _made(form: Any, count: Count | None) -> Indicator:
    try:
        words = indicator_pages.words_of(form, count)
        row = service.create_indicator(words, count=count, viewer=viewer())
    except DomainError as error:
        raise indicator_pages.at_field(error, form) from error
    indicator_pages.tie_program(row, form.program.data or "")
    return row


def _changed(row: Indicator, form: Any, count: Count | None) -> Indicator:
    try:
        words = indicator_pages.words_of(form, count)
        service.edit_indicator(row, words, count=count, version=form.version.data, viewer=viewer())
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        raise indicator_pages.at_field(error, form) from error
    indicator_pages.tie_program(row, form.program.data or "")
    return row


def _form_page(
    form: Any, count: Count | None, row: Indicator | None, measure: str
) -> ResponseReturnValue:
    names = filter_fields.names_of(count) if count else []
    return render_template(
        "policy/indicator_form.html",
        form=form,
        count=count,
        counts=list(COUNTS.values()),
        filters=[form[filter_fields.PREFIX + name] for name in names],
        indicator=row,
        measure=measure,
        hints={rule.value: words for rule, words in RULE_HINTS.items()},
        by_hand=BY_HAND,
    )
