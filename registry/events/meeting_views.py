"""Pages about meetings at a fair and their follow-up (成果のフォローアップ)."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.encounters.queries import user_of
from registry.encounters.recording import coordinator_choices
from registry.events import labels, meetings, sight
from registry.events.choosing import offer, one
from registry.events.fair_forms import MeetingEditForm, MeetingForm
from registry.events.meetings import MeetingFilter, MeetingWords, get_meeting
from registry.events.models import Meeting, MeetingResult
from registry.events.queries import get_edition
from registry.events.writing import refuse_others
from registry.web.access import allow, viewer
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("meetings", __name__)


@bp.get("/editions/<public_id>/follow-up")
@allow("events.write")
def index(public_id: str) -> ResponseReturnValue:
    """The meetings of an edition, with what came of them and what is to be done."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    result, state = request.args.get("result", ""), request.args.get("state", "")
    wanted = MeetingFilter(
        result=MeetingResult(result) if result in set(MeetingResult) else None,
        state=state if state in ("open", "late", "done") else "",
        text=request.args.get("q", "").strip()[:200],
    )
    statement = meetings.meetings_of(edition, wanted, viewer(), today=calendar.today())
    return render_template(
        "events/follow_up.html",
        edition=edition,
        page=paginate(statement),
        counts=sight.count_meetings(edition),
        wanted=wanted,
        labels=labels,
    )


@bp.route("/editions/<public_id>/meetings/new", methods=["GET", "POST"])
@allow("events.write")
def create(public_id: str) -> ResponseReturnValue:
    """Write a meeting down."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    today = calendar.today()
    form = MeetingForm(on=min(max(edition.starts_on, min(today, edition.ends_on)), today))
    _offer(form)
    response = submit(
        form,
        lambda: meetings.record_meeting(edition, _words(form), today=today, viewer=viewer()),
        then=lambda _row: url_for("meetings.index", public_id=public_id),
        message=_("商談を記録しました。"),
    )
    if response:
        return response
    _offer_names(form)
    return render_template("events/meeting_new.html", form=form, edition=edition)


@bp.route("/meetings/<public_id>/edit", methods=["GET", "POST"])
@allow("events.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct a meeting, or say what came of it."""
    meeting = get_meeting(public_id, viewer())
    form = MeetingEditForm(data=_stored(meeting))
    _offer(form, meeting)
    response = submit(
        form,
        lambda: meetings.change_meeting(
            meeting,
            _words(form),
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _nothing: url_for("meetings.index", public_id=meeting.edition.public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    _offer_names(form)
    return render_template("events/meeting_edit.html", form=form, meeting=meeting)


@bp.post("/meetings/<public_id>/followed-up")
@allow("events.write")
def followed_up(public_id: str) -> ResponseReturnValue:
    """Say that the follow-up was done, or with `undo` that it was not."""
    meeting = get_meeting(public_id, viewer())
    done = not request.form.get("undo")
    back = url_for("meetings.index", public_id=meeting.edition.public_id)
    return press(
        lambda: meetings.follow_up(meeting, done=done, viewer=viewer()),
        back=back,
        message=_("済みにしました。") if done else _("まだ済んでいない状態に戻しました。"),
    )


def _offer(form: MeetingForm, meeting: Meeting | None = None) -> None:
    people = coordinator_choices(meeting.coordinator if meeting else None)
    form.coordinator.choices = [("", _("決めない")), *people]


def _offer_names(form: MeetingForm) -> None:
    for field in ("host", "guest"):
        offer(form, field, viewer())


def _words(form: MeetingForm) -> MeetingWords:
    """What the form says. Raises DomainError for an unclear organization."""
    return MeetingWords(
        host=one(form, "host", viewer()),
        guest=one(form, "guest", viewer()),
        on=form.on.data,
        subject=form.subject.data or "",
        result=form.result.data,
        follow_up=form.follow_up.data or "",
        due=form.due.data,
        coordinator=user_of(form.coordinator.data) if form.coordinator.data else None,
    )


def _stored(meeting: Meeting) -> dict[str, Any]:
    return {
        **{n: getattr(meeting, n) for n in ("on", "subject", "result", "follow_up", "version")},
        "host_name": meeting.host.name,
        "host": meeting.host.public_id,
        "guest_name": meeting.guest.name,
        "guest": meeting.guest.public_id,
        "due": meeting.follow_up_due,
        "coordinator": meeting.coordinator.public_id if meeting.coordinator else "",
    }
