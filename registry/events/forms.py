"""What is asked about events and their editions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.events.labels import KINDS, STATES
from registry.events.models import EditionState, EventKind
from registry.organizations.amounts import AmountProblem, parse_people
from registry.programs.forms import TypedField
from registry.web.forms import BaseForm, DateParts, EditForm

SEARCH_HELP = _l("名前の一部か法人番号で探します。当てはまるものが 1 つなら、それを選びます。")


def at_most(number: int) -> Length:
    """A text may have so many characters."""
    return Length(max=number, message=_l("%(max)d 文字までにしてください。"))


class WholeField(TypedField):
    """A whole number as people write it: 1,200, １２人."""

    def read(self, text: str) -> int:
        """The number. Raises ValueError."""
        try:
            return parse_people(text[:20].rstrip("人名席小間ブース"))
        except AmountProblem:
            raise ValueError(_("数として読めません。例：30")) from None

    def show(self, value: Any) -> str:
        return f"{value:,}"


class EventForm(BaseForm):
    """One event: what it is, and whose."""

    title = StringField(
        _l("イベントの名前"),
        validators=[InputRequired(_l("イベントの名前を入力してください。")), at_most(160)],
        description=_l("年や回を除いた名前。例：川崎国際環境技術展"),
    )
    title_en = StringField(_l("英語の名前"), validators=[Optional(), at_most(200)])
    kind = RadioField(
        _l("種類"),
        coerce=lambda value: EventKind(value) if value else None,
        choices=lambda: [(kind.value, label) for kind, label in KINDS.items()],
        validators=[InputRequired(_l("種類を選んでください。"))],
    )
    program = SelectField(lazy_pgettext("one", "支援制度"), validators=[Optional()], choices=[])
    summary = TextAreaField(_l("説明"), validators=[Optional(), at_most(2000)])
    summary_en = TextAreaField(_l("英語の説明"), validators=[Optional(), at_most(3000)])
    organizer_name = StringField(
        _l("主催する企業・団体"),
        validators=[Optional(), at_most(120)],
        description=_l("市が主催するときは空けておきます。名前の一部か法人番号で探します。"),
    )
    organizer = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )
    is_external = BooleanField(_l("他者が主催し、市は出展を支援する"))
    source = StringField(_l("出典"), validators=[Optional(), at_most(200)])


class EventEditForm(EventForm, EditForm):
    """The same questions about an event that others may change."""


class EditionForm(BaseForm):
    """One edition: when, where, for how many, until when to register."""

    title = StringField(
        _l("回の名前"),
        validators=[InputRequired(_l("回の名前を入力してください。")), at_most(160)],
        description=_l("例：川崎国際環境技術展2027"),
    )
    title_en = StringField(_l("英語の名前"), validators=[Optional(), at_most(200)])
    starts_on = DateParts(_l("始まりの日"))
    ends_on = DateParts(_l("終わりの日"))
    period = StringField(
        _l("日が決まっていないときの時期"),
        validators=[Optional(), at_most(40)],
        description=_l("始まりの日を空けて、ここに書きます。例：2027年2月、2027年度"),
    )
    place = SelectField(_l("登録した施設"), validators=[Optional()], choices=[])
    venue = StringField(
        _l("会場"), validators=[Optional(), at_most(120)], description=_l("例：とどろきアリーナ")
    )
    is_online = BooleanField(_l("オンラインで開く"))
    capacity = WholeField(
        _l("定員"),
        validators=[
            Optional(),
            NumberRange(1, 100_000, _l("定員は 1 から 100,000 までにしてください。")),
        ],
        description=_l("人数。空けておくと、定員なしです。超えた申込はキャンセル待ちになります。"),
    )
    opens_on = DateParts(_l("申込の始まり"))
    closes_on = DateParts(_l("申込の終わり"))
    note = TextAreaField(_l("備考"), validators=[Optional(), at_most(4000)])
    source = StringField(_l("出典"), validators=[Optional(), at_most(200)])


class EditionEditForm(EditionForm, EditForm):
    """The same questions about an edition that others may change."""


class StateForm(EditForm):
    """Where an edition goes next, and why when it is cancelled."""

    to = RadioField(
        _l("次の状態"),
        coerce=lambda value: EditionState(value) if value else None,
        choices=[],
        validate_choice=False,  # the service refuses in words, after the version was compared
        validators=[InputRequired(_l("次の状態を選んでください。"))],
    )
    reason = StringField(
        _l("中止の理由"),
        validators=[Optional(), at_most(300)],
        description=_l(
            "中止するときだけ書きます。公開したイベントでは、申し込んだ人に知らせます。"
        ),
    )

    def offer(self, states: tuple[EditionState, ...]) -> None:
        """Set the states that can be chosen."""
        self.to.choices = [(state.value, STATES[state]) for state in states]
