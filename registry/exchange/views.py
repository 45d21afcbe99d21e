"""Pages of imports: choose a file, say what its columns mean, see the dry run, carry it out."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.db import transaction
from registry.exchange import progress, report, service
from registry.exchange import verdicts as words
from registry.exchange.catalogue import KINDS, get_kind
from registry.exchange.export import MIME
from registry.exchange.forms import ColumnsForm, DoubtfulForm, UploadForm
from registry.exchange.labels import encoding_label, skip_label, state_chip, state_label
from registry.exchange.models import ImportRun, ImportState
from registry.exchange.queries import get_import, same_file, visible_to
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.i18n import locale
from registry.web.paging import paginate, paginate_list
from registry.web.submit import submit

bp = Blueprint("exchange", __name__)
PREVIEW = 5
"""So many rows are shown before anything is done."""
State = ImportState


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "state_label": state_label,
        "state_chip": state_chip,
        "kind_of": get_kind,
        "report": report,
        "skip_label": skip_label,
        "encoding_label": encoding_label,
    }


def address_of(run: ImportRun) -> str:
    """The page of an import."""
    return url_for("exchange.show", public_id=run.public_id)


@bp.get("/imports")
@allow("exchange.import")
def index() -> str:
    """The imports of the office, the newest first, and what can be taken in."""
    return render_template(
        "exchange/index.html", page=paginate(visible_to(viewer())), kinds=KINDS.values()
    )


@bp.route("/imports/new", methods=["GET", "POST"])
@allow("exchange.import")
def upload() -> ResponseReturnValue:
    """Choose a table and its file."""
    form = UploadForm(kind=request.args.get("kind", "organizations"))

    def act() -> ImportRun:
        file = form.file.data
        return service.upload(
            get_kind(form.kind.data or ""),
            name=file.filename or "",
            data=file.read(),
            viewer=viewer(),
            locale=locale(),
        )

    response = submit(
        form, act, then=lambda run: url_for("exchange.columns", public_id=run.public_id)
    )
    return response or render_template("exchange/upload.html", form=form)


@bp.route("/imports/<public_id>/columns", methods=["GET", "POST"])
@allow("exchange.import")
def columns(public_id: str) -> ResponseReturnValue:
    """How the file was read, five of its rows, and what each column means; then the dry run."""
    form, chosen = ColumnsForm(), _chosen()
    response = submit(form, lambda: _check(public_id, chosen), then=address_of)
    if response:
        return response
    run = get_import(public_id, viewer())
    opened = service.reopen(run)
    mapping = chosen or {str(position): key for position, key in opened.mapping.items()}
    return render_template(
        "exchange/columns.html",
        form=form,
        run=run,
        opened=opened,
        mapping=mapping,
        rows=opened.rows[:PREVIEW],
        earlier=same_file(run, viewer()),
    )


def _chosen() -> dict[str, str]:
    """What each header was said to mean, by position."""
    return {
        name.removeprefix("column-"): value
        for name, value in request.form.items()
        if name.startswith("column-") and name.removeprefix("column-").isdigit()
    }


def _check(public_id: str, chosen: dict[str, str]) -> ImportRun:
    """Keep the mapping; a short file is checked at once, a long one by the worker."""
    run = get_import(public_id, viewer())
    service.choose_columns(run, chosen, viewer=viewer())
    if run.rows > service.AT_ONCE:
        run.state, run.taken_at = State.CHECKING, None
    else:
        service.check(run, viewer=viewer(), today=calendar.today(), progress=lambda _d, _t: None)
    return run


@bp.get("/imports/<public_id>")
@allow("exchange.import")
def show(public_id: str) -> str:
    """One import: under way, what would become of each row, or what became of it."""
    run = get_import(public_id, viewer())
    found = words.unpack(run.verdicts)
    wanted = request.args.get("verdict", "")
    order = {name: place for place, name in enumerate(words.ORDER)}
    listed = [v for v in found if v.verdict == wanted or (not wanted and v.verdict != "unchanged")]
    listed.sort(key=lambda v: (order[v.verdict], v.line))
    return render_template(
        "exchange/show.html",
        run=run,
        kind=get_kind(run.kind),
        page=paginate_list(listed),
        wanted=wanted,
        order=words.ORDER,
        done=progress.done_of(run),
        form=PlainForm(),
        doubtful=DoubtfulForm(rest=run.decisions.get("*", "")),
    )


@bp.post("/imports/<public_id>/commit")
@allow("exchange.import")
def commit(public_id: str) -> ResponseReturnValue:
    """Import all rows, or none."""
    run = get_import(public_id, viewer())
    if run.state in (State.DONE, State.RUNNING):
        return redirect(address_of(run), 303)
    form = PlainForm()
    try:
        response = submit(form, lambda: _carry_out(public_id), then=address_of)
    except Refusal as stopped:
        with transaction():
            service.keep_refusal(get_import(public_id, viewer()), stopped.refused)
        flash(str(stopped), "error")
        response = None
    for message in form.form_errors:
        flash(str(message), "error")
    return response or redirect(url_for("exchange.show", public_id=public_id), 303)


def _carry_out(public_id: str) -> ImportRun:
    run = get_import(public_id, viewer())
    if run.rows > service.AT_ONCE:
        service.refuse_others(viewer())
        run.state, run.taken_at, run.progress = State.RUNNING, None, 0
        return run
    try:
        service.carry_out(
            run, viewer=viewer(), today=calendar.today(), progress=lambda _d, _t: None
        )
    except service.RowsRefused as refused:
        raise Refusal(refused) from refused
    return run


class Refusal(Exception):
    """Rows were refused; the transaction is rolled back, and the verdicts are kept after it."""

    def __init__(self, refused: service.RowsRefused) -> None:
        super().__init__(refused.message)
        self.refused = refused


@bp.post("/imports/<public_id>/decide")
@allow("exchange.import")
def decide(public_id: str) -> ResponseReturnValue:
    """Say what doubtful rows mean; then the dry run anew."""
    form = DoubtfulForm()
    decisions = {
        name.removeprefix("line-"): value
        for name, value in request.form.items()
        if name.startswith("line-") and len(value) <= 36
    }

    def act() -> ImportRun:
        run = get_import(public_id, viewer())
        kept = {line: choice for line, choice in run.decisions.items() if line != "*"}
        service.decide(run, {**kept, **decisions, "*": form.rest.data or ""}, viewer=viewer())
        return _check(public_id, dict(run.mapping))

    response = submit(form, act, then=address_of, message=_("決めたとおりに調べ直しました。"))
    return response or redirect(url_for("exchange.show", public_id=public_id), 303)


@bp.route("/imports/<public_id>/undo", methods=["GET", "POST"])
@allow("exchange.import")
def undo(public_id: str) -> ResponseReturnValue:
    """Take an import back while nothing touched its records."""
    form = PlainForm()

    def act() -> ImportRun:
        run = get_import(public_id, viewer())
        service.take_back(run, viewer=viewer())
        return run

    response = submit(form, act, then=address_of, message=_("取り込みを取り消しました。"))
    return response or render_template(
        "exchange/undo.html", form=form, run=get_import(public_id, viewer())
    )


@bp.post("/imports/<public_id>/discard")
@allow("exchange.import")
def discard(public_id: str) -> ResponseReturnValue:
    """Forget a file that was not imported."""
    form = PlainForm()

    def act() -> None:
        service.discard(get_import(public_id, viewer()), viewer=viewer())

    response = submit(
        form,
        act,
        then=lambda _done: url_for("exchange.index"),
        message=_("ファイルを消しました。何も取り込んでいません。"),
    )
    return response or redirect(url_for("exchange.show", public_id=public_id), 303)


@bp.get("/imports/<public_id>/report.xlsx")
@allow("exchange.import")
def report_file(public_id: str) -> ResponseReturnValue:
    """The rows with what is wrong beside them, as a workbook."""
    run = get_import(public_id, viewer())
    try:
        data = report.to_xlsx(service.reopen(run), words.unpack(run.verdicts))
    except DomainError as refusal:
        flash(str(refusal.message), "error")
        return redirect(address_of(run), 303)
    name = f"import-report-{run.kind}.xlsx"
    return send_file(BytesIO(data), mimetype=MIME["xlsx"], as_attachment=True, download_name=name)
