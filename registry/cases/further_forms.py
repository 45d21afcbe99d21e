"""What is asked about a further need or seed of a case."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.cases.forms import BLIND_HELP, SHORT
from registry.web.forms import BaseForm, EditForm

ROLE = [Optional(), Length(max=80, message=_l("80 文字までにしてください。"))]
ROLE_HELP = _l("一覧にない言葉も書けます。承諾の前にも相手が読むことがあります。")


class FurtherForm(BaseForm):
    """A need or a seed that joins."""

    listing = RadioField(
        _l("加える案件"),
        choices=[],
        validators=[InputRequired(_l("加える案件を選んでください。"))],
    )
    role = StringField(_l("その企業・団体の役割"), validators=ROLE, description=ROLE_HELP)
    blind_summary = TextAreaField(
        _l("紹介文"),
        validators=[Optional(), SHORT],
        description=_l(
            "承諾の前にほかの当事者が読みます。名称・住所・製品名など、だれか分かる言葉は書きません。"
            "空にすると、分類とキーワードから作ります。"
        ),
    )


class FurtherEditForm(EditForm):
    """What is said of it."""

    role = StringField(_l("その企業・団体の役割"), validators=ROLE, description=ROLE_HELP)
    blind_summary = TextAreaField(
        _l("紹介文"), validators=[Optional(), SHORT], description=BLIND_HELP
    )
