"""Pages of the handover: a coordinator's open work, the document, giving it over and back."""

from io import BytesIO

from flask import Blueprint, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.accounts.models import User
from registry.accounts.queries import coordinators, get_user
from registry.cases import handover
from registry.cases.forms import HandoverForm
from registry.cases.handover_pdf import handover_pdf
from registry.common.errors import NotFound
from registry.common.roles import STAFF
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("handover", __name__)


@bp.get("/handover")
@allow("cases.work")
def index() -> str:
    """Choose whose work is handed over; what was handed over before."""
    return render_template(
        "cases/handovers.html", people=coordinators(), page=paginate(handover.handovers())
    )


@bp.route("/handover/<public_id>", methods=["GET", "POST"])
@allow("cases.work")
def show(public_id: str) -> ResponseReturnValue:
    """The open work of a coordinator, and the form that gives it to another."""
    giver = _giver(public_id)
    form = HandoverForm()
    form.taker.choices = [
        (user.public_id, user.name) for user in coordinators() if user.id != giver.id
    ]
    response = submit(
        form,
        lambda: handover.hand_over(giver, get_user(form.taker.data or ""), viewer=viewer()),
        then=lambda _done: url_for("handover.index"),
        message=_("%(name)sさんの仕事を引き継ぎました。", name=giver.name),
    )
    pack = handover.pack_of(giver, viewer())
    return response or render_template("cases/handover.html", form=form, giver=giver, pack=pack)


@bp.get("/handover/<public_id>.pdf")
@allow("cases.work")
def document(public_id: str) -> ResponseReturnValue:
    """The handover pack as one printable document."""
    giver = _giver(public_id)
    data = handover_pdf(handover.pack_of(giver, viewer()))
    return send_file(
        BytesIO(data),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"handover-{giver.public_id[:8]}.pdf",
    )


@bp.post("/handover/<public_id>/undo")
@allow("cases.work")
def undo(public_id: str) -> ResponseReturnValue:
    """Give back what the taker still holds."""
    found = handover.get_handover(public_id)
    if found is None:
        raise NotFound
    return press(
        lambda: handover.take_back(found, viewer=viewer()),
        back=url_for("handover.index"),
        message=lambda count: ngettext(
            "%(num)s 件を元の担当に戻しました。", "%(num)s 件を元の担当に戻しました。", count
        ),
    )


def _giver(public_id: str) -> User:
    giver = get_user(public_id)
    if giver.role not in STAFF:
        raise NotFound
    return giver
