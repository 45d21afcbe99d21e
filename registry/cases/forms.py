"""What is asked about a case."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.cases.labels import close_label, side_label, stage_label
from registry.cases.models import CloseReason, Side, Stage
from registry.encounters.forms import ParticipantFields
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

Choices = list[tuple[str, str]]

TITLE = [
    InputRequired(_l("件名を入力してください。")),
    Length(max=120, message=_l("件名は 120 文字までにしてください。")),
]
LONG = Length(max=4000, message=_l("4,000 文字までにしてください。"))
SHORT = Length(max=500, message=_l("500 文字までにしてください。"))
BLIND_HELP = _l("承諾の前に相手が読みます。名称・住所・製品名など、だれか分かる言葉は書きません。")


class ChargeFields:
    """Program and coordinator. For mixing in."""

    program = SelectField(lazy_pgettext("one", "支援制度"), validators=[Optional()], choices=[])
    coordinator = SelectField(_l("担当"), validators=[Optional()], choices=[])

    def offer(self: Any, *, programs: Choices, coordinators: Choices) -> None:
        """Set what can be chosen: (public id, words)."""
        self.program.choices = [("", _("なし")), *programs]
        self.coordinator.choices = [("", _("決めない")), *coordinators]


class OpenForm(ChargeFields, BaseForm):
    """Opening a case of a need and a seed."""

    need = StringField(validators=[InputRequired(), Length(max=36)])
    seed = StringField(validators=[InputRequired(), Length(max=36)])
    score = StringField(validators=[Optional(), Length(max=12)])
    title = StringField(_l("件名"), validators=[Optional(), TITLE[1]])


class ProjectForm(ParticipantFields, ChargeFields, BaseForm):
    """Opening a case without a need and a seed."""

    title = StringField(_l("件名"), validators=TITLE)


class CaseEditForm(ChargeFields, EditForm):
    """The words and the assignment of a case."""

    title = StringField(_l("件名"), validators=TITLE)
    blind_summary_need = TextAreaField(
        _l("ニーズ側の紹介文"), validators=[Optional(), SHORT], description=BLIND_HELP
    )
    blind_summary_seed = TextAreaField(
        _l("シーズ側の紹介文"), validators=[Optional(), SHORT], description=BLIND_HELP
    )


class NextStepForm(EditForm):
    """What comes next, and until when."""

    next_step = StringField(
        _l("次の一手"),
        validators=[Optional(), Length(max=200, message=_l("200 文字までにしてください。"))],
        description=_l("だれが何をするか。空にすると消えます。"),
    )
    next_due = DateParts(_l("期限"))


class NoteForm(BaseForm):
    """A private note of the office."""

    text = TextAreaField(
        _l("庁内メモ"),
        validators=[InputRequired(_l("メモを入力してください。")), LONG],
        description=_l("職員だけが読みます。"),
    )


class StageForm(BaseForm):
    """The stage that a case has come to."""

    stage = RadioField(
        _l("段階"),
        coerce=lambda value: Stage(value) if value else None,
        choices=lambda: [(stage.value, stage_label(stage)) for stage in Stage],
        validators=[InputRequired(_l("段階を選んでください。"))],
    )
    on = DateParts(_l("その段階になった日"), validators=[DateGiven()])
    evidence = StringField(
        _l("根拠"),
        validators=[Optional(), SHORT],
        description=_l("例：10月6日の面談で合意。段階を飛ばすとき、戻すときは必ず書きます。"),
    )


class CloseForm(BaseForm):
    """Why a case ends."""

    reason = RadioField(
        _l("理由"),
        coerce=lambda value: CloseReason(value) if value else None,
        choices=lambda: [(reason.value, close_label(reason)) for reason in CloseReason],
        validators=[InputRequired(_l("理由を選んでください。"))],
    )
    note = TextAreaField(
        _l("事情"),
        validators=[Optional(), LONG],
        description=_l("あとで読む人のために。職員だけが読みます。"),
    )
    on = DateParts(_l("閉じた日"), validators=[DateGiven()])


class ReopenForm(BaseForm):
    """Why a closed case is taken up again."""

    reason = StringField(
        _l("再開する理由"),
        validators=[InputRequired(_l("再開する理由を入力してください。")), SHORT],
    )


class PartyForm(ParticipantFields, BaseForm):
    """A further organization for a case."""

    side = RadioField(
        _l("立場"),
        coerce=lambda value: Side(value) if value else None,
        choices=lambda: [(side.value, side_label(side)) for side in Side],
        validators=[InputRequired(_l("立場を選んでください。"))],
    )
    role = StringField(
        _l("役割"), validators=[Optional(), Length(max=80)], description=_l("例：設計、試作、評価")
    )


class RoleForm(EditForm):
    """What a party does in the case."""

    role = StringField(
        _l("役割"), validators=[Optional(), Length(max=80)], description=_l("例：設計、試作、評価")
    )


class CaseChoiceForm(BaseForm):
    """The case that an encounter belongs to."""

    case = SelectField(
        lazy_pgettext("one", "マッチング"),
        choices=[],
        validators=[InputRequired(_l("マッチングを選んでください。"))],
    )


class HandoverForm(BaseForm):
    """To whom a coordinator's work goes."""

    taker = SelectField(
        _l("引き継ぐ人"), validators=[InputRequired(_l("引き継ぐ人を選んでください。"))], choices=[]
    )
