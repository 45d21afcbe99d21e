"""What is asked about exhibitors, registrations, meetings at a fair, and figures."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.common.calendar import parse_month
from registry.common.dates import DateProblem
from registry.encounters.forms import ParticipantFields
from registry.events.forms import SEARCH_HELP, WholeField, at_most
from registry.events.labels import FIGURES, RESULTS
from registry.events.models import FigureKind, MeetingResult
from registry.organizations.amounts import AmountProblem, parse_yen
from registry.programs.forms import TypedField
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

REASON = [InputRequired(_l("理由を入力してください。")), at_most(300)]


class NumberField(TypedField):
    """A figure as people write it: 15,500, 約8,000, 14億円, 1.5."""

    def read(self, text: str) -> Decimal:
        """The number. Raises ValueError."""
        plain = text[:40].strip().removeprefix("約").strip().rstrip("人件回社局")
        try:
            return Decimal(plain.replace(",", ""))
        except InvalidOperation:
            try:
                return Decimal(parse_yen(plain))
            except AmountProblem:
                raise ValueError(_("数として読めません。例：15,500、14億")) from None

    def show(self, value: Any) -> str:
        return f"{value:,.0f}" if value == int(value) else f"{value.normalize():,f}"


class MonthField(TypedField):
    """A month as people write it: 2016年12月, 平成28年12月, 2016-12; `data` is "2016-12"."""

    def read(self, text: str) -> str:
        """The month. Raises ValueError."""
        try:
            month = parse_month(text[:40])
        except DateProblem:
            raise ValueError(_("月として読めません。例：2016年12月")) from None
        return f"{month.year:04d}-{month.month:02d}"


class ExhibitFields:
    """How an organization exhibits. For mixing in."""

    joint_booth = SelectField(_l("共同出展"), validators=[Optional()], choices=[])
    booths = WholeField(
        _l("ブースの数"),
        validators=[InputRequired(_l("ブースの数を入力してください。"))],
        description=_l("その企業・団体だけのブースの数。共同出展のときは数えません。"),
    )
    label = StringField(
        _l("小間番号"), validators=[Optional(), at_most(40)], description=_l("例：A-12")
    )
    theme = StringField(_l("出展の内容"), validators=[Optional(), at_most(200)])
    supported = BooleanField(_l("市が出展を支援した"))


class ExhibitorsForm(ParticipantFields, ExhibitFields, BaseForm):
    """Who exhibits, one or several with the same words."""


class ExhibitEditForm(ExhibitFields, EditForm):
    """How an organization exhibits, to be corrected."""


class JointBoothForm(ParticipantFields, BaseForm):
    """A booth that several share."""

    name = StringField(
        _l("共同出展の名前"),
        validators=[InputRequired(_l("名前を入力してください。")), at_most(120)],
        description=_l("例：川崎の共同出展"),
    )
    booths = WholeField(
        _l("ブースの数"),
        default=1,
        validators=[InputRequired(_l("ブースの数を入力してください。"))],
        description=_l("みなで使うブースの数"),
    )
    leader_name = StringField(
        _l("代表する企業・団体"),
        validators=[Optional(), at_most(120)],
        description=_l("市が取りまとめるときは空けておきます。名前の一部か法人番号で探します。"),
    )
    leader = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )


class CancelForm(BaseForm):
    """Why an exhibit is taken out; for an application, why it is declined."""

    reason = StringField(_l("理由"), validators=[Optional(), at_most(300)])


class ApplyForm(BaseForm):
    """A member's application to exhibit."""

    booths = WholeField(
        _l("ブースの数"),
        default=1,
        validators=[InputRequired(_l("ブースの数を入力してください。"))],
    )
    theme = StringField(
        _l("出展の内容"),
        validators=[InputRequired(_l("出展の内容を入力してください。")), at_most(200)],
        description=_l("例：めっきの前処理を省く洗浄液"),
    )


class RegisterForm(BaseForm):
    """So many people of the member's own organization."""

    people = WholeField(
        _l("参加する人数"),
        default=1,
        validators=[InputRequired(_l("人数を入力してください。"))],
        description=_l("氏名はうかがいません。"),
    )
    note = StringField(
        _l("連絡しておきたいこと"),
        validators=[Optional(), at_most(300)],
        description=_l("例：車いすで参加します"),
    )


class RegisterForForm(RegisterForm):
    """The same, written down by whoever runs the event."""

    organization_name = StringField(
        _l("企業・団体の名前"),
        validators=[InputRequired(_l("企業・団体を入力してください。")), at_most(120)],
        description=SEARCH_HELP,
    )
    organization = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )


class MeetingForm(BaseForm):
    """Who met whom, what came of it, what next."""

    host_name = StringField(
        _l("出展した側"),
        validators=[InputRequired(_l("企業・団体を入力してください。")), at_most(120)],
        description=SEARCH_HELP,
    )
    host = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )
    guest_name = StringField(
        _l("相手"),
        validators=[InputRequired(_l("企業・団体を入力してください。")), at_most(120)],
        description=SEARCH_HELP,
    )
    guest = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )
    on = DateParts(_l("商談の日"), validators=[DateGiven()])
    subject = StringField(_l("内容"), validators=[Optional(), at_most(200)])
    result = RadioField(
        _l("結果"),
        coerce=lambda value: MeetingResult(value) if value else None,
        choices=lambda: [(result.value, label) for result, label in RESULTS.items()],
        validators=[InputRequired(_l("結果を選んでください。"))],
    )
    follow_up = TextAreaField(
        _l("次にすること"),
        validators=[
            Optional(),
            Length(max=1000, message=_l("1,000 文字までにしてください。")),
        ],
        description=_l("例：見積もりが出たかを両社に聞く"),
    )
    due = DateParts(_l("次にすることの期限"))
    coordinator = SelectField(_l("担当"), validators=[Optional()], choices=[])


class MeetingEditForm(MeetingForm, EditForm):
    """The same about a meeting that others may change."""


class FigureForm(BaseForm):
    """One figure that others counted."""

    kind = SelectField(
        _l("何の数か"),
        coerce=lambda value: FigureKind(value) if value else None,
        choices=lambda: [(kind.value, label) for kind, label in FIGURES.items()],
        validators=[InputRequired(_l("何の数かを選んでください。"))],
    )
    value = NumberField(
        _l("値"),
        validators=[InputRequired(_l("値を入力してください。"))],
        description=_l("例：15,500、14億"),
    )
    approximate = BooleanField(_l("おおよその数（約）"))
    as_of = MonthField(
        _l("いつの時点か"),
        validators=[Optional()],
        description=_l("試算のときの月。例：2016年12月"),
    )
    note = StringField(_l("備考"), validators=[Optional(), at_most(300)])
    source = StringField(
        _l("出典"),
        validators=[InputRequired(_l("どこで発表された数かを入力してください。")), at_most(200)],
        description=_l("例：主催者の発表、第3章 3-1-2"),
    )


class FigureEditForm(FigureForm, EditForm):
    """The same about a figure to be corrected."""


class DeleteForm(BaseForm):
    """Why a figure is wrong."""

    reason = StringField(_l("消す理由"), validators=REASON)
