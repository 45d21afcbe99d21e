"""What is asked about a survey, to whom it goes, and the sheet that is answered."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.encounters.forms import ParticipantFields
from registry.intake.forms import line
from registry.intake.models import Survey
from registry.intake.surveys import SurveyWish
from registry.programs.application_forms import application_form
from registry.programs.call_forms import QuestionForm
from registry.programs.kinds import QuestionType
from registry.programs.questions import PREFIX
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm


class SurveyForm(EditForm):
    """One survey with its questions; a row without words is none."""

    title = line(_l("アンケートの名前"), 120, required=_l("アンケートの名前を入力してください。"))
    words = TextAreaField(
        _l("説明"),
        validators=[Optional(), Length(max=2000)],
        description=_l("何のためのアンケートか、答えをどう使うか。"),
    )
    closes_on = DateParts(
        _l("締切の日"), validators=[DateGiven(_l("締切の日を入力してください。"))]
    )
    questions = FieldList(FormField(QuestionForm), min_entries=3, max_entries=20)

    def wish(self) -> SurveyWish:
        """What the form says."""
        return SurveyWish(
            title=self.title.data or "",
            words=self.words.data or "",
            closes_on=self.closes_on.data,
            questions=tuple(self.questions.data),
        )


def stored(survey: Survey) -> dict[str, Any]:
    """A survey as its form shows it, with one empty row for a further question."""
    rows = [{**one, "choices": "\n".join(one["choices"])} for one in survey.questions]
    names = ("title", "words", "closes_on", "version")
    return {
        **{name: getattr(survey, name) for name in names},
        "questions": [*rows, {"type": QuestionType.TEXT.value}],
    }


class SendForm(ParticipantFields, BaseForm):
    """Who gets the survey: organizations by name, and all of an industry or a place."""

    division = SelectField(_l("業種（その全部に送る）"), validators=[Optional()], choices=[])
    place = SelectField(_l("区・市町村（その全部に送る）"), validators=[Optional()], choices=[])


class SheetForm(BaseForm):
    """The sheet that an organization answers; a field for each question is added."""

    answered_by = StringField(
        _l("回答した人の氏名"),
        validators=[InputRequired(_l("氏名を入力してください。")), Length(max=80)],
    )


def sheet_of(survey: Any) -> Any:
    """The sheet of a survey, empty."""
    return application_form(survey, SheetForm, {})  # type: ignore[arg-type]


def given_in(form: Any, survey: Survey) -> dict[str, Any]:
    """What was answered, by the question's key."""
    return {one["key"]: form[f"{PREFIX}{one['key']}"].data for one in survey.questions}
