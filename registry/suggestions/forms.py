"""What a coordinator says to a suggestion, and the glossary's form."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.suggestions.glossary import Phrases
from registry.suggestions.models import DismissReason
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

REASONS = {
    DismissReason.KNOWN: _l("すでに取引・面識がある"),
    DismissReason.UNFIT_USE: _l("技術が用途に合わない"),
    DismissReason.PRECISION: _l("精度・性能が足りない"),
    DismissReason.QUANTITY: _l("数量・規模が合わない"),
    DismissReason.TIMING: _l("納期・時期が合わない"),
    DismissReason.COST: _l("費用が合わない"),
    DismissReason.DISTANCE: _l("場所が遠い"),
    DismissReason.RIVAL: _l("競合にあたる"),
    DismissReason.CAPACITY: _l("提供元に余力がない"),
    DismissReason.OUTDATED: _l("情報が古い・取り下げ"),
    DismissReason.OTHER: _l("その他"),
}
"""Reasons in the order offered."""


class DismissForm(BaseForm):
    """Why a suggestion is dismissed; what its owner is told comes after."""

    reason = RadioField(
        _l("見送る理由"),
        coerce=DismissReason,
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
        validators=[InputRequired(_l("見送る理由を選んでください。"))],
        description=_l("並べ方の改善に使います。"),
    )


class DeferForm(BaseForm):
    """Until when a suggestion is put aside."""

    until = DateParts(
        _l("いつまで保留にしますか"),
        validators=[DateGiven(_l("いつまで保留にするか、明日以降の日を入力してください。"))],
    )


class NoteForm(BaseForm):
    """Why another version of the learned weights is put in force, if there is something to say."""

    reason = TextAreaField(
        _l("理由"),
        validators=[Optional(), Length(max=500)],
        description=_l("版の一覧と変更の記録に残ります。"),
    )


class ReasonForm(BaseForm):
    """Why the learned weights are taken back."""

    reason = TextAreaField(
        _l("元に戻す理由"),
        validators=[
            InputRequired(_l("元に戻す理由を入力してください。")),
            Length(max=500),
        ],
        description=_l("版の一覧と変更の記録に残ります。"),
    )


class GlossaryForm(EditForm):
    """Phrases that mean the same here."""

    japanese = StringField(
        _l("日本語"),
        validators=[InputRequired(_l("語を入力してください。")), Length(max=80)],
    )
    english = StringField(_l("英語"), validators=[Optional(), Length(max=120)])
    synonyms = StringField(
        _l("同じ意味の語"),
        validators=[Optional(), Length(max=400)],
        description=_l("「、」で区切って入力します。"),
    )

    def phrases(self) -> Phrases:
        """The entry as typed."""
        words = (self.synonyms.data or "").replace(",", "、").replace("，", "、").split("、")
        return Phrases(
            (self.japanese.data or "").strip(),
            (self.english.data or "").strip(),
            tuple(dict.fromkeys(word.strip() for word in words if word.strip())),
        )
