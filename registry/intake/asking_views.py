"""The public pages of enquiries: asking, the link of the mail, and one's own."""

import hashlib

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.links import absolute
from registry.common import calendar
from registry.common.errors import NotFound
from registry.intake import labels, service
from registry.intake.asking import addressee_of, command_of, prepare
from registry.intake.forms import QuestionForm, VisitorQuestionForm
from registry.intake.models import Enquiry, EnquiryState
from registry.intake.queries import addressed_to, sent_by
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.limits import limiter
from registry.web.submit import submit

bp = Blueprint("asking", __name__)


def page_of(public_id: str) -> str:
    """The absolute address of an enquiry's page, for mails."""
    return absolute(url_for("intake.show", public_id=public_id))


def _address_typed() -> str:
    typed = request.form.get("email", viewer().public_id).strip().lower()
    return "ask:" + hashlib.sha256(typed.encode()).hexdigest()[:32]


@bp.route("/ask", methods=["GET", "POST"])
@allow("intake.ask")
@limiter.limit("30 per hour", methods=["POST"])
@limiter.limit("6 per hour", key_func=_address_typed, methods=["POST"])
def ask() -> ResponseReturnValue:
    """Ask the office, or send a request to a creator or supporter."""
    named = {name: request.args.get(name, "") for name in ("to", "listing", "program")}
    form = QuestionForm(data=named) if viewer().is_signed_in else VisitorQuestionForm(data=named)
    prepare(form)
    if isinstance(form, VisitorQuestionForm) and form.is_submitted() and form.is_trapped:
        return redirect(url_for("asking.sent"), 303)
    response = submit(
        form,
        lambda: service.ask(
            command_of(form, viewer()),
            today=calendar.today(),
            viewer=viewer(),
            link=lambda token: absolute(url_for("asking.follow", token=token)),
            page=page_of,
        ),
        then=_after,
    )
    if response:
        return response
    to = addressee_of(form.to.data or "", form.listing.data or "", viewer())
    return render_template("intake/ask.html", form=form, to=to)


@bp.get("/ask/sent")
@allow("intake.ask")
def sent() -> str:
    """A visitor's enquiry was taken; look into the mail."""
    return render_template("intake/sent.html")


@bp.route("/ask/<token>", methods=["GET", "POST"])
@allow("intake.ask")
@limiter.limit("60 per hour", methods=["POST"])
def follow(token: str) -> ResponseReturnValue:
    """The link from the mail: a button sends the enquiry; afterwards its state and its answers."""
    form = PlainForm()
    try:
        response = submit(
            form,
            lambda: service.verify(token, today=calendar.today(), viewer=viewer(), page=page_of),
            then=lambda _enquiry: url_for("asking.follow", token=token),
        )
        if response:
            return response
        enquiry = service.by_token(token)
    except NotFound:
        return render_template("intake/dead_link.html"), 404
    unsent = enquiry.state is EnquiryState.UNVERIFIED
    template = "intake/verify.html" if unsent else "intake/follow.html"
    return render_template(template, form=form, enquiry=enquiry, token=token, labels=labels)


@bp.get("/my-enquiries")
@allow("intake.follow")
def own() -> str:
    """What the viewer asked, and what the viewer's organization was asked."""
    return render_template(
        "intake/own.html", sent=sent_by(viewer()), received=addressed_to(viewer()), labels=labels
    )


def _after(enquiry: Enquiry) -> str:
    if enquiry.state is EnquiryState.UNVERIFIED:
        return url_for("asking.sent")
    return url_for("intake.show", public_id=enquiry.public_id)
