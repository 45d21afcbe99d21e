"""Pages in which enquiries are worked on."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import NotAllowed
from registry.encounters.recording import program_choices
from registry.encounters.topics import code_of, topic_choices, topic_words, topics, word_of
from registry.intake import following, labels, service
from registry.intake.asking import handler_choices, handler_of, organization_meant
from registry.intake.asking_views import page_of
from registry.intake.forms import AnswerForm, CloseForm, RouteForm
from registry.intake.models import EnquiryKind, EnquiryState
from registry.intake.queries import (
    EnquiryFilter,
    addressee_words,
    enquiries,
    get_enquiry,
    may_answer,
    state_counts,
)
from registry.intake.telling import told_of
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("intake", __name__)


@bp.get("/intake")
@allow("intake.work")
def index() -> str:
    """Enquiries: those that wait for an answer, or all."""
    wanted = _filter()
    return render_template(
        "intake/index.html",
        page=paginate(enquiries(wanted, viewer())),
        wanted=wanted,
        counts=state_counts(viewer()),
        states=[s for s in EnquiryState if s is not EnquiryState.UNVERIFIED],
        programs=program_choices(),
        topics=topic_choices(topics()),
        kinds=list(EnquiryKind),
        code_of=code_of,
        labels=labels,
    )


@bp.get("/intake/<public_id>")
@allow("intake.follow")
def show(public_id: str) -> str:
    """One enquiry, for those who work on it, who asked, and who is asked."""
    enquiry = get_enquiry(public_id, viewer())
    return render_template(
        "intake/show.html",
        enquiry=enquiry,
        form=PlainForm(),
        labels=labels,
        topic=topic_words([enquiry.topic])[0] if enquiry.topic else "",
        to=addressee_words(enquiry, viewer()),
        answers=may_answer(enquiry, viewer()),
        is_asker=enquiry.user_id is not None and enquiry.user_id == viewer().user_id,
    )


@bp.route("/intake/<public_id>/answer", methods=["GET", "POST"])
@allow("intake.follow")
def answer(public_id: str) -> ResponseReturnValue:
    """Answer by mail."""
    enquiry = get_enquiry(public_id, viewer())
    if not may_answer(enquiry, viewer()):
        raise NotAllowed(_("この問い合わせに答えるのは、宛先と担当の人です。"))
    form = AnswerForm()
    response = submit(
        form,
        lambda: service.answer(enquiry, text=form.text.data or "", viewer=viewer()),
        then=lambda _answer: url_for("intake.show", public_id=public_id),
        message=_("答えました。メールを送ります。"),
    )
    return response or render_template("intake/answer.html", form=form, enquiry=enquiry)


@bp.route("/intake/<public_id>/route", methods=["GET", "POST"])
@allow("intake.route")
def route(public_id: str) -> ResponseReturnValue:
    """Give an enquiry to a desk or a person."""
    enquiry = get_enquiry(public_id, viewer())
    form = RouteForm(
        desk=enquiry.desk,
        due_on=enquiry.due_on,
        handler=enquiry.handler.public_id if enquiry.handler else "",
        organization_name=enquiry.organization.name if enquiry.organization else "",
    )
    form.handler.choices = [("", _("決めない")), *handler_choices(enquiry.handler)]
    response = submit(
        form,
        lambda: service.route(
            enquiry,
            desk=form.desk.data or "",
            handler=handler_of(form.handler.data or ""),
            due_on=form.due_on.data,
            organization=organization_meant(form.organization_name.data or "", viewer()),
            viewer=viewer(),
            page=page_of,
        ),
        then=lambda _none: url_for("intake.show", public_id=public_id),
        message=_("振り分けました。"),
    )
    return response or render_template("intake/route.html", form=form, enquiry=enquiry)


@bp.route("/intake/<public_id>/close", methods=["GET", "POST"])
@allow("intake.work")
def close(public_id: str) -> ResponseReturnValue:
    """End an enquiry."""
    enquiry, form = get_enquiry(public_id, viewer()), CloseForm()
    if not may_answer(enquiry, viewer()):
        raise NotAllowed(_("この問い合わせに答えるのは、宛先と担当の人です。"))
    response = submit(
        form,
        lambda: service.close(enquiry, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _none: url_for("intake.show", public_id=public_id),
        message=_("終えました。元に戻せます。"),
    )
    return response or render_template("intake/close.html", form=form, enquiry=enquiry)


@bp.post("/intake/<public_id>/reopen")
@allow("intake.work")
def reopen(public_id: str) -> ResponseReturnValue:
    """Take a closing back."""
    enquiry = get_enquiry(public_id, viewer())
    if not may_answer(enquiry, viewer()):
        raise NotAllowed(_("この問い合わせに答えるのは、宛先と担当の人です。"))
    return press(
        lambda: service.reopen(enquiry, viewer=viewer()),
        back=url_for("intake.show", public_id=public_id),
        message=_("元に戻しました。"),
    )


@bp.post("/intake/<public_id>/encounter")
@allow("intake.route")
def encounter(public_id: str) -> ResponseReturnValue:
    """Write it down as a consultation."""
    enquiry = get_enquiry(public_id, viewer())
    return press(
        lambda: following.becomes_encounter(
            told_of(enquiry), today=calendar.today(), viewer=viewer()
        ),
        back=url_for("intake.show", public_id=public_id),
        message=_("相談・訪問として記録しました。"),
    )


@bp.post("/intake/<public_id>/need")
@allow("intake.route")
def need(public_id: str) -> ResponseReturnValue:
    """Begin the draft of a need with it."""
    enquiry = get_enquiry(public_id, viewer())
    return press(
        lambda: following.becomes_need(told_of(enquiry), today=calendar.today(), viewer=viewer()),
        back=url_for("intake.show", public_id=public_id),
        message=_("ニーズの下書きを作りました。"),
    )


@bp.post("/intake/<public_id>/undo")
@allow("intake.route")
def undo(public_id: str) -> ResponseReturnValue:
    """Take back what it went on as."""
    enquiry = get_enquiry(public_id, viewer())
    return press(
        lambda: following.take_back(enquiry, viewer=viewer()),
        back=url_for("intake.show", public_id=public_id),
        message=_("取り消しました。"),
    )


def _filter() -> EnquiryFilter:
    args = request.args
    states = {state.value: state for state in EnquiryState if state is not EnquiryState.UNVERIFIED}
    kinds = {kind.value: kind for kind in EnquiryKind}
    asked = args.get("state", "waiting")
    return EnquiryFilter(
        text=args.get("q", "")[:200],
        state=states.get(asked),
        waiting=asked in ("waiting", ""),
        kind=kinds.get(args.get("kind", "")),
        program=args.get("program", "")[:36],
        topic=word_of(args.get("topic", "")[:40]),
        mine=args.get("whose") == "mine",
        late_on=calendar.today() if args.get("late") == "y" else None,
    )
