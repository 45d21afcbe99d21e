"""What is asked about an encounter."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import (
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from registry.encounters.labels import channel_label, kind_label
from registry.encounters.models import Channel, EncounterKind
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

MOST_HOURS = Decimal(99)
"""One record is one occasion; longer ones are entered by mistake."""

ORGANIZATIONS_HELP = _l(
    "名前の一部か法人番号で探します。「、」で区切って複数書けます。"
    "当てはまるものが 1 つなら、そのまま記録します。"
)


class HoursField(StringField):
    """Hours of work as typed (1.5, １．５, 空); `data` is a float or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number in any width. Raises ValueError with what to do."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            value = Decimal(unicodedata.normalize("NFKC", self.typed).removesuffix("時間").strip())
        except InvalidOperation:
            raise ValueError(_("時間は、1.5 のような数で入力してください。")) from None
        if not value.is_finite() or not 0 <= value <= MOST_HOURS:
            raise ValueError(_("時間は、0 から 99 までで入力してください。"))
        self.data = float(round(value, 2))

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        if typed is not None:
            return str(typed)
        return f"{self.data:g}" if self.data is not None else ""


class ParticipantFields:
    """The two fields that name organizations: ticked ones, and names typed. For mixing in."""

    organizations = SelectMultipleField(
        _l("選んだ企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )
    organization_names = StringField(
        _l("企業・団体を探す"),
        validators=[Optional(), Length(max=300)],
        description=ORGANIZATIONS_HELP,
    )

    def validate_organizations(self, field: SelectMultipleField) -> None:
        """A bound that no honest record meets."""
        if len(field.data or []) > 50:
            raise ValidationError(_("企業・団体は 50 までにしてください。"))


class SupportFields:
    """How the contact came about, who came along, and about what in the office's own words. For
    mixing in."""

    channel = SelectField(
        _l("経路"),
        coerce=lambda value: Channel(value) if value else None,
        choices=lambda: [("", _("書かない")), *((c.value, channel_label(c)) for c in Channel)],
        validators=[Optional()],
    )
    referred_by = SelectField(_l("紹介した支援機関"), validators=[Optional()], choices=[])
    supporters = SelectMultipleField(
        _l("同行した支援機関（選んだもの）"),
        choices=[],
        validate_choice=False,
        validators=[Optional()],
    )
    supporter_names = StringField(
        _l("同行した支援機関"),
        validators=[Optional(), Length(max=300)],
        description=_l(
            "県・財団・金融機関など。「、」で区切って複数書けます。企業の数には入りません。"
        ),
    )
    topics = SelectMultipleField(_l("相談の項目"), choices=[], validators=[Optional()])
    expert = StringField(_l("専門家"), validators=[Optional(), Length(max=80)])
    country = SelectField(_l("相手国・地域"), validators=[Optional()], choices=[])
    step = SelectField(
        _l("段階"),
        validators=[Optional()],
        choices=[],
        description=_l("支援制度が段階を持つときだけ。例：海外展開の段階"),
    )


class EncounterForm(SupportFields, ParticipantFields, BaseForm):
    """One encounter, in the order in which a person remembers it."""

    held_on = DateParts(_l("日付"), validators=[DateGiven()])
    kind = RadioField(
        _l("種類"),
        coerce=lambda value: EncounterKind(value) if value else None,
        choices=lambda: [(kind.value, kind_label(kind)) for kind in EncounterKind],
        validators=[InputRequired(_l("種類を選んでください。"))],
    )
    subject = StringField(
        _l("用件"),
        validators=[
            InputRequired(_l("用件を入力してください。")),
            Length(max=200, message=_l("用件は 200 文字までにしてください。")),
        ],
    )
    result = TextAreaField(
        _l("内容と結果"),
        validators=[
            Optional(),
            Length(max=4000, message=_l("内容は 4,000 文字までにしてください。")),
        ],
    )
    hours = HoursField(
        _l("かかった時間"), description=_l("時間の単位で。例：1.5"), validators=[Optional()]
    )
    next_step = StringField(
        _l("次の一手"),
        validators=[
            Optional(),
            Length(max=200, message=_l("次の一手は 200 文字までにしてください。")),
        ],
        description=_l("例：見積もりを受け取る"),
    )
    next_due = DateParts(_l("次の一手の期限"))
    program = SelectField(lazy_pgettext("one", "支援制度"), validators=[Optional()], choices=[])
    coordinator = SelectField(_l("担当"), validators=[Optional()], choices=[])
    starts_at = TimeField(_l("始まった時刻"), validators=[Optional()])
    desk = StringField(_l("場所・窓口"), validators=[Optional(), Length(max=80)])

    def offer(self, **choices: list[tuple[str, str]]) -> None:
        """Set what can be chosen, by field name: (value, words). Selects begin with nothing."""
        empty = {"program": _("なし"), "coordinator": _("決めない")}
        for name, options in choices.items():
            many = isinstance(self[name], SelectMultipleField)
            first = [] if many else [("", empty.get(name, _("書かない")))]
            self[name].choices = [*first, *options]


class EncounterEditForm(EncounterForm, EditForm):
    """The same questions about a record that others may change."""


class DeleteForm(BaseForm):
    """Why a record is wrong."""

    reason = StringField(
        _l("消す理由"),
        validators=[InputRequired(_l("消す理由を入力してください。")), Length(max=200)],
        description=_l("例：二重に記録した。記録の中身は変更の記録に残ります。"),
    )


class TopicsForm(BaseForm):
    """The office's words for what a consultation is about."""

    words = TextAreaField(
        _l("相談の項目"),
        validators=[InputRequired(_l("1 つ以上の言葉を書いてください。")), Length(max=4000)],
        description=_l("1 行に 1 つ。英語は「/」の後に書きます。例：資金繰り / Finance"),
    )
