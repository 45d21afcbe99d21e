"""What is asked about a call, and the editor of its questions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from registry.common.fiscal import FiscalYear
from registry.programs.call_service import CallWish
from registry.programs.fields import CountField, line, text
from registry.programs.forms import FiscalYearField, YenField
from registry.programs.kinds import QuestionType
from registry.programs.labels import QUESTIONS
from registry.programs.models import Call
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm


class QuestionForm(Form):
    """One question. A row without words is none."""

    key = HiddenField()
    label = StringField(
        _l("質問"),
        validators=[Optional(), Length(max=120, message=_l("120 文字までにしてください。"))],
    )
    label_en = StringField(
        _l("質問（英語）"),
        validators=[Optional(), Length(max=160, message=_l("160 文字までにしてください。"))],
    )
    type = SelectField(
        _l("答えの種類"), choices=lambda: [(kind.value, words) for kind, words in QUESTIONS.items()]
    )
    choices = TextAreaField(
        _l("選択肢（1 行に 1 つ）"),
        validators=[Optional(), Length(max=3000, message=_l("3,000 文字までにしてください。"))],
    )
    max = CountField(_l("文字数の上限"), validators=[Optional()])
    required = BooleanField(_l("必ず答えてもらう"))


class CallForm(BaseForm):
    """One call for applications."""

    title = line(_l("募集の名前"), 160, required=_l("募集の名前を入力してください。"))
    title_en = line(_l("募集の名前（英語）"), 200)
    fiscal_year = FiscalYearField(
        _l("年度"),
        description=_l("例：2026、令和8年度"),
        validators=[InputRequired(_l("年度を入力してください。例：2026"))],
    )
    opens_on = DateParts(
        _l("募集を始める日"), validators=[DateGiven(_l("募集を始める日を入力してください。"))]
    )
    closes_on = DateParts(_l("締切の日"))
    budget_yen = YenField(_l("予算（円）"), validators=[Optional()])
    places = CountField(_l("採択の予定数"), validators=[Optional()])
    note = text(_l("募集の説明"), 2000)
    questions = FieldList(FormField(QuestionForm), min_entries=3, max_entries=30)

    def wish(self) -> CallWish:
        """What the form says."""
        return CallWish(
            title=(self.title.data or "").strip(),
            title_en=(self.title_en.data or "").strip(),
            fiscal_year=self.fiscal_year.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            budget_yen=self.budget_yen.data,
            places=self.places.data,
            note=(self.note.data or "").replace("\r\n", "\n").strip(),
            questions=tuple(self.questions.data),
        )


class CallEditForm(CallForm, EditForm):
    """The same questions about a call that others may change."""


def stored(call: Call) -> dict[str, Any]:
    """A call as its form shows it, with one empty row for a further question."""
    names = ("title", "title_en", "opens_on", "closes_on", "budget_yen", "places", "note")
    rows = [{**question, "choices": "\n".join(question["choices"])} for question in call.questions]
    return {
        **{name: getattr(call, name) for name in names},
        "fiscal_year": FiscalYear(call.fiscal_year),
        "version": call.version,
        "questions": [*rows, {"type": QuestionType.TEXT.value}],
    }
