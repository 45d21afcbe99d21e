"""The outbox: what was sent, what waits, what failed. Texts only in demo mode: links are secrets."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.config import Config
from registry.db import transaction
from registry.notifications import queries, service
from registry.notifications.models import Delivery
from registry.web.access import allow, viewer
from registry.web.paging import paginate

bp = Blueprint("notifications", __name__)


@bp.get("/admin/outbox")
@allow("outbox.administer")
def index() -> str:
    """Mails by state and address, newest first."""
    state = request.args.get("state", "")
    address = request.args.get("address", "").strip()[:254]
    known = Delivery(state) if state in set(Delivery) else None
    page = paginate(queries.messages(state=known, address=address))
    return render_template(
        "notifications/index.html",
        page=page,
        state=state,
        address=address,
        states=state_labels(),
        counts=queries.counts(),
        delivers=bool(_config().smtp_url),
        shows_texts=_config().demo,
    )


@bp.get("/admin/outbox/<public_id>")
@allow("outbox.administer")
def message(public_id: str) -> str:
    """One mail: its head, its failures, and in demo mode its text."""
    return render_template(
        "notifications/message.html",
        message=queries.get_message(public_id),
        states=state_labels(),
        shows_text=_config().demo,
    )


@bp.post("/admin/outbox/<public_id>/retry")
@allow("outbox.administer")
def retry(public_id: str) -> Response:
    """Send a failed mail again."""
    with transaction():
        service.retry(queries.get_message(public_id), viewer=viewer())
    flash(_("もう一度送る列に入れました。"), "done")
    return redirect(url_for("notifications.message", public_id=public_id), 303)


def state_labels() -> dict[str, str]:
    """What a state is called, by its value."""
    return {
        Delivery.WAITING.value: _("送信待ち"),
        Delivery.SENT.value: _("送信済み"),
        Delivery.FAILED.value: _("送れなかった"),
    }


def _config() -> Config:
    config: Config = current_app.extensions["musubi_config"]
    return config
