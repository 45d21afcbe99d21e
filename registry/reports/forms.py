"""Forms of the reports room."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from registry.web.forms import BaseForm


class RestateForm(BaseForm):
    """Why a closed figure would be another today."""

    reason = TextAreaField(
        _l("訂正の理由"),
        validators=[
            InputRequired(_l("理由を入力してください。")),
            Length(max=500, message=_l("500 字以内で入力してください。")),
        ],
        description=_l("例　10 月 30 日の派遣の報告が、締めた後に届きました。"),
    )
