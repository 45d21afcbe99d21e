"""Pages of surveys: the office's, and the sheet that is answered without signing in."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.accounts.links import absolute
from registry.common import calendar, codelists
from registry.common.errors import NotFound
from registry.encounters.participants import require
from registry.encounters.recording import show_participants
from registry.intake import following, labels, surveys
from registry.intake.models import Survey
from registry.intake.survey_forms import SendForm, SurveyForm, given_in, sheet_of, stored
from registry.intake.telling import told_by
from registry.organizations.queries import places_in_use
from registry.programs.answers import words_of
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.i18n import locale
from registry.web.limits import limiter
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("surveys", __name__)
MORE = "more"


@bp.get("/surveys")
@allow("surveys.run")
def index() -> str:
    """All surveys with how many answered."""
    page = paginate(surveys.surveys())
    counts = surveys.counts([row.id for row in page.items])
    return render_template("intake/surveys.html", page=page, counts=counts)


@bp.route("/surveys/new", methods=["GET", "POST"])
@allow("surveys.run")
def create() -> ResponseReturnValue:
    """Make a survey."""
    return _save(SurveyForm(version=0), None)


@bp.route("/surveys/<public_id>/edit", methods=["GET", "POST"])
@allow("surveys.run")
def edit(public_id: str) -> ResponseReturnValue:
    """Write a survey anew."""
    survey = surveys.get_survey(public_id)
    return _save(SurveyForm(data=stored(survey)), survey)


@bp.get("/surveys/<public_id>")
@allow("surveys.run")
def show(public_id: str) -> str:
    """One survey: who got it, and what was answered."""
    survey = surveys.get_survey(public_id)
    return render_template(
        "intake/survey.html",
        survey=survey,
        answered=[copy for copy in survey.copies if copy.answered_at],
        waiting=[copy for copy in survey.copies if not copy.answered_at],
        words_of=words_of,
        form=PlainForm(),
        labels=labels,
    )


@bp.get("/surveys/<public_id>/answers.csv")
@allow("surveys.run")
def answers_csv(public_id: str) -> Response:
    """The answers as a file."""
    data = surveys.answers_file(surveys.get_survey(public_id))
    answer = Response(data, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=answers.csv"
    return answer


@bp.route("/surveys/<public_id>/send", methods=["GET", "POST"])
@allow("surveys.run")
def send(public_id: str) -> ResponseReturnValue:
    """Send the survey to chosen organizations."""
    survey, form = surveys.get_survey(public_id), SendForm()
    divisions = [(row.code, row.label(locale())) for row in codelists.divisions()]
    form.division.choices = [("", _("送らない")), *divisions]
    places = [(row.code, row.label(locale())) for row in places_in_use(viewer())]
    form.place.choices = [("", _("送らない")), *places]

    def act() -> int:
        ticked, typed = list(form.organizations.data or []), form.organization_names.data or ""
        chosen = require(ticked, typed, viewer())
        chosen += surveys.in_place(form.division.data or "", form.place.data or "")
        return surveys.send_survey(
            survey, chosen, link=_link, today=calendar.today(), viewer=viewer()
        )

    response = submit(
        form,
        act,
        then=lambda _count: url_for("surveys.show", public_id=public_id),
        message=lambda count: ngettext(
            "%(num)s 団体に送りました。", "%(num)s 団体に送りました。", count
        ),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("intake/send.html", form=form, survey=survey)


@bp.post("/surveys/<public_id>/remind")
@allow("surveys.run")
def remind(public_id: str) -> ResponseReturnValue:
    """Ask those who have not answered once more."""
    survey = surveys.get_survey(public_id)
    return press(
        lambda: surveys.remind(survey, link=_link, today=calendar.today(), viewer=viewer()),
        back=url_for("surveys.show", public_id=public_id),
        message=_("もう一度お願いしました。"),
    )


@bp.post("/survey-answers/<public_id>/need")
@allow("surveys.run")
def need(public_id: str) -> ResponseReturnValue:
    """An answer becomes the draft of a need."""
    copy, today = surveys.get_copy(public_id), calendar.today()
    return press(
        lambda: following.becomes_need(told_by(copy), today=today, viewer=viewer()),
        back=url_for("surveys.show", public_id=copy.survey.public_id),
        message=_("ニーズの下書きを作りました。"),
    )


@bp.post("/survey-answers/<public_id>/encounter")
@allow("surveys.run")
def encounter(public_id: str) -> ResponseReturnValue:
    """An answer is written down as a consultation."""
    copy, today = surveys.get_copy(public_id), calendar.today()
    return press(
        lambda: following.becomes_encounter(told_by(copy), today=today, viewer=viewer()),
        back=url_for("surveys.show", public_id=copy.survey.public_id),
        message=_("相談・訪問として記録しました。"),
    )


@bp.post("/survey-answers/<public_id>/undo")
@allow("surveys.run")
def undo(public_id: str) -> ResponseReturnValue:
    """Take back what an answer became."""
    copy = surveys.get_copy(public_id)
    return press(
        lambda: following.take_back(copy, viewer=viewer()),
        back=url_for("surveys.show", public_id=copy.survey.public_id),
        message=_("取り消しました。"),
    )


@bp.route("/survey/<token>", methods=["GET", "POST"])
@allow("surveys.answer")
@limiter.limit("60 per hour", methods=["POST"])
def sheet(token: str) -> ResponseReturnValue:
    """The sheet of one organization, by the link of its mail."""
    try:
        copy = surveys.copy_by_token(token)
    except NotFound:
        return render_template("intake/dead_link.html"), 404
    survey, today = copy.survey, calendar.today()
    form = sheet_of(survey)
    response = submit(
        form,
        lambda: surveys.answer_survey(
            copy,
            given_in(form, survey),
            name=form.answered_by.data or "",
            today=today,
            viewer=viewer(),
        ),
        then=lambda _copy: url_for("surveys.sheet", token=token),
    )
    is_open = copy.answered_at is None and survey.closes_on >= today
    return response or render_template(
        "intake/sheet.html", form=form, copy=copy, survey=survey, is_open=is_open
    )


def _link(token: str) -> str:
    return absolute(url_for("surveys.sheet", token=token))


def _save(form: SurveyForm, survey: Survey | None) -> ResponseReturnValue:
    version = form.version.data if survey else None
    more = request.form.get("do") == MORE
    if more and len(form.questions) < (form.questions.max_entries or 0):
        form.questions.append_entry()
    response = (
        None
        if more
        else submit(
            form,
            lambda: surveys.save_survey(survey, form.wish(), version=version, viewer=viewer()),
            then=lambda found: url_for("surveys.show", public_id=found.public_id),
            message=_("アンケートを保存しました。"),
        )
    )
    return response or render_template("intake/survey_form.html", form=form, survey=survey)
