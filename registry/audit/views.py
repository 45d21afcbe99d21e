"""Pages of the log: its entries, one entry with what it changed, and the check of its chain."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.audit import queries
from registry.audit.erasure import erased_fields
from registry.audit.words import action_name, subject_name
from registry.web.access import allow
from registry.web.forms import PlainForm
from registry.web.paging import paginate

bp = Blueprint("audit", __name__)
bp.add_app_template_filter(action_name)
bp.add_app_template_filter(subject_name)


@bp.get("/admin/audit")
@allow("audit.read")
def index() -> str:
    """The log, newest first, by action, record and person."""
    filters = {
        name: request.args.get(name, "").strip()[:100] for name in ("action", "subject", "actor")
    }
    page = paginate(queries.entries(**filters))
    return render_template(
        "audit/index.html",
        page=page,
        names=queries.names_of(page),
        actions=queries.actions(),
        filters=filters,
        form=PlainForm(),
    )


@bp.get("/admin/audit/<int:position>")
@allow("audit.read")
def entry(position: int) -> str:
    """One entry: who, when, what, and every field before and after."""
    found = queries.get_entry(position)
    return render_template(
        "audit/entry.html",
        entry=found,
        names=queries.names_of([found]),
        erased=erased_fields(found),
        newest=queries.position(),
    )


@bp.post("/admin/audit/check")
@allow("audit.read")
def check() -> str | Response:
    """Walk the whole chain and say whether it is whole."""
    return render_template("audit/check.html", verdict=queries.verify(), explain=_explain)


def _explain(reason: str) -> str:
    """The verdict's reason in the page's language; the command line keeps the plain one."""
    if reason.startswith("entry ") and reason.endswith(" is missing"):
        return _("この位置にあるはずの記録がありません。")
    if reason.startswith("the value of "):
        return _("残してある値が書き換えられています。")
    return {
        "does not follow the entry before it": _("前の記録とつながりません。"),
        "fields were added or removed": _("項目が増やされたか、消されています。"),
        "the entry was changed": _("記録が書き換えられています。"),
        "values were erased without an entry": _("値が、記録を残さずに消されています。"),
        "the log ends before its recorded head": _("新しい側の記録が消されています。"),
    }.get(reason, reason)
