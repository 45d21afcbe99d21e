"""Forms of kind words."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.suggestions.words import LONGEST
from registry.web.forms import BaseForm

SHORT = Length(max=LONGEST, message=_l("%(most)s 文字までにしてください。", most=LONGEST))


class TellForm(BaseForm):
    """The words as they will be told."""

    words = TextAreaField(
        _l("伝えることば"),
        validators=[InputRequired(_l("ことばを入力してください。")), SHORT],
        description=_l("相手の名称、案件の番号や件名は書かないでください。"),
    )


class WordingForm(BaseForm):
    """The office's wording for one reason."""

    text = TextAreaField(
        _l("ことば"), validators=[InputRequired(_l("ことばを入力してください。")), SHORT]
    )
    text_en = TextAreaField(
        _l("ことば（英語）"),
        validators=[Optional(), SHORT],
        description=_l("英語で読む方に。空なら日本語のことばを勧めます。"),
    )
