"""What is asked about remarks."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.policy.labels import REMARK_KINDS
from registry.policy.models import RemarkKind
from registry.web.forms import BaseForm, DateParts, EditForm


class RemarkForm(BaseForm):
    """A comment, or a note of a hearing or site visit."""

    fiscal_year = IntegerField(
        _l("どの年度の取組についてか"),
        validators=[
            InputRequired(_l("西暦の年度を数字で入力してください。例：2026")),
            NumberRange(1990, 2200, _l("西暦の年度を数字で入力してください。例：2026")),
        ],
    )
    kind = RadioField(
        _l("種類"),
        coerce=lambda value: RemarkKind(value) if value else None,
        choices=lambda: [(kind.value, words) for kind, words in REMARK_KINDS.items()],
        validators=[InputRequired(_l("種類を選んでください。"))],
    )
    held_on = DateParts(_l("行った日"))
    body = TextAreaField(
        _l("内容"),
        validators=[
            InputRequired(_l("内容を入力してください。")),
            Length(max=4000, message=_l("内容は 4,000 文字までにしてください。")),
        ],
        description=_l("公開すると、誰でも読めます。個人の名前や企業の秘密は書かないでください。"),
    )


class RemarkEditForm(RemarkForm, EditForm):
    """The same about a remark that others may change."""


class AnswerForm(EditForm):
    """How the office took a remark up."""

    feedback = TextAreaField(
        _l("反映"),
        validators=[Optional(), Length(max=4000)],
        description=_l("意見を、次の年度の取組にどう生かすか。"),
    )
