"""What a party is asked after the agreement, and what staff write down for it."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.cases.check_in_models import CheckInState
from registry.cases.labels import check_in_label
from registry.organizations.labels import way_label
from registry.organizations.models import ConsentWay
from registry.web.forms import BaseForm, DateGiven, DateParts

COMMENT = Length(max=1000, message=_l("1,000 文字までにしてください。"))
SHORT = Length(max=400, message=_l("400 文字までにしてください。"))


class CheckInForm(BaseForm):
    """How it goes, in one choice."""

    state = RadioField(
        _l("その後、どうなりましたか"),
        coerce=lambda value: CheckInState(value) if value else None,
        choices=lambda: [(state.value, check_in_label(state)) for state in CheckInState],
        validators=[InputRequired(_l("どれか 1 つを選んでください。"))],
    )
    comment = TextAreaField(
        _l("ひとこと"),
        validators=[Optional(), COMMENT],
        description=_l("書かなくても送れます。担当の職員だけが読みます。"),
    )


class SpokenCheckInForm(CheckInForm):
    """The same, as staff heard or read it."""

    answered_by = StringField(
        _l("返事をした方"),
        validators=[InputRequired(_l("返事をした方を入力してください。")), Length(max=80)],
        description=_l("例：大野さん（営業技術）"),
    )
    way = RadioField(
        _l("返事を受けた方法"),
        coerce=lambda value: ConsentWay(value) if value else None,
        choices=lambda: [
            (way.value, way_label(way)) for way in ConsentWay if way is not ConsentWay.LINK
        ],
        validators=[InputRequired(_l("返事を受けた方法を選んでください。"))],
    )
    on = DateParts(_l("返事の日"), validators=[DateGiven()])
    evidence = StringField(
        _l("根拠"),
        validators=[InputRequired(_l("何で確かめられるかを入力してください。")), SHORT],
        description=_l("例：電話の記録簿 11月11日、返信のメール"),
    )
