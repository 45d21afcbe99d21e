"""Downloads of lists: what is on screen, with its filter and order."""

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from registry.common import calendar
from registry.common.errors import NotFound
from registry.exchange import export
from registry.exchange.catalogue import EXPORTED, KINDS
from registry.exchange.columns import Kind
from registry.formats.table import FileProblem
from registry.web.access import allow, viewer
from registry.web.i18n import locale
from registry.web.limits import limiter

bp = Blueprint("export", __name__)
SHOWN = 200
"""So many cells that CP932 cannot hold are listed."""


def _send(kind: Kind, data: bytes, form: str) -> ResponseReturnValue:
    name = export.file_name(kind, form, calendar.today().isoformat())
    return send_file(
        BytesIO(data), mimetype=export.MIME[form], as_attachment=True, download_name=name
    )


def _download(kind: Kind, form: str) -> ResponseReturnValue:
    """The list as a file; the lossless JSON only for staff."""
    if form == "json" and not viewer().may("exchange.import"):
        raise NotFound
    return _send(kind, export.to_file(kind, viewer(), request.args, form, locale=locale()), form)


def _shift_jis(kind: Kind) -> ResponseReturnValue:
    """CSV in CP932; before it a page that lists what it cannot hold."""
    table = export.export(kind, viewer(), request.args, locale=locale())
    if request.args.get("replace"):
        return _send(kind, export.to_replaced_csv(table), "sjis")
    try:
        data = export.to_file(kind, viewer(), request.args, "sjis", locale=locale())
    except FileProblem:
        lost = export.lost_in_cp932(table)
        return render_template(
            "exchange/unencodable.html", kind=kind, lost=lost[:SHOWN], total=len(lost)
        )
    return _send(kind, data, "sjis")


def _view(kind: Kind, form: str) -> Callable[[], ResponseReturnValue]:
    @allow(kind.reads_permission)
    @limiter.limit("30 per minute")
    def view() -> ResponseReturnValue:
        return _shift_jis(kind) if form == "sjis" else _download(kind, form)

    view.__doc__ = f"The list of {kind.code} as {form}, with the filter and order on screen."
    return view


for _kind in EXPORTED.values():
    for _form in export.MIME if _kind.code in KINDS else ("csv", "sjis", "xlsx"):
        _rule = (
            f"/{_kind.code}/export-{_form}"
            if _form == "sjis"
            else (f"/{_kind.code}/export.{_form}")
        )
        bp.add_url_rule(_rule, endpoint=f"{_kind.code}_{_form}", view_func=_view(_kind, _form))
